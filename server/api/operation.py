"""What an operation of the API is: its address, what it takes, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.catalogue.catalogue import Query, Value
from kg.catalogue.query_header import PAGE, Parameter
from kg.rdf.terms import Row

BASE = "/api/v1"
MAX_PAGE_SIZE = 1000
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Slice:
    """Which part of an answer is wanted: ``limit`` of ``None`` means all that is left."""

    offset: int = 0
    limit: int | None = None

    def of(self, rows_of_all_pages: Sequence[Any]) -> Sequence[Any]:
        """The wanted part of a whole answer."""
        return rows_of_all_pages[self.offset : None if self.limit is None else self.offset + self.limit]


@dataclass(frozen=True)
class Results:
    """Results that are JSON already; ``total`` counts those of all pages, ``sparql`` is the query behind them."""

    results: Sequence[Mapping[str, Any]]
    total: int
    sparql: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of a question: ``rows`` of the wanted page, ``total`` of all, ``sparql`` the query that was asked."""

    query: Query
    columns: tuple[str, ...]
    rows: Sequence[Row]
    total: int
    sparql: str


@dataclass(frozen=True)
class Graph:
    """A graph, not serialised yet, as the query that constructs it."""

    sparql: str


OperationResult = Results | Table | Graph
Values = Mapping[str, Value]


@dataclass(frozen=True)
class DescribedOperation:
    """An operation that another package answers itself; the API only lists it.

    Args:
        method: HTTP method in lower case.
        path: below ``BASE``.
        document: the Operation Object of OpenAPI 3.1.
    """

    method: str
    path: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation.

    Args:
        id: its name, as clients generated from the document call it.
        path: below ``BASE``, with ``{name}`` for parameters in it.
        title, summary: a question or a noun, and a sentence or two.
        tags: what it is about; the first one groups it.
        parameters: what it takes, those in the path among them.
        answer: answers by the values of the parameters and the wanted page.
        kind: ``table``, ``graph`` or ``results``.
        result: the JSON schema of one result; tables have theirs from their columns.
        query: the question whose columns, units and chart a table has.
        columns: further columns of a table, with their units.
        example: optional parameters that the worked example has as well.
        page, most: how many results a page has, and how many it may have; 0 where there are no pages.
    """

    id: str
    path: str
    title: str
    summary: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    answer: Callable[[Values, Slice], OperationResult] = field(compare=False)
    kind: str = "results"
    result: Schema = field(default_factory=dict, compare=False)
    query: Query | None = None
    columns: Mapping[str, str] = field(default_factory=dict, compare=False)
    example: tuple[str, ...] = ()
    page: int = PAGE
    most: int = MAX_PAGE_SIZE

    @property
    def in_path(self) -> tuple[str, ...]:
        """The names of the parameters that stand in the path."""
        return tuple(parameter.name for parameter in self.parameters if "{" + parameter.name + "}" in self.path)

    @property
    def units(self) -> Mapping[str, str]:
        """Units by column."""
        return {**(self.query.header.units if self.query else {}), **self.columns}
