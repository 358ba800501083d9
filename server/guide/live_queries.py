"""Queries of the catalogue that a page of the guide shows with their text and their first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.reader.query_parameters import as_text
from server.api import html, responses
from server.api.html import Column
from server.api.operation import BASE, Table
from server.api.queries import query_operation
from server.core.state import AppState

SHOWN_ROWS = 4


@dataclass(frozen=True)
class LiveQuery:
    """A query with its example values and the first rows of its result.

    Attributes:
        title: the question, with the example values in it.
        csv: URL of the complete result.
        table: the query and the first rows of its result.
        columns: the columns to show; one that only repeats the labels of another is left out.
        labels: label of each IRI in the rows.
    """

    title: str
    csv: str
    table: Table
    columns: list[Column]
    labels: Mapping[str, str]


def run(current: AppState, name: str, shown: tuple[str, ...]) -> LiveQuery:
    """Runs a query with its example values.

    Args:
        current: the application.
        name: of the query in the catalogue.
        shown: names of the columns to show: the others are one link away.

    Raises:
        KeyError: the query has no such column.
    """
    query = current.reader.catalogue[name]
    if missing := set(shown) - set(query.columns):
        raise KeyError(f"{name} has no columns {sorted(missing)}")
    values = current.reader.catalogue.example_values(query)
    rows, total = current.reader.page(query, values, 0, SHOWN_ROWS)
    labels = {iri: named.label for iri, named in current.reader.references(rows, *shown).items()}
    table = Table(query, shown, rows, total, query.fill(values))
    operation = query_operation(query)
    title = responses.title(current.reader, operation, values)
    given = {name: text for name, value in values.items() if (text := as_text(current.reader, value))}
    csv = current.urls.api(BASE + operation.path, {**given, "format": "csv"})
    return LiveQuery(title, csv, table, html.columns(operation, table, labels), labels)
