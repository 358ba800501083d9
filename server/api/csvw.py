"""CSV of the API described by CSV on the Web: datatype, unit and property of each column."""

from __future__ import annotations

import json

from flask import request

from kg.exports.tables.csvw import described
from kg.exports.tables.tables import columns_of
from kg.rdf.formats import CSV, CSVW, TSV
from kg.rdf.vocabulary import DATA_LICENCE
from server.api.operation import Operation, Table
from server.core.state import AppState


def document(current: AppState, operation: Operation, title: str, table: Table) -> bytes:
    """Returns the description of the CSV that the same request gives.

    A column with the name of a term of the ontology has values of that property. Food tables in the rows have the
    licences of their publishers; the licence is that of the compilation.

    Args:
        current: the application.
        operation: the operation.
        title: of the result, with the values of parameters.
        table: all rows of the CSV, which decide the datatypes.
    """
    reader = current.reader
    columns = columns_of(table.columns, operation.units, table.rows)
    terms = {column.name: reader.vocabulary.term(column.name) for column in columns}
    found = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": _address(current, CSV.name),
        "dc:title": title,
        "dc:description": operation.summary,
        "dc:source": reader.vocabulary.base + "dataset",
        "dc:license": {"@id": DATA_LICENCE},
        "dc:identifier": reader.release.id,
        "tableSchema": {
            "columns": [
                described(column, terms[column.name] if reader.exists(terms[column.name]) else "") for column in columns
            ]
        },
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


def link(current: AppState) -> str:
    """Returns the value of a ``Link`` header from the CSV of this request to its description."""
    return f'<{_address(current, CSVW.name)}>; rel="describedby"; type="{CSVW.media_type}"'


def _address(current: AppState, name: str) -> str:
    path, given = request.path, request.args.to_dict()
    for suffix in (CSV.name, TSV.name, CSVW.name):
        path = path.removesuffix("." + suffix)
    return current.urls.full(current.urls.api(path, {**given, "format": name}))
