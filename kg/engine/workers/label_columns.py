"""Adds a column of labels to a result for each column of IRIs, for people who read tables."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from kg.rdf.vocabulary import RDFS_LABEL

_SUFFIX = "Label"


def with_labels(solutions: QuerySolutions, store: Store, language: str, graphs: Collection[str] = ()) -> QuerySolutions:
    """Adds a column ``<name>Label`` after each column that contains an IRI; without rows, after each column.

    Args:
        solutions: the rows; all of them are read.
        store: the graph.
        language: preferred language tag. If there is no label in it, one in the language without its region is used,
            then one without a language.
        graphs: IRIs of the graphs whose labels come first; without any, all graphs are equal.

    Returns:
        New solutions; the input is consumed.
    """
    written = solutions.serialize(format=QueryResultsFormat.JSON)
    assert written is not None
    document = json.loads(written)
    names, rows = document["head"]["vars"], document["results"]["bindings"]
    iri_columns = [name for name in names if not rows or any(_is_iri_binding(row.get(name)) for row in rows)]
    labelled = {name: _free(name + _SUFFIX, names) for name in iri_columns}
    known: dict[str, dict[str, str] | None] = {}
    for row in rows:
        for name, column in labelled.items():
            if _is_iri_binding(row.get(name)):
                iri = row[name]["value"]
                if iri not in known:
                    known[iri] = _label(store, iri, language, graphs)
                if label := known[iri]:
                    row[column] = label
    document["head"]["vars"] = [shown for name in names for shown in (name, labelled.get(name)) if shown]
    result = parse_query_results(json.dumps(document), format=QueryResultsFormat.JSON)
    assert isinstance(result, QuerySolutions)
    return result


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _is_iri_binding(term: dict[str, Any] | None) -> bool:
    return term is not None and term["type"] == "uri"


def _label(store: Store, iri: str, language: str, graphs: Collection[str]) -> dict[str, str] | None:
    found = list(store.quads_for_pattern(NamedNode(iri), NamedNode(RDFS_LABEL), None, None))
    # An import never renames what has a name.
    quads = [quad for quad in found if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in graphs]
    return _best(quads or found, language)


def _best(quads: list[Quad], language: str) -> dict[str, str] | None:
    labels = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    tags = [language, language.partition("-")[0], ""]
    fitting = [label for label in labels if (label.language or "").lower() in tags]
    if not fitting:
        return None
    best = min(fitting, key=lambda label: (tags.index((label.language or "").lower()), label.value))
    tag = {"xml:lang": best.language} if best.language else {}
    return {"type": "literal", "value": best.value, **tag}
