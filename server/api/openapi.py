"""The OpenAPI 3.1 document, derived from the declarations of the operations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request

import kg
from kg.catalogue.query_header import TAGS, Parameter
from kg.rdf.formats import API_JSON, CSV, CSVW, HTML, JSONLD, TSV
from kg.rdf.vocabulary import DATA_LICENCE, DATA_LICENCE_NAME
from kg.reader.query_parameters import max_length
from server.api import cells, responses
from server.api.operation import BASE, DescribedOperation, Operation
from server.core import conditional
from server.core.state import app_state
from server.http.problems import MEDIA_TYPE

VERSION = "3.1.0"
_STRING = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "description": "A problem (RFC 9457). errors lists invalid fields.",
    "properties": {
        "type": _STRING,
        "title": _STRING,
        "status": {"type": "integer"},
        "detail": _STRING,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": _STRING,
                    "detail": _STRING,
                    "nearest": {"type": "array", "items": _STRING},
                },
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_RESPONSE = {
    "type": "object",
    "description": "The common shape of all JSON responses.",
    "properties": {
        "title": {"type": "string", "description": "Names what was asked for."},
        "language": {"type": "string", "description": "The language of all texts, unless a column states others."},
        "note": {"type": "string", "description": "Where there are no results: what that means."},
        "release": {"type": "string", "description": "Id of the release. Pin it with release=."},
        "parameters": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "count": {"type": "integer", "minimum": 0, "description": "Results on this page."},
        "total": {"type": "integer", "minimum": 0, "description": "Results on all pages."},
        "results": {"type": "array", "items": {"type": "object"}},
        "columns": {
            "type": "array",
            "description": "The columns of a table, in order. A unit with ? names the columns that contain it.",
            "items": {
                "type": "object",
                "properties": {"name": _STRING, "unit": _STRING, "languages": {"type": "array", "items": _STRING}},
                "required": ["name"],
            },
        },
        "links": {"type": "object", "additionalProperties": _STRING},
        "sparql": {"type": "string", "description": "URL of the SPARQL query behind the results."},
    },
    "required": ["title", "language", "release", "parameters", "count", "total", "results", "links"],
}


def register(app: Flask, operations: Sequence[Operation], others: Sequence[DescribedOperation]) -> None:
    """Adds the route ``/openapi.json``; arguments as ``document``."""

    def view() -> Response:
        if fresh := conditional.not_modified():
            return fresh
        body = json.dumps(document(operations, others), ensure_ascii=False)
        return conditional.cacheable(Response(body, content_type="application/json"))

    app.add_url_rule("/openapi.json", "api.openapi", view, methods=["GET"])


def document(operations: Sequence[Operation], others: Sequence[DescribedOperation] = ()) -> dict[str, Any]:
    """Returns the OpenAPI document.

    Args:
        operations: the declared operations.
        others: operations that other packages implement; the document only describes them.
    """
    groups = dict.fromkeys(operation.tags[0] for operation in operations)
    return {
        "openapi": VERSION,
        "info": {
            "title": "vitk",
            "version": kg.__version__,
            "summary": "The knowledge graph of vitamin K: foods, forms, claims, evidence, interactions.",
            "description": (
                "All operations are read-only. Every response names its release and links to the SPARQL query behind "
                "it; release= pins a release as long as it is available. "
                "Amounts have a unit; unmeasured amounts are absent, never zero. vitk gives no medical advice."
            ),
            "license": {"name": DATA_LICENCE_NAME, "url": DATA_LICENCE},
        },
        "servers": [{"url": app_state().settings.public_url or request.script_root or "/"}],
        "tags": [{"name": tag, "description": TAGS.get(tag, "the queries themselves")} for tag in groups],
        "paths": {
            **{BASE + operation.path: {"get": _operation(operation)} for operation in operations},
            **_others(others),
        },
        "components": {
            "schemas": {"Problem": _PROBLEM, "Cell": cells.SCHEMA, "Response": _RESPONSE},
            "responses": {
                "Problem": {
                    "description": "The request failed. The document describes the problem.",
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                },
                "ProblemOrPage": {
                    "description": "The request failed. The document, or the page for browsers, describes the problem.",
                    "content": {
                        MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
                        HTML.media_type: {"schema": _STRING},
                    },
                },
                "NotModified": {"description": "The client has this response already."},
            },
        },
    }


def _others(others: Sequence[DescribedOperation]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for other in others:
        found.setdefault(BASE + other.path, {})[other.method] = other.document
    return found


def _operation(operation: Operation) -> dict[str, Any]:
    in_path = operation.in_path
    parameters = [_parameter(parameter, parameter.name in in_path) for parameter in operation.parameters]
    problem = "ProblemOrPage" if operation.kind == "table" else "Problem"
    return {
        "operationId": operation.id,
        "summary": operation.title,
        "description": operation.summary,
        "tags": [operation.tags[0]],
        "parameters": [*parameters, *_own(operation)],
        "responses": {
            "200": _success(operation),
            "304": {"$ref": "#/components/responses/NotModified"},
            "4XX": {"$ref": f"#/components/responses/{problem}"},
            "503": {"$ref": "#/components/responses/Problem"},
        },
    }


def _success(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for fmt in responses.formats(operation):
        is_document = fmt.name == API_JSON.name
        content[fmt.media_type] = {"schema": _schema(operation) if is_document else _STRING}
    if CSVW.media_type in content:
        content[CSVW.media_type] = {"schema": {"type": "object"}}
    if JSONLD.media_type in content:
        content[JSONLD.media_type] = {"schema": {"type": ["array", "object"]}}
    headers = {"ETag": {"schema": _STRING}, "Vitk-Release": {"schema": _STRING}}
    if operation.page:
        headers["Link"] = {"schema": _STRING}
    return {"description": operation.summary, "headers": headers, "content": content}


def _schema(operation: Operation) -> dict[str, Any]:
    result: Mapping[str, Any] = operation.result
    if operation.query is not None:
        columns = operation.column_names
        cell = {"$ref": "#/components/schemas/Cell"}
        notes: dict[str, dict[str, Any]] = {
            name: {"description": f"in {unit}"} for name, unit in operation.units.items() if unit
        }
        for name, instead in operation.query.header.deprecated.items():
            notes[name] = {"deprecated": True, "description": f"Deprecated: {instead}."}
        properties = {name: {**cell, **notes.get(name, {})} for name in columns}
        result = {"type": "object", "properties": properties, "additionalProperties": False}
    response = {"$ref": "#/components/schemas/Response"}
    return {"allOf": [response, {"type": "object", "properties": {"results": {"type": "array", "items": result}}}]}


def _parameter(parameter: Parameter, in_path: bool) -> dict[str, Any]:
    parameter_object: dict[str, Any] = {
        "name": parameter.name,
        "in": "path" if in_path else "query",
        "required": in_path or parameter.required,
        "schema": _value_schema(parameter),
        "description": describe_parameter(parameter),
        "example": _typed(parameter, parameter.example),
    }
    if parameter.deprecated:
        parameter_object["deprecated"] = True
    return parameter_object


def describe_parameter(parameter: Parameter) -> str:
    """Describes a parameter in words: what it names, how, and what for."""
    parts = []
    if parameter.type in ("iri", "iris"):
        noun = "an entity" if parameter.type == "iri" else "entities"
        classes = " of class " + " or ".join(parameter.classes) if parameter.classes else ""
        parts.append(f"{noun}{classes}, by IRI, CURIE or name")
    if parameter.type == "iris":
        parts.append("separated by commas")
    if parameter.description:
        parts.append(parameter.description)
    if parameter.deprecated:
        parts.append(f"deprecated: {parameter.deprecated}")
    return "; ".join(parts)


def _value_schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any]
    if parameter.type in ("integer", "decimal"):
        schema = {"type": "integer" if parameter.type == "integer" else "number"}
        if parameter.minimum is not None:
            schema["minimum"] = _typed(parameter, str(parameter.minimum))
        if parameter.maximum is not None:
            schema["maximum"] = _typed(parameter, str(parameter.maximum))
    elif parameter.type == "choice":
        schema = {"type": "string", "enum": list(parameter.choices)}
    else:
        schema = {"type": "string", "minLength": 1}
        if (most := max_length(parameter)) is not None:
            schema["maxLength"] = most
    if parameter.default is not None:
        schema["default"] = _typed(parameter, parameter.default)
    return schema


def _typed(parameter: Parameter, text: str) -> object:
    return {"integer": int, "decimal": float}.get(parameter.type, str)(text)


def _own(operation: Operation) -> list[dict[str, Any]]:
    names = [fmt.name for fmt in responses.formats(operation)]
    own: list[dict[str, Any]] = [
        {
            "name": "format",
            "in": "query",
            "schema": {"type": "string", "enum": names},
            "description": "overrides the Accept header",
        },
    ]
    if operation.kind == "table":
        own.append(
            {
                "name": cells.PARAMETER,
                "in": "query",
                "schema": {"type": "string", "enum": list(cells.CHOICES), "default": cells.PLAIN},
                "description": "in JSON: plain values, or typed ones with datatype and language",
            }
        )
    if operation.page:
        note = "; without it, files contain all rows" if CSV.name in names and TSV.name in names else ""
        own += [
            {
                "name": "limit",
                "in": "query",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": operation.most,
                    "default": operation.page,
                },
                "description": f"results per page{note}",
            },
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string", "minLength": 1},
                "description": "start of the page, taken from a link in a previous response",
            },
        ]
    return own
