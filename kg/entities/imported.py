"""What imported graphs state, always with the graph: it is whoever imported it who says so, not vitk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from kg.reader.entity import LiteralValue, Reference
from kg.reader.reader import Reader
from kg.release.manifest import ImportedGraph

_WITHOUT_NAME = LiteralValue("(something without a name)", "")


@dataclass(frozen=True)
class ImportedStatement:
    """A statement of an imported graph; names are those of vitk where it has one."""

    subject: Reference | LiteralValue
    property: Reference
    value: Reference | LiteralValue


@dataclass(frozen=True)
class StatementsOfGraph:
    """Some statements of an imported graph; ``is_cut`` if there are more."""

    graph: ImportedGraph
    statements: tuple[ImportedStatement, ...]
    is_cut: bool


class ImportedStatements:
    """Reads the imported graphs of a release.

    Args:
        reader: the release.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.graphs = reader.release.manifest.graphs

    def about(self, iri: str, limit: int = 20) -> list[StatementsOfGraph]:
        """Returns statements of which an IRI is the subject or the object, by graph.

        Args:
            iri: of an entity.
            limit: most statements of each graph.
        """
        node = NamedNode(iri) if self.graphs else None
        found = []
        for graph in self.graphs:
            named = NamedNode(graph.iri)
            subjects = self._store.quads_for_pattern(node, None, None, named)
            objects = self._store.quads_for_pattern(None, None, node, named)
            rows = [*islice(subjects, limit + 1), *islice(objects, limit + 1)]
            if rows:
                found.append(self._cut(graph, rows, limit))
        return found

    def of(self, iri: str, limit: int = 200) -> StatementsOfGraph | None:
        """Returns statements of an imported graph; ``None`` if there is no such graph."""
        graph = next((graph for graph in self.graphs if graph.iri == iri), None)
        if graph is None:
            return None
        quads = self._store.quads_for_pattern(None, None, None, NamedNode(graph.iri))
        return self._cut(graph, islice(quads, limit + 1), limit)

    @cached_property
    def _store(self) -> Store:
        return Store.read_only(str(self._reader.release.imported_store))

    def _cut(self, graph: ImportedGraph, quads: Iterable[Quad], limit: int) -> StatementsOfGraph:
        rows = list(dict.fromkeys(quads))
        shown = sorted(rows[:limit], key=str)
        iris = {term.value for quad in shown for term in _terms(quad) if isinstance(term, NamedNode)}
        names = self._reader.references([], extra=iris)

        def named(term: NamedNode | BlankNode | Literal | Triple) -> Reference | LiteralValue:
            if isinstance(term, NamedNode):
                return names[term.value]
            if isinstance(term, Literal):
                return LiteralValue(term.value, term.language or term.datatype.value.rpartition("#")[2])
            return _WITHOUT_NAME if isinstance(term, BlankNode) else LiteralValue(str(term), "")

        statements = tuple(
            ImportedStatement(named(quad.subject), names[quad.predicate.value], named(quad.object)) for quad in shown
        )
        return StatementsOfGraph(graph, statements, len(rows) > limit)


def _terms(quad: Quad) -> Iterator[NamedNode | BlankNode | Literal | Triple]:
    yield from (quad.subject, quad.predicate, quad.object)
