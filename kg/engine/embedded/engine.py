"""Runs trusted queries in this process, on the store of a release."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
    serialize,
)

from kg.rdf.formats import Format
from kg.rdf.terms import Row, Term

Beside = Callable[[], AbstractContextManager[None]]
_TERMS = (NamedNode, Literal)


class EmbeddedEngine:
    """Runs the queries of vitk's own catalogue. Not for untrusted queries: nothing here can be stopped.

    Args:
        store: the graph.
        beside: context manager around the engine's work, during which other threads need not wait.
    """

    def __init__(self, store: Store, beside: Beside = nullcontext) -> None:
        self._store = store
        self._beside = beside

    @classmethod
    def open(cls, path: Path, beside: Beside = nullcontext) -> EmbeddedEngine:
        """Opens the store of a release read-only."""
        return cls(Store.read_only(str(path)), beside)

    def select(self, query: str) -> list[Row]:
        """Returns the rows of a SELECT; a row contains only the variables that are bound."""
        return self.page(query)[0]

    def page(self, query: str, offset: int = 0, limit: int | None = None) -> tuple[list[Row], int]:
        """Returns some rows of a SELECT (by default all) and the total number of rows.

        Rows outside the page are counted but not converted.
        """
        with self._beside():
            names, solutions = self._solutions(query)
            rows: list[Row] = []
            total = 0
            for solution in solutions:
                if offset <= total and (limit is None or len(rows) < limit):
                    rows.append(_row(names, solution))
                total += 1
            return rows, total

    def rows(self, query: str) -> Iterator[Row]:
        """Yields the rows of a SELECT one by one, for large results."""
        names, solutions = self._solutions(query)
        return (_row(names, solution) for solution in solutions)

    def triples(self, query: str, given: Mapping[str, Term]) -> list[Triple]:
        """Returns the rows of a SELECT as triples, those with blank nodes too.

        Args:
            query: selects three variables, in the order of a triple.
            given: terms for some of these variables, which the engine looks up like those that a query names.
        """
        fixed: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
            Variable(name): term for name, term in given.items()
        }
        with self._beside():
            solutions = self._store.query(query, use_default_graph_as_union=True, substitutions=fixed)
            assert isinstance(solutions, QuerySolutions)
            return [Triple(*solution) for solution in solutions]

    def _solutions(self, query: str) -> tuple[list[str], QuerySolutions]:
        solutions = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        return [variable.value for variable in solutions.variables], solutions

    def ask(self, query: str) -> bool:
        """Returns the result of an ASK."""
        answer = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, QueryBoolean)
        return bool(answer)

    def construct(self, query: str, fmt: Format, prefixes: dict[str, str]) -> bytes:
        """Returns the graph of a CONSTRUCT, serialised by the engine's own code."""
        assert fmt.rdf is not None
        with self._beside():
            triples = self._store.query(query, use_default_graph_as_union=True)
            assert isinstance(triples, QueryTriples)
            body = serialize(triples, format=fmt.rdf, prefixes=prefixes)
        assert body is not None
        return body


def _row(names: list[str], solution: QuerySolution) -> Row:
    return {name: term for name, term in zip(names, solution, strict=True) if isinstance(term, _TERMS)}
