"""Counts the triples of a store by graph and property, and its entities by class, in constant memory.

Whatever occurs in several graphs is counted in each and then subtracted, so that nothing counted must be remembered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from functools import cached_property

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from kg.catalogue.catalogue import Catalogue, Value


class Partitions:
    """The counts of all graphs except ``graph/metadata``.

    ``graphs`` has the number of triples of each graph.
    """

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store, self._catalogue = store, catalogue
        metadata = catalogue.vocabulary.graph("metadata")
        self._triples: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in self._rows("counts-by-graph-and-property", {"metadata": metadata}):
            self._triples[_iri(row, "graph")][_iri(row, "property")] = _count(row)
        self.graphs = {graph: found.total() for graph, found in sorted(self._triples.items())}

    def properties(self) -> dict[str, int]:
        """Returns the number of distinct triples of each property."""
        found = sum(self._triples.values(), Counter[str]())
        for graph, others in self._smaller_and_larger(self.graphs):
            for row in self._rows("repeated-triples", {"graph": graph, "others": others}):
                found[_iri(row, "property")] -= _count(row)
        return dict(sorted(found.items()))

    def classes(self, *, but: Collection[str] = (), only_ours: bool = False) -> dict[str, int]:
        """Returns the number of distinct members of each class.

        Args:
            but: graphs to ignore.
            only_ours: count only vitk's own entities, without ontology terms.
        """
        graphs = [graph for graph in self.graphs if graph not in but]
        found: Counter[str] = Counter()
        for row in self._members:
            if _iri(row, "graph") in graphs and (_is_ours(row) or not only_ours):
                found[_iri(row, "class")] += _count(row)
        for graph, others in self._smaller_and_larger(graphs):
            for row in self._rows("repeated-members", {"graph": graph, "others": others}):
                if _is_ours(row) or not only_ours:
                    found[_iri(row, "class")] -= _count(row)
        return dict(sorted((+found).items()))

    @cached_property
    def _members(self) -> list[QuerySolution]:
        return self._rows("counts-by-graph-and-class", {})

    def _smaller_and_larger(self, graphs: Collection[str]) -> list[tuple[str, list[str]]]:
        """Returns each graph but the largest with the larger ones: a triple in n graphs is then found n - 1 times."""
        in_order = sorted(graphs, key=lambda graph: (self.graphs[graph], graph))
        return [(graph, in_order[place:]) for place, graph in enumerate(in_order[:-1], 1)]

    def _rows(self, query: str, values: dict[str, Value]) -> list[QuerySolution]:
        filled = self._catalogue[f"pages/{query}"].fill(values)
        solutions = self._store.query(filled, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        return list(solutions)


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
