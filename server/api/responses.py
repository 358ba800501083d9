"""Answers on their way out: one shape of JSON for all operations, CSV and TSV of tables, RDF of graphs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from kg.catalogue.catalogue import Value
from kg.exports.tables import csvw
from kg.exports.tables.tables import columns_of
from kg.rdf.formats import API_JSON, CSV, CSVW, GRAPH_FORMATS, HTML, JSONLD, TSV, Format
from kg.rdf.terms import Row
from kg.reader import invocation
from kg.reader.query_parameters import as_text
from kg.reader.reader import Reader
from server.api import arguments, cells
from server.api.operation import Graph, Operation, Results, Slice, Table
from server.core import flaws
from server.core.state import AppState

TABLE_FORMATS = (API_JSON, CSV, TSV, HTML, CSVW, *GRAPH_FORMATS)
RESULT_FORMATS = (API_JSON,)
LIST_FORMATS = (API_JSON, *GRAPH_FORMATS)
# The kinds of operations whose results are lists.
LISTS = ("table", "entities", "catalogue")


def formats(operation: Operation) -> Sequence[Format]:
    """The formats in which an operation answers, the one for clients without a wish first."""
    if operation.kind == "graph":
        return (JSONLD, *(fmt for fmt in GRAPH_FORMATS if fmt != JSONLD))
    if operation.kind == "table":
        return TABLE_FORMATS
    return LIST_FORMATS if operation.kind in LISTS else RESULT_FORMATS


def links(current: AppState, page: Slice, total: int) -> dict[str, str]:
    """Addresses of this page and of those around it, by relation."""
    found = {"self": _at(current, None)}
    if page.limit is None:
        return found
    release = current.reader.release.id
    if page.offset:
        found["first"] = _at(current, "")
        before = max(0, page.offset - page.limit)
        found["prev"] = _at(current, arguments.cursor(release, before) if before else "")
    if page.offset + page.limit < total:
        found["next"] = _at(current, arguments.cursor(release, page.offset + page.limit))
    return found


def link_header(found: Mapping[str, str]) -> str:
    """The links as the Link header has them."""
    return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in found.items() if relation != "self")


def _at(current: AppState, cursor: str | None) -> str:
    given = request.args.to_dict()
    if cursor is not None:
        given.pop("cursor", None)
        given |= {"cursor": cursor} if cursor else {}
    return current.urls.api(request.path, given)


def title(reader: Reader, operation: Operation, values: Mapping[str, Value]) -> str:
    """The title of an answer, which names what was asked for."""
    return invocation.title_of(reader, operation.title_template, operation.parameters, values)


def document(
    current: AppState, operation: Operation, values: Mapping[str, Value], answer: Results | Table, page: Slice
) -> dict[str, Any]:
    """The shape of every answer in JSON."""
    reader, urls = current.reader, current.urls.of_this_request()
    form = cells.requested_form()
    results = answer.results if isinstance(answer, Results) else cells.rows(answer, reader, urls, form)
    payload: dict[str, Any] = {
        "title": title(reader, operation, values),
        "language": cells.LANGUAGE,
        "release": reader.release.id,
        "parameters": {name: as_text(reader, value) for name, value in values.items()},
        "count": len(results),
        "total": answer.total,
        "results": list(results),
        "links": links(current, page, answer.total),
    }
    if not answer.total:
        payload["note"] = invocation.NOTHING_RECORDED
    if answer.sparql:
        payload["sparql"] = urls.sparql(answer.sparql)
    if isinstance(answer, Table):
        payload["columns"] = [_column(operation, answer, name) for name in answer.columns]
    flaws.add(payload["results"], current.claim_index, urls)
    return payload


def _column(operation: Operation, table: Table, name: str) -> dict[str, Any]:
    described = {"unit": operation.units.get(name, ""), "languages": cells.languages(table, name)}
    return {"name": name, **{key: value for key, value in described.items() if value}}


def body(
    current: AppState, operation: Operation, values: Mapping[str, Value], answer: Any, page: Slice, fmt: Format
) -> bytes:
    """The answer in a format other than HTML."""
    if isinstance(answer, Graph):
        return current.reader.graph(answer.sparql, fmt)
    if fmt.name == API_JSON.name:
        text = json.dumps(document(current, operation, values, answer, page), ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    assert isinstance(answer, Table)
    if fmt.name == CSVW.name:
        heading = title(current.reader, operation, values)
        columns = columns_of(answer.columns, operation.units, answer.rows)
        return csvw.document(current.reader, _file(current, CSV), heading, operation.summary, columns)
    return separated(answer, "," if fmt.name == CSV.name else "\t").encode()


def link_to_description(current: AppState) -> str:
    """The value of a ``Link`` header from the CSV of this request to the description of its columns."""
    return f'<{_file(current, CSVW)}>; rel="describedby"; type="{CSVW.media_type}"'


def _file(current: AppState, fmt: Format) -> str:
    """The absolute address of the result of this request as a file of a format."""
    path = request.path
    for suffix in (CSV.name, TSV.name, CSVW.name):
        path = path.removesuffix("." + suffix)
    return current.urls.full(current.urls.api(path, {**request.args.to_dict(), "format": fmt.name}))


def separated(table: Table, separator: str) -> str:
    """The rows as text, IRIs written out; white space within a cell becomes one space where tabs separate."""
    if separator == "\t":
        lines = [[" ".join(_text(row, column).split()) for column in table.columns] for row in table.rows]
        return "".join("\t".join(line) + "\n" for line in [list(table.columns), *lines])
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_text(row, column) for column in table.columns] for row in table.rows)
    return written.getvalue()


def _text(row: Row, column: str) -> str:
    return row[column].value if column in row else ""
