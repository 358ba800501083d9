"""Recipes for federated queries: the identifiers of entities are the IRIs that other graphs use.

Each file in ``recipes/`` is a query as the catalogue has them. They are not part of the catalogue: their properties are
those of others, and they run elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Response, make_response, render_template

from kg.catalogue.catalogue import read_query
from kg.rdf.vocabulary import OUTSIDE_PREFIXES
from kg.reader.reader import Reader
from server.core import conditional
from server.core.state import app_state

FOLDER = Path(__file__).parent / "recipes"
RECIPES = ("uniprot", "chebi", "wikidata")
WIKIDATA = "https://query.wikidata.org/sparql"
_ITEM = "http://www.wikidata.org/entity/"
_EXACT = OUTSIDE_PREFIXES["skos"] + "exactMatch"


@dataclass(frozen=True)
class Recipe:
    """A federated query.

    Attributes:
        name: of its file.
        title: what it finds.
        summary: where to send it, and how it works.
        text: the query, ready to be sent.
    """

    name: str
    title: str
    summary: str
    text: str


def recipe(name: str, reader: Reader, vitk: str, wikidata: str = WIKIDATA) -> Recipe:
    """Reads a recipe.

    Args:
        name: one of ``RECIPES``.
        reader: of the release whose identifiers it joins.
        vitk: absolute URL of the SPARQL endpoint of this server.
        wikidata: that of Wikidata.
    """
    query = read_query(FOLDER / f"{name}.rq", name, reader.vocabulary)
    values = {"vitk": vitk, "wikidata": wikidata, "items": _items(reader)}
    text = query.fill({parameter.name: values[parameter.name] for parameter in query.parameters})
    return Recipe(name, query.title, query.summary, text)


def _items(reader: Reader) -> list[str]:
    rows = reader.run("pages/outside-links", {})
    return sorted(
        {iri for row in rows if row["mapping"].value == _EXACT and (iri := row["outside"].value)[: len(_ITEM)] == _ITEM}
    )


def page() -> Response:
    """Renders the recipes."""
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    rendered = render_template(
        "guide/federation.html",
        recipes=[recipe(name, current.reader, current.urls.sparql_endpoint()) for name in RECIPES],
        is_calling=bool(current.settings.service_allowlist),
        wikidata=WIKIDATA,
    )
    return conditional.cacheable(make_response(rendered))
