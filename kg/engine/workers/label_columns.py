"""Adds to an answer a column of labels for each column of IRIs, for people who read tables."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from kg.rdf.vocabulary import RDFS_LABEL

_SUFFIX = "Label"


def with_labels(solutions: QuerySolutions, store: Store, language: str) -> QuerySolutions:
    """The solutions with a column ``<name>Label`` after each column that holds an IRI; where there are no rows, after
    each column, since each could have held one.

    Args:
        solutions: all of them are read.
        store: where labels are looked up, in all graphs.
        language: in which labels are preferred; where there is none in it, one is taken in the language without its
            region, then one without a language.
    """
    written = solutions.serialize(format=QueryResultsFormat.JSON)
    assert written is not None
    document = json.loads(written)
    names, rows = document["head"]["vars"], document["results"]["bindings"]
    holding = [name for name in names if not rows or any(_is_iri(row.get(name)) for row in rows)]
    labelled = {name: _free(name + _SUFFIX, names) for name in holding}
    known: dict[str, dict[str, str] | None] = {}
    for row in rows:
        for name, column in labelled.items():
            if _is_iri(row.get(name)):
                iri = row[name]["value"]
                if iri not in known:
                    known[iri] = _label(store, iri, language)
                if label := known[iri]:
                    row[column] = label
    document["head"]["vars"] = [shown for name in names for shown in (name, labelled.get(name)) if shown]
    found = parse_query_results(json.dumps(document), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return found


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _is_iri(term: dict[str, Any] | None) -> bool:
    return term is not None and term["type"] == "uri"


def _label(store: Store, iri: str, language: str) -> dict[str, str] | None:
    quads = store.quads_for_pattern(NamedNode(iri), NamedNode(RDFS_LABEL), None, None)
    labels = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    wanted = [language, language.partition("-")[0], ""]
    fitting = [label for label in labels if (label.language or "").lower() in wanted]
    if not fitting:
        return None
    best = min(fitting, key=lambda label: (wanted.index((label.language or "").lower()), label.value))
    tag = {"xml:lang": best.language} if best.language else {}
    return {"type": "literal", "value": best.value, **tag}
