"""The curated graphs with the rows of tables to which they refer, in memory.

Rules over all tables and assessments start from curated files and follow properties forwards, but for the one by which
a row replaces another; so they need these rows and no others. The store on disk would answer many times slower.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from pyoxigraph import NamedNode, Quad, Store

from kg.rdf.vocabulary import Vocabulary


def with_rows(
    curated: Store, tables: Store, graphs: Iterable[NamedNode], starts: tuple[str, ...], vocabulary: Vocabulary
) -> Store:
    """Returns a copy of the curated graphs with all rows that can be reached from them.

    Args:
        curated: all graphs but those of tables, in memory.
        tables: a store with the graphs of tables.
        graphs: the graphs of tables.
        starts: how the IRI of every subject in the graphs of tables begins.
        vocabulary: of the release.
    """
    reached = Store()
    reached.extend(curated)
    graphs = list(graphs)
    if not graphs:
        return reached
    for graph in graphs:
        reached.extend(tables.quads_for_pattern(None, NamedNode(vocabulary.term("supersedes")), None, graph))
    waiting = {term.value for quad in curated for term in (quad.subject, quad.object) if _is_row(term, starts)}
    seen: set[str] = set()
    while waiting:
        seen |= waiting
        found = [quad for iri in sorted(waiting) for graph in graphs for quad in _about(tables, iri, graph)]
        reached.extend(found)
        waiting = {quad.object.value for quad in found if _is_row(quad.object, starts)} - seen
    return reached


def are_described(subjects: Iterable[str], tables: Store, graphs: Iterable[NamedNode], starts: tuple[str, ...]) -> bool:
    """Returns whether curated files say something of rows.

    Args:
        subjects: IRIs of what curated files describe.
        tables: a store with the graphs of tables.
        graphs: the graphs of tables.
        starts: how the IRI of every subject in the graphs of tables begins.
    """
    found = sorted(iri for iri in subjects if iri.startswith(starts))
    return any(next(iter(_about(tables, iri, graph)), None) is not None for iri in found for graph in graphs)


def _is_row(term: object, starts: tuple[str, ...]) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode) and term.value.startswith(starts)


def _about(store: Store, iri: str, graph: NamedNode) -> Iterable[Quad]:
    return store.quads_for_pattern(NamedNode(iri), None, None, graph)
