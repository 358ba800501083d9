"""``vitk describe``: one entity in brief."""

from __future__ import annotations

import json

import click

from kg.command_context import current_reader, with_settings
from kg.settings import Settings


@click.command()
@click.argument("entity")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(("text", "json", "ttl", "jsonld", "nt", "nq", "trig", "rdf")),
    default="text",
    show_default=True,
    help="Text and JSON have names, relations, claims and amounts; the others are RDF.",
)
@with_settings("data_dir")
def describe(settings: Settings, entity: str, fmt: str) -> None:
    """Describe an ENTITY: names, relations, propositions, claims with their flaws, and the amounts of a food.

    It may be given as an IRI, a CURIE or by name: vitk describe natto
    """
    from kg.catalogue.query_header import Parameter
    from kg.claims.claim_index import ClaimIndex
    from kg.entities import summary
    from kg.rdf.formats import BY_NAME
    from kg.reader import entity_names

    with current_reader(settings) as reader:
        iri = entity_names.resolve(reader, Parameter("entity", "iri", "id:natto"), entity)
        if fmt in ("text", "json"):
            payload = summary.summarise(reader, ClaimIndex(reader), iri)
            lines = summary.lines(payload) if fmt == "text" else [json.dumps(payload, ensure_ascii=False, indent=2)]
        else:
            lines = [reader.data(iri, BY_NAME[fmt]).decode("utf-8").rstrip("\n")]
    for line in lines:
        click.echo(line)
