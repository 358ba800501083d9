"""Answers on their way out: one shape of JSON for all operations, CSV and TSV of tables, RDF of graphs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from pyoxigraph import Literal

from kg.amounts import UNIT_SYMBOLS
from kg.catalogue.catalogue import Value
from kg.rdf.formats import API_JSON, CSV, GRAPH_FORMATS, HTML, JSONLD, TSV, Format
from kg.rdf.terms import Row, Term
from kg.reader.query_parameters import as_text
from server.api import arguments
from server.api.operation import Graph, Operation, Results, Slice, Table
from server.core.state import app_state

TABLE_FORMATS = (API_JSON, CSV, TSV, HTML)
RESULT_FORMATS = (API_JSON,)


def formats(operation: Operation) -> Sequence[Format]:
    """The formats in which an operation answers, the one for clients without a wish first."""
    if operation.kind == "graph":
        return (JSONLD, *(fmt for fmt in GRAPH_FORMATS if fmt != JSONLD))
    return TABLE_FORMATS if operation.kind == "table" else RESULT_FORMATS


def links(page: Slice, total: int) -> dict[str, str]:
    """Addresses of this page and of those around it, by relation."""
    found = {"self": _at(None)}
    if page.limit is None:
        return found
    if page.offset:
        found["first"] = _at("")
        before = max(0, page.offset - page.limit)
        found["prev"] = _at(arguments.cursor(before) if before else "")
    if page.offset + page.limit < total:
        found["next"] = _at(arguments.cursor(page.offset + page.limit))
    return found


def link_header(found: Mapping[str, str]) -> str:
    """The links as the Link header has them."""
    return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in found.items() if relation != "self")


def _at(cursor: str | None) -> str:
    given = request.args.to_dict()
    if cursor is not None:
        given.pop("cursor", None)
        given |= {"cursor": cursor} if cursor else {}
    return app_state().urls.api(request.path, given)


def document(operation: Operation, values: Mapping[str, Value], answer: Results | Table, page: Slice) -> dict[str, Any]:
    """The shape of every answer in JSON."""
    current = app_state()
    results = answer.results if isinstance(answer, Results) else cells(answer)
    payload: dict[str, Any] = {
        "title": operation.title,
        "release": current.reader.release.id,
        "parameters": {name: as_text(current.reader, value) for name, value in values.items()},
        "count": len(results),
        "total": answer.total,
        "results": list(results),
        "links": links(page, answer.total),
    }
    if answer.sparql:
        payload["sparql"] = current.urls.sparql(answer.sparql)
    if isinstance(answer, Table):
        payload["columns"] = [_column(operation, name) for name in answer.columns]
    return payload


def _column(operation: Operation, name: str) -> dict[str, Any]:
    unit = operation.units.get(name, "")
    payload: dict[str, Any] = {"name": name}
    if unit:
        payload["unit"] = unit
    return payload


def cells(table: Table) -> list[dict[str, Any]]:
    """The rows with a value for each column that is bound, IRIs with label and address, units with their symbol."""
    references = app_state().reader.references(list(table.rows), *table.columns)
    labels = {iri: named.label for iri, named in references.items()}
    return [{column: _cell(row[column], labels) for column in table.columns if column in row} for row in table.rows]


def _cell(term: Term, labels: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(term, Literal):
        return {"value": plain(term), **({"language": term.language} if term.language else {})}
    payload = {"value": term.value, "label": labels[term.value], "url": app_state().urls.of(term.value)}
    if term.value in UNIT_SYMBOLS:
        payload["symbol"] = UNIT_SYMBOLS[term.value]
    return payload


def plain(literal: Literal) -> object:
    """Numbers and truth values as JSON has them; a decimal stays text where a float would change its digits."""
    kind = literal.datatype.value.rpartition("#")[2]
    if kind == "integer":
        return int(literal.value)
    if kind == "boolean":
        return literal.value == "true"
    if kind == "decimal" and str(float(literal.value)) in (literal.value, literal.value + ".0"):
        return float(literal.value)
    return literal.value


def body(operation: Operation, values: Mapping[str, Value], answer: Any, page: Slice, fmt: Format) -> bytes:
    """The answer in a format other than HTML."""
    if isinstance(answer, Graph):
        return app_state().reader.graph(answer.sparql, fmt)
    if fmt.name == API_JSON.name:
        text = json.dumps(document(operation, values, answer, page), ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    assert isinstance(answer, Table)
    return separated(answer, "," if fmt.name == CSV.name else "\t").encode()


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
