"""Pages of the API: an index, a page for each operation with a form and code snippets, and results as tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from pyoxigraph import Literal, NamedNode

from kg.catalogue.query_header import TAGS
from kg.rdf.formats import HTML
from kg.rdf.terms import Row
from kg.reader import invocation
from server.api import arguments, openapi, responses, snippets
from server.api.operation import BASE, DescribedOperation, Operation, Table
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem


@dataclass(frozen=True)
class Column:
    """A column of a result table.

    Attributes:
        name: name of the variable.
        heading: its name in words.
        unit: its unit, or "".
        is_drawn: whether the bars of the chart are drawn next to it.
        is_number: whether any of its values is a number.
    """

    name: str
    heading: str
    unit: str
    is_drawn: bool
    is_number: bool


@dataclass(frozen=True)
class Bar:
    """A bar of a chart; ``start`` and ``width`` are in percent of the longest bar."""

    start: float
    width: float


def register(app: Flask, operations: Sequence[Operation], others: Sequence[DescribedOperation]) -> None:
    """Adds the routes ``/api``, ``/api/{id}`` and ``/api/{id}/try``, the target of the form of an operation.

    Args:
        app: the application.
        operations: the declared operations.
        others: operations that other packages implement; the index only lists them.
    """
    by_id = {operation.id: operation for operation in operations}

    def index() -> Response:
        if fresh := conditional.not_modified():
            return fresh
        topics = [operation for operation in operations if not operation.path.startswith("/queries/")]
        of_catalogue = [operation for operation in operations if operation.path.startswith("/queries/")]
        groups = {tag: [operation for operation in of_catalogue if tag in operation.tags] for tag in TAGS}
        return conditional.with_etag(
            _page(
                "api.html",
                topics=topics,
                others=[_summary(other) for other in others],
                groups=groups,
                tags=TAGS,
                base=BASE,
            )
        )

    def one(operation_id: str) -> Response:
        operation = _named(by_id, operation_id)
        if fresh := conditional.not_modified():
            return fresh
        return conditional.with_etag(_page("api_operation.html", **_parameter_rows(operation)))

    def send(operation_id: str) -> Response:
        operation = _named(by_id, operation_id)
        known = {parameter.name for parameter in operation.parameters} | {"format", "limit"}
        given = {name: text for name, text in request.args.items() if name in known and text}
        path = operation.path
        for parameter in operation.parameters:
            if parameter.name in operation.in_path:
                text = given.pop(parameter.name, "") or parameter.example
                path = path.replace("{" + parameter.name + "}", text.replace("/", "%2F"))
        return make_response(redirect(app_state().urls.api(BASE + path, given), 303))

    app.add_url_rule("/api", "api.docs", index, methods=["GET"])
    app.add_url_rule("/api/<operation_id>", "api.docs.operation", one, methods=["GET"])
    app.add_url_rule("/api/<operation_id>/try", "api.docs.try", send, methods=["GET"])


def result_page(operation: Operation, in_path: dict[str, str]) -> Response:
    """Renders the result of a table operation with form, table, chart and files, or the errors field by field.

    Args:
        operation: an operation whose kind is ``table``.
        in_path: values of the parameters in the URL path.

    Raises:
        Problem: 410 for a cursor of another release.
    """
    current, given = app_state(), {**request.args.to_dict(), **in_path}
    try:
        values = arguments.parameter_values(current.reader, operation, in_path)
        requested = arguments.requested_slice(current.reader.release.id, operation, all_rows=False)
    except Problem as problem:
        if problem.status >= 410:
            raise
        page = _page("api_answer.html", given=given, problem=problem, **_parameter_rows(operation))
        page.status_code = problem.status
        return page
    table = operation.answer(current, values, requested)
    if not isinstance(table, Table):
        raise TypeError(f"{operation.id} does not return a table")
    references = current.reader.references(list(table.rows), *table.columns)
    labels = {iri: named.label for iri, named in references.items()}
    links = responses.links(current, requested, table.total)
    page = _page(
        "api_answer.html",
        given=given,
        table=table,
        title=responses.title(current.reader, operation, values),
        nothing_recorded=invocation.NOTHING_RECORDED,
        labels=labels,
        shown=columns(operation, table, labels),
        bars=bars(operation, table),
        first=requested.offset + 1,
        links=links,
        files=_files(operation),
        **_parameter_rows(operation),
    )
    if header := responses.link_header(links):
        page.headers["Link"] = header
    return page


def columns(operation: Operation, table: Table, labels: Mapping[str, str]) -> list[Column]:
    """Returns the columns to show; one that only repeats the labels of the entities in another is omitted.

    Args:
        operation: supplies units and chart.
        table: its result.
        labels: label of each IRI in the table.
    """
    charted = operation.query.chart.columns[-1] if operation.query and operation.query.chart else ""
    entities = [name for name in table.columns if any(_is_entity(row, name) for row in table.rows)]
    texts = [name for name in table.columns if name not in entities]
    named = {text for text in texts if any(_names(table.rows, labels, entity_iri, text) for entity_iri in entities)}
    return [
        Column(
            name,
            _heading(name),
            _unit(operation.units.get(name, ""), _heading(name)),
            name == charted,
            any(_number(row.get(name)) is not None for row in table.rows),
        )
        for name in table.columns
        if name not in named
    ]


def _is_entity(row: Row, name: str) -> bool:
    return isinstance(row.get(name), NamedNode)


def _names(rows: Sequence[Row], labels: Mapping[str, str], entity_iri: str, text: str) -> bool:
    """Whether a column of text contains, in every row, the label of the entity in another column and nothing else."""
    return any(text in row for row in rows) and all(
        row[text].value == (labels.get(row[entity_iri].value) if entity_iri in row else None)
        for row in rows
        if text in row
    )


def bars(operation: Operation, table: Table) -> list[Bar | None]:
    """Returns a bar for each row, or ``None`` for a row without a number.

    The list is empty if the query has no chart, or if the rows are in several units.
    """
    chart = operation.query.chart if operation.query else None
    if chart is None or not set(chart.columns) <= set(table.columns):
        return []
    unit = operation.units.get(chart.columns[-1], "")
    if unit.startswith("?") and len({row.get(unit[1:]) for row in table.rows}) > 1:
        return []
    ends = [(_number(row.get(chart.columns[1])), _number(row.get(chart.columns[-1]))) for row in table.rows]
    widest = max((abs(high) for _, high in ends if high is not None), default=Decimal(0))
    return [_bar(low, high, widest, chart.kind == "range") for low, high in ends]


def _bar(low: Decimal | None, high: Decimal | None, widest: Decimal, is_range: bool) -> Bar | None:
    if high is None or not widest:
        return None
    end = float(100 * high / widest)
    start = float(100 * low / widest) if is_range and low is not None else 0.0
    return Bar(round(start, 2), round(max(end - start, 0.6 if high else 0.0), 2))


def _number(term: Any) -> Decimal | None:
    if not isinstance(term, Literal):
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _unit(unit: str, heading: str) -> str:
    """The unit to show next to a heading: none if another column contains it, or if the heading names it already."""
    return "" if "?" in unit or unit == heading else unit


def _heading(name: str) -> str:
    """The name of a column in words, without the unit, which is shown next to it."""
    if name.startswith("micrograms"):
        return "amount"
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=\d)", " ", name).lower()


def _parameter_rows(operation: Operation) -> dict[str, Any]:
    return {
        "operation": operation,
        "says": openapi.describe_parameter,
        "formats": [fmt for fmt in responses.formats(operation) if fmt.name != HTML.name],
        "has_page": operation.kind == "table",
        "snippets": snippets.code_snippets(operation, app_state().urls.root()),
        "base": BASE,
    }


def _files(operation: Operation) -> list[tuple[str, str]]:
    """Labels and URLs of this result in the other formats."""
    given = {name: text for name, text in request.args.to_dict().items() if name not in ("format", "cursor", "limit")}
    path = re.sub(r"\.html$", "", request.path)
    return [
        (fmt.label, app_state().urls.api(f"{path}.{fmt.name}", given))
        for fmt in responses.formats(operation)
        if fmt.name != HTML.name
    ]


def _summary(other: DescribedOperation) -> dict[str, str]:
    return {"method": other.method.upper(), "path": BASE + other.path, "title": other.document["summary"]}


def _named(by_id: dict[str, Operation], operation_id: str) -> Operation:
    if operation_id not in by_id:
        raise Problem(
            404,
            "No such operation",
            f"There is no operation {operation_id[:60]!r}. All operations: {app_state().urls.api_docs()}.",
        )
    return by_id[operation_id]


def _page(template: str, **context: Any) -> Response:
    return make_response(render_template(template, **context))
