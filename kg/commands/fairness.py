"""What ``vitk check --fair`` prints."""

from __future__ import annotations

import click

from kg.errors import VitkError

# Checks of FOOPS! that need more than the ontology.
_OTHERS = (
    ("CN1, RDF1, DOC1", "content negotiation, RDF and a page: tested with the server"),
    ("URI1, VER2, HTTP1", "IRIs and versions that resolve: once w3id.org redirects, see vitk export w3id"),
    ("FIND2, FIND3", "prefix and ontology in registries: after registration"),
    ("OM3 (DOI)", "none was registered"),
)


def report(base_iri: str) -> None:
    """Prints a line for each check.

    Raises:
        VitkError: a check fails.
    """
    from pyoxigraph import NamedNode, RdfFormat, Store

    from kg.build.check.fairness import outcomes
    from kg.build.read.turtle import ONTOLOGY_FOLDER
    from kg.rdf.vocabulary import Vocabulary

    vocabulary, store = Vocabulary(base_iri), Store()
    store.load(
        path=str(ONTOLOGY_FOLDER / "vitk.ttl"),
        format=RdfFormat.TURTLE,
        base_iri=base_iri,
        to_graph=NamedNode(vocabulary.graph("ontology")),
    )
    found = outcomes(store, vocabulary)
    for one in found:
        state = f"lacks {', '.join(one.missing)}" if one.missing else "ok"
        click.echo(f"{one.name:<18} {state:<4} {one.title}")
    for names, why in _OTHERS:
        click.echo(f"{names:<18} -    {why}")
    if failed := sum(bool(one.missing) for one in found):
        raise VitkError(f"{failed} of {len(found)} checks fail.")
