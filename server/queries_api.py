"""The questions of the catalogue as routes: ``/api/v1/queries`` lists them, ``/api/v1/queries/{name}`` answers one."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request
from pyoxigraph import Literal

from kg import query_values
from kg.catalogue import Query, Value
from kg.engine.embedded import Row, Term
from kg.errors import VitkError
from kg.formats import API_JSON, CSV
from kg.query_header import Parameter
from server import caching
from server.negotiation import negotiate
from server.problems import Problem
from server.site import site

blueprint = Blueprint("queries", __name__, url_prefix="/api/v1/queries")
OWN_PARAMETERS = ("format", "release")


@blueprint.get("")
def index() -> Response:
    """Every question with its parameters and an example of each."""
    if fresh := caching.not_modified():
        return fresh
    current = site()
    found = [
        {
            "name": query.name,
            "title": query.title,
            "summary": query.summary,
            "tags": query.tags,
            "parameters": [_described(parameter) for parameter in query.parameters],
            "url": current.urls.api_query(query.name),
        }
        for query in current.reader.catalogue.public()
    ]
    return caching.validated(jsonify(release=current.reader.release.id, count=len(found), results=found))


@blueprint.get("/<name>")
def answer(name: str) -> Response:
    """The answer to one question as JSON, with the labels of IRIs, or as CSV; a parameter left out has its example."""
    chosen = negotiate((API_JSON, CSV))
    if fresh := caching.not_modified(chosen.name):
        return fresh
    current = site()
    query = _named(name)
    values = _values(query)
    filled = query.fill(values)
    rows = current.reader.select(filled)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if chosen.name == CSV.name:
        response = Response(_as_csv(columns, rows), content_type=chosen.content_type)
    else:
        labels = {iri: named.label for iri, named in current.reader.references(rows, *columns).items()}
        response = jsonify(
            query=query.name,
            title=query.title,
            parameters={name: query_values.as_text(current.reader, value) for name, value in values.items()},
            release=current.reader.release.id,
            sparql=current.urls.sparql(filled),
            count=len(rows),
            columns=columns,
            results=[{column: _as_json(row[column], labels) for column in columns if column in row} for row in rows],
        )
    response.headers["Vary"] = "Accept"
    return caching.validated(response, chosen.name)


def _described(parameter: Parameter) -> dict[str, object]:
    """A parameter as the list of questions shows it; what it does not have is left out."""
    told = {
        "name": parameter.name,
        "type": parameter.type,
        "required": parameter.required,
        "default": parameter.default,
        "example": parameter.example,
        "classes": parameter.classes or None,
        "minimum": float(parameter.minimum) if parameter.minimum is not None else None,
        "maximum": float(parameter.maximum) if parameter.maximum is not None else None,
        "choices": parameter.choices or None,
        "description": parameter.description or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _named(name: str) -> Query:
    catalogue = site().reader.catalogue
    try:
        query = catalogue[name]
    except VitkError as error:
        raise Problem(404, "No such query", str(error)) from error
    if query not in catalogue.public():
        raise Problem(404, "No such query", f"There is no query {name!r}; GET {site().urls.api_queries()} lists them.")
    return query


def _values(query: Query) -> Mapping[str, Value]:
    reader = site().reader
    given = {name: text for name, text in request.args.items() if name not in OWN_PARAMETERS}
    try:
        return query_values.read(reader, query.parameters, given)
    except query_values.BadValues as error:
        errors = [{"field": wrong.field, "detail": wrong.detail, "nearest": wrong.nearest} for wrong in error.errors]
        raise Problem(400, "Bad parameters", str(error), errors=errors) from error


def _as_json(term: Term, labels: Mapping[str, str]) -> dict[str, object]:
    if isinstance(term, Literal):
        return {"value": _number(term), **({"language": term.language} if term.language else {})}
    return {"value": term.value, "label": labels[term.value], "url": site().urls.of(term.value)}


def _number(literal: Literal) -> object:
    """Numbers and truth values as JSON has them; a decimal stays text where a float would change its digits."""
    kind = literal.datatype.value.rpartition("#")[2]
    if kind == "integer":
        return int(literal.value)
    if kind == "boolean":
        return literal.value == "true"
    if kind == "decimal" and str(float(literal.value)) in (literal.value, literal.value + ".0"):
        return float(literal.value)
    return literal.value


def _as_csv(columns: list[str], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row[column].value if column in row else "" for column in columns] for row in rows)
    return text.getvalue()
