"""Operations of the API: path, parameters and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.catalogue import title_template
from kg.catalogue.catalogue import Query, Value
from kg.catalogue.query_header import PAGE, Parameter
from kg.claims import flaw_columns
from kg.rdf.terms import Row
from server.core.state import AppState

BASE = "/api/v1"
MAX_PAGE_SIZE = 1000
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Slice:
    """The requested part of the results.

    Attributes:
        offset: number of results to skip.
        limit: number of results, or ``None`` for all remaining ones.
    """

    offset: int = 0
    limit: int | None = None

    def of(self, rows_of_all_pages: Sequence[Any]) -> Sequence[Any]:
        """Returns this part of the results of all pages."""
        return rows_of_all_pages[self.offset : None if self.limit is None else self.offset + self.limit]


@dataclass(frozen=True)
class Results:
    """Results that are JSON already.

    Attributes:
        results: those of the requested page.
        total: number of results on all pages.
        sparql: the query behind them, or "".
    """

    results: Sequence[Mapping[str, Any]]
    total: int
    sparql: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of a query of the catalogue.

    Attributes:
        query: the query.
        columns: names of its columns, in order.
        rows: those of the requested page.
        total: number of rows on all pages.
        sparql: the query with its parameters filled in.
    """

    query: Query
    columns: tuple[str, ...]
    rows: Sequence[Row]
    total: int
    sparql: str


@dataclass(frozen=True)
class Graph:
    """A graph, given by the CONSTRUCT query that creates it."""

    sparql: str


OperationResult = Results | Table | Graph
Values = Mapping[str, Value]


@dataclass(frozen=True)
class DescribedOperation:
    """An operation that another package implements; the API only describes it.

    Attributes:
        method: HTTP method in lower case.
        path: below ``BASE``.
        document: the Operation Object of OpenAPI 3.1.
    """

    method: str
    path: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """An operation of the API.

    Attributes:
        id: its operationId, which names the method in generated clients.
        path: path below ``BASE``, with ``{name}`` for the parameters in it.
        title_template: a short title with places for values, see ``kg.catalogue.title_template``.
        summary: a sentence or two.
        tags: its topics; the first one groups it.
        parameters: all parameters, including those in the path.
        answer: computes the result from the state, the values of the parameters and the requested slice.
        kind: ``table``, ``graph``, ``entities``, ``catalogue`` (of queries) or ``results``, which are no list.
        result: JSON schema of one result; that of a table follows from its columns.
        query: the query of the catalogue that supplies columns, units and chart of a table.
        columns: further columns of a table, with their units.
        example: names of optional parameters that the example uses too.
        page: default number of results on a page; 0 if the result has no pages.
        most: maximum number of results on a page.
    """

    id: str
    path: str
    title_template: str
    summary: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    answer: Callable[[AppState, Values, Slice], OperationResult] = field(compare=False)
    kind: str = "results"
    result: Schema = field(default_factory=dict, compare=False)
    query: Query | None = None
    columns: Mapping[str, str] = field(default_factory=dict, compare=False)
    example: tuple[str, ...] = ()
    page: int = PAGE
    most: int = MAX_PAGE_SIZE

    @property
    def in_path(self) -> tuple[str, ...]:
        """Names of the parameters in the path."""
        return tuple(parameter.name for parameter in self.parameters if "{" + parameter.name + "}" in self.path)

    @property
    def title(self) -> str:
        """The title without values of parameters."""
        return title_template.fill(self.title_template, {})

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns of a table, in order."""
        return (*self.query.columns, *flaw_columns.names(self.query), *self.columns) if self.query else ()

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of each column that has one."""
        return {**(self.query.header.units if self.query else {}), **self.columns}
