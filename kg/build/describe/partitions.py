"""Counts the triples of graphs by property, and their entities by class.

Whatever occurs in several graphs is counted in each and then subtracted, so that nothing counted must be remembered:
the graphs have an order, and each knows how much of it occurs in later graphs too. The graphs of tables are the last,
and their counts are made with them (``kg.build.tables``); those of all other graphs are made for each release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from kg.catalogue.catalogue import Catalogue, Value
from kg.rdf.vocabulary import RDF_TYPE

# Graphs that the build computes come first: whoever leaves them out need not know what they repeat.
COMPUTED = ("inferred", "assessments")


@dataclass
class GraphCounts:
    """The counts of one graph, by IRI; ``repeated`` are those that occur in later graphs too.

    ``own_classes`` counts vitk's own entities only, without terms of the ontology.
    """

    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    own_classes: Counter[str] = field(default_factory=Counter)
    repeated_properties: Counter[str] = field(default_factory=Counter)
    repeated_classes: Counter[str] = field(default_factory=Counter)
    repeated_own_classes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def from_json(cls, document: Mapping[str, Mapping[str, int]]) -> GraphCounts:
        """The counts in parsed JSON."""
        return cls(**{name: Counter(counts) for name, counts in document.items()})


@dataclass(frozen=True)
class Partitions:
    """The counts of graphs by IRI, in their order."""

    graphs: Mapping[str, GraphCounts]

    @classmethod
    def count(cls, store: Store, catalogue: Catalogue, names: Collection[str]) -> Partitions:
        """Counts some graphs.

        Args:
            store: with the graphs.
            catalogue: which has the queries.
            names: of the graphs.
        """
        ask = _Asking(store, catalogue)
        found = {catalogue.vocabulary.graph(name): GraphCounts() for name in names}
        for row in ask.rows("counts-by-graph-and-property", {}):
            if counts := found.get(_iri(row, "graph")):
                counts.properties[_iri(row, "property")] = _count(row)
        for row in ask.rows("counts-by-graph-and-class", {}):
            if counts := found.get(_iri(row, "graph")):
                _add(counts.classes, counts.own_classes, row)
        first = [catalogue.vocabulary.graph(name) for name in COMPUTED]
        in_order = sorted(found, key=lambda iri: (iri not in first, found[iri].properties.total(), iri))
        for place, graph in enumerate(in_order[:-1], 1):
            values: dict[str, Value] = {"graph": graph, "others": in_order[place:]}
            counts = found[graph]
            for row in ask.rows("repeated-triples", values):
                counts.repeated_properties[_iri(row, "property")] = _count(row)
            for row in ask.rows("repeated-members", values):
                _add(counts.repeated_classes, counts.repeated_own_classes, row)
        return cls({graph: found[graph] for graph in in_order})

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Partitions:
        """The counts in parsed JSON."""
        return cls({graph: GraphCounts.from_json(counts) for graph, counts in document.items()})

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {graph: vars(counts) for graph, counts in self.graphs.items()}

    def followed_by(self, later: Partitions, store: Store, tables: Store, starts: tuple[str, ...]) -> Partitions:
        """Returns the counts of these graphs and of those of tables.

        Args:
            later: the counts of the graphs of tables.
            store: with these graphs.
            tables: with the graphs of tables.
            starts: how the IRI of every subject in the graphs of tables begins.
        """
        properties = {iri for counts in later.graphs.values() for iri in counts.properties}
        behind = [NamedNode(graph) for graph in later.graphs]
        for place, (graph, counts) in enumerate(self.graphs.items(), 1):
            others = [NamedNode(iri) for iri in list(self.graphs)[place:]]
            for quad in _of_rows(store, NamedNode(graph), properties, starts):
                if not _is_in(store, quad, others) and _is_in(tables, quad, behind):
                    counts.repeated_properties[quad.predicate.value] += 1
                    if quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode):
                        # Rows are vitk's own entities.
                        counts.repeated_classes[quad.object.value] += 1
                        counts.repeated_own_classes[quad.object.value] += 1
        return Partitions({**self.graphs, **later.graphs})

    def totals(self) -> dict[str, int]:
        """Returns the number of triples of each graph that has any."""
        totals = {graph: counts.properties.total() for graph, counts in sorted(self.graphs.items())}
        return {graph: total for graph, total in totals.items() if total}

    def properties(self) -> dict[str, int]:
        """Returns the number of distinct triples of each property."""
        return _distinct((counts.properties, counts.repeated_properties) for counts in self.graphs.values())

    def classes(self) -> dict[str, int]:
        """Returns the number of distinct members of each class."""
        return _distinct((counts.classes, counts.repeated_classes) for counts in self.graphs.values())

    def own_classes(self, but: Collection[str]) -> dict[str, int]:
        """Returns the number of vitk's own entities in each class; ``but`` are graphs of ``COMPUTED`` to ignore."""
        chosen = [counts for graph, counts in self.graphs.items() if graph not in but]
        return _distinct((counts.own_classes, counts.repeated_own_classes) for counts in chosen)


class _Asking:
    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store, self._catalogue = store, catalogue

    def rows(self, query: str, values: dict[str, Value]) -> list[QuerySolution]:
        filled = self._catalogue[f"pages/{query}"].fill(values)
        solutions = self._store.query(filled, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        return list(solutions)


def _distinct(counted: Iterable[tuple[Counter[str], Counter[str]]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for counts, repeated in counted:
        found.update(counts)
        found.subtract(repeated)
    return dict(sorted((+found).items()))


def _of_rows(store: Store, graph: NamedNode, properties: Iterable[str], starts: tuple[str, ...]) -> Iterable[Quad]:
    for iri in sorted(properties):
        for quad in store.quads_for_pattern(None, NamedNode(iri), None, graph):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(starts):
                yield quad


def _is_in(store: Store, quad: Quad, graphs: Sequence[NamedNode]) -> bool:
    patterns = (store.quads_for_pattern(quad.subject, quad.predicate, quad.object, graph) for graph in graphs)
    return any(next(found, None) is not None for found in patterns)


def _add(counts: Counter[str], own: Counter[str], row: QuerySolution) -> None:
    counts[_iri(row, "class")] += _count(row)
    if _is_ours(row):
        own[_iri(row, "class")] += _count(row)


def _iri(row: QuerySolution, column: str) -> str:
    term = row[column]
    assert isinstance(term, NamedNode)
    return term.value


def _count(row: QuerySolution) -> int:
    term = row["count"]
    assert isinstance(term, Literal)
    return int(term.value)


def _is_ours(row: QuerySolution) -> bool:
    term = row["isOurs"]
    assert isinstance(term, Literal)
    return term.value == "true"
