"""Finds vitk names in a query that do not exist in the graph: the usual reason for a result without rows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Store

from kg.rdf.vocabulary import GRAPHS, RDFS_LABEL
from kg.sparql.tokens import Token, tokenize

# Prefixes of vitk's own namespaces, in which an unknown name is always a mistake.
OURS = ("vitk", "id", "graph")
_MAX_LOOKUPS, _MAX_HINTS = 40, 3
_MAX_LENGTH = 80
_MAX_QUERY_LENGTH = 50_000
_LIKENESS = 0.6


def hint(query: str, store: Store, prefixes: Mapping[str, str]) -> str:
    """Returns hints about unknown names in a query: the nearest existing name, or the right namespace.

    Args:
        query: a query that the engine could parse.
        store: the graph.
        prefixes: the standard prefixes, vitk's own included.

    Returns:
        At most ``_MAX_HINTS`` sentences; empty if all names exist, or if the query is longer than
        ``_MAX_QUERY_LENGTH`` characters.
    """
    if len(query) > _MAX_QUERY_LENGTH:
        return ""
    iris = dict.fromkeys(_iris(list(tokenize(query))))
    almost = dict.fromkeys(
        description
        for iri, is_namespace in iris
        # The IRIs of the ontology and of its versions resemble those of its terms.
        if (description := _almost_ours(iri, prefixes)) and (is_namespace or not _is_named(store, iri))
    )
    named = dict.fromkeys(name for iri, _ in iris for name in _names(iri, prefixes))
    unknown = [name for name in islice(named, _MAX_LOOKUPS) if not _is_known(store, prefixes, *name)]
    return " ".join(
        islice([*almost, *(_described(store, prefixes, *name) for name in unknown[:_MAX_HINTS])], _MAX_HINTS)
    )


def _iris(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    """Yields each IRI in the query, in full, and whether it is the namespace of a prefix."""
    declared, base = dict[str, str](), ""
    for before, token in pairwise([Token("start", "", 0), *tokens]):
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in declared:
                yield declared[prefix] + local, False
        elif token.kind == "iri":
            iri = token.text[1:-1]
            if base and ":" not in iri:
                iri = urljoin(base, iri)
            if before.text.upper() == "BASE":
                base = iri
            is_namespace = before.kind == "name"
            if is_namespace:
                declared.setdefault(before.text.partition(":")[0], iri)
            yield iri, is_namespace


def _names(iri: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yields the canonical prefix and the local part of an IRI in one of vitk's namespaces."""
    for prefix in OURS:
        if iri.startswith(prefixes[prefix]) and iri != prefixes[prefix]:
            yield prefix, iri.removeprefix(prefixes[prefix])


def _almost_ours(iri: str, prefixes: Mapping[str, str]) -> str:
    """Returns a hint for an IRI that differs from a vitk namespace only in http, www or its last character."""
    if iri.startswith(tuple(prefixes[prefix] for prefix in OURS)):
        return ""
    for prefix in OURS:
        ours = _bare(prefixes[prefix])
        bare = _bare(iri)
        if bare == ours or bare.startswith((f"{ours}#", f"{ours}/")):
            return f"{prefix}: stands for <{prefixes[prefix]}>; the query uses <{iri[:_MAX_LENGTH]}>."
    return ""


def _bare(iri: str) -> str:
    return iri.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("#/")


def _is_known(store: Store, prefixes: Mapping[str, str], prefix: str, local: str) -> bool:
    iri = prefixes[prefix] + local
    return _is_named(store, iri, as_graph=True) if prefix == "graph" else _is_named(store, iri)


def _is_named(store: Store, iri: str, *, as_graph: bool = False) -> bool:
    """Returns whether any triple contains the IRI or, with ``as_graph``, whether it is a non-empty graph."""
    try:
        node = NamedNode(iri)
    except ValueError:
        return False
    if as_graph:
        return next(store.quads_for_pattern(None, None, None, node), None) is not None
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    return any(next(store.quads_for_pattern(*pattern), None) for pattern in patterns)


def _described(store: Store, prefixes: Mapping[str, str], prefix: str, local: str) -> str:
    near = difflib.get_close_matches(local[:_MAX_LENGTH], set(_known(store, prefixes, prefix)), 1, _LIKENESS)
    nearest = f"Did you mean {prefix}:{near[0]}?" if near else "Search for it by name."
    return f"{prefix}:{local[:_MAX_LENGTH]} does not exist in this graph. {nearest}"


def _known(store: Store, prefixes: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Yields the local names of all graphs, or of all labelled entities and terms of a prefix."""
    start = prefixes[prefix]
    if prefix == "graph":
        yield from (graph.value.removeprefix(start) for graph in store.named_graphs() if isinstance(graph, NamedNode))
        return
    for graph in GRAPHS:
        name = NamedNode(f"{prefixes['graph']}{graph}")
        for quad in store.quads_for_pattern(None, NamedNode(RDFS_LABEL), None, name):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(start):
                yield quad.subject.value.removeprefix(start)
