"""Names of ours that a query uses and the graph does not know: the usual reason why an answer has no rows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise

from pyoxigraph import NamedNode, Store

from kg.engine.tokens import tokenize
from kg.vocabulary import GRAPHS, RDFS_LABEL

# Prefixes whose names are ours alone, so that an unknown one is a mistake.
OURS = ("vitk", "id")
_LOOKED_UP, _TOLD = 40, 3
_LONGEST = 80
_LONGEST_QUERY = 50_000
_LIKENESS = 0.6


def hint(query: str, store: Store, prefixes: Mapping[str, str]) -> str:
    """A sentence for each unknown name, with the nearest known one; empty where all are known, or for a long query.

    Args:
        query: one that the engine has read.
        store: the graph.
        prefixes: the usual ones, ours among them.
    """
    if len(query) > _LONGEST_QUERY:
        return ""
    named = dict.fromkeys(_names(query, prefixes))
    unknown = [name for name in islice(named, _LOOKED_UP) if not _is_known(store, prefixes, *name)]
    return " ".join(_told(store, prefixes, *name) for name in unknown[:_TOLD])


def _names(query: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names of ours in the query: prefix as we write it, and local part."""
    tokens = list(tokenize(query))
    declared = {
        name.text.partition(":")[0]: iri.text[1:-1]
        for name, iri in pairwise(tokens)
        if name.kind == "name" and iri.kind == "iri"
    }
    declarations = {iri.start for name, iri in pairwise(tokens) if name.kind == "name" and iri.kind == "iri"}
    for token in tokens:
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            iri = declared.get(prefix, "") + local
        elif token.kind == "iri" and token.start not in declarations:
            iri = token.text[1:-1]
        else:
            continue
        for prefix in OURS:
            if iri.startswith(prefixes[prefix]) and iri != prefixes[prefix]:
                yield prefix, iri.removeprefix(prefixes[prefix])


def _is_known(store: Store, prefixes: Mapping[str, str], prefix: str, local: str) -> bool:
    try:
        node = NamedNode(prefixes[prefix] + local)
    except ValueError:
        return False
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    return any(next(store.quads_for_pattern(*pattern), None) for pattern in patterns)


def _told(store: Store, prefixes: Mapping[str, str], prefix: str, local: str) -> str:
    near = difflib.get_close_matches(local[:_LONGEST], set(_known(store, prefixes, prefix)), 1, _LIKENESS)
    nearest = f"The nearest is {prefix}:{near[0]}." if near else "Search for it by name."
    return f"The graph knows no {prefix}:{local[:_LONGEST]}. {nearest}"


def _known(store: Store, prefixes: Mapping[str, str], prefix: str) -> Iterator[str]:
    """The local parts of all that curators have named."""
    start = prefixes[prefix]
    for graph in GRAPHS:
        name = NamedNode(f"{prefixes['graph']}{graph}")
        for quad in store.quads_for_pattern(None, NamedNode(RDFS_LABEL), None, name):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(start):
                yield quad.subject.value.removeprefix(start)
