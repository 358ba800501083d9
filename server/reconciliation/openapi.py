"""The OpenAPI description of the reconciliation service, with schemas of what it answers."""

from __future__ import annotations

from typing import Any

from server.api.operation import BASE, DescribedOperation
from server.api.schemas import STRING, Schema, array, record
from server.reconciliation import paths
from server.reconciliation.limits import (
    CANDIDATES,
    MAX_CANDIDATES,
    MAX_CHARACTERS,
    MAX_CURSOR,
    MAX_ENTITIES,
    MAX_PROPERTIES,
    MAX_QUERIES,
    MAX_VALUES,
    SUGGESTIONS,
)

TAG = "identifiers"
_NUMBER: Schema = {"type": "number"}
_NAMED = record({"id": STRING, "name": STRING, "description": STRING}, ["description"])
_TYPE = record({"id": STRING, "name": STRING})
_FEATURE = record({"id": STRING, "value": _NUMBER})
_CANDIDATE = record(
    {
        **_NAMED["properties"],
        "type": array(_TYPE),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean", "description": "only for names that are equal and mean one entity"},
        "features": array(_FEATURE),
    },
    ["description"],
)
_RESULT: Schema = {"type": "object", "additionalProperties": record({"result": array(_CANDIDATE)})}
_CELL: Schema = {
    "type": "object",
    "properties": {"id": STRING, "name": STRING, "str": STRING, "int": {"type": "integer"}},
    "additionalProperties": False,
}
_EXTENSION = record(
    {
        "meta": array(_TYPE),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": array(_CELL)},
        },
    }
)
_SERVICE = record({"service_url": STRING, "service_path": STRING})
_MANIFEST = record(
    {
        **dict.fromkeys(("name", "identifierSpace", "schemaSpace", "documentation", "logo", "serviceVersion"), STRING),
        "versions": array(STRING),
        "batchSize": {"type": "integer"},
        "defaultTypes": array(_TYPE),
        "view": record({"url": STRING}),
        "preview": record({"url": STRING, "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "suggest": record(dict.fromkeys(("entity", "type", "property"), _SERVICE)),
        "extend": record({"propose_properties": _SERVICE, "property_settings": array({"type": "object"})}),
    }
)
_QUERIES_WORDS = (
    f"A batch of at most {MAX_QUERIES} queries by key, as JSON. A query has query (a name of at most "
    f"{MAX_CHARACTERS} characters), type, type_strict, limit (by default {CANDIDATES}, at most {MAX_CANDIDATES}) and "
    f"properties (at most {MAX_PROPERTIES}, with at most {MAX_VALUES} values each)."
)
_EXTEND_WORDS = (
    f"A data extension query, as JSON: ids of at most {MAX_ENTITIES} entities and at most {MAX_PROPERTIES} properties."
)
_INPUTS = {
    "queries": {**STRING, "description": _QUERIES_WORDS},
    "extend": {**STRING, "description": _EXTEND_WORDS},
}
_ABOUT = (
    "The Reconciliation Service API 0.2, as OpenRefine uses it: without parameters the manifest; with queries "
    "candidates for names, best first; with extend values of properties. A misspelt name gets candidates, but never a "
    "match. "
    "Amounts are extended as text with their unit."
)


def operations() -> list[DescribedOperation]:
    """Describes the operations for the OpenAPI document and the index page of the API."""
    answers = {"anyOf": [_MANIFEST, _RESULT, _EXTENSION]}
    body = {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": _INPUTS,
                    "oneOf": [{"required": [name]} for name in _INPUTS],
                    "additionalProperties": False,
                },
                "examples": {"one name": {"value": {"queries": '{"q0": {"query": "warfarine"}}'}}},
            }
        },
    }
    service = [_parameter(name, schema, "") for name, schema in _INPUTS.items()]
    prefix = [
        _parameter("prefix", {**STRING, "minLength": 1, "maxLength": MAX_CHARACTERS}, "start of a name", example="na"),
        _parameter("cursor", _whole(0, MAX_CURSOR, 0), f"suggestions to skip; a page has {SUGGESTIONS}"),
    ]
    entities = array(record({**_NAMED["properties"], "notable": array(_TYPE)}, ["description"]))
    types = array(record({**_NAMED["properties"], "broader": array(_TYPE)}, ["description"]))
    proposal = [
        _parameter("type", STRING, "identifier of a type", example="Food"),
        _parameter("limit", _whole(1, 1000, MAX_PROPERTIES), "properties at most"),
    ]
    proposed = record({"properties": array(_NAMED), "type": STRING, "limit": {"type": "integer"}})
    return [
        _get(paths.PATH, "reconciliation", "The reconciliation service", _ABOUT, service, answers),
        DescribedOperation(
            "post",
            paths.PATH.removeprefix(BASE),
            {**_document("reconcile", "Reconcile names, or extend a table", _ABOUT, answers), "requestBody": body},
        ),
        _get(paths.SUGGEST_ENTITY, "suggestEntity", "Entities by the start of a name", "", prefix, _results(entities)),
        _get(paths.SUGGEST_TYPE, "suggestType", "Types by the start of a name", "", prefix, _results(types)),
        _get(
            paths.SUGGEST_PROPERTY,
            "suggestProperty",
            "Properties by the start of a name",
            "",
            prefix,
            _results(array(_NAMED)),
        ),
        _get(paths.PROPERTIES, "proposeProperties", "Properties of a type", "", proposal, proposed),
        _get(
            paths.PREVIEW,
            "previewEntity",
            "A small page on an entity",
            "For a frame of another site.",
            [_parameter("id", STRING, "identifier of an entity", example="natto")],
            STRING,
            "text/html",
        ),
    ]


def _results(items: Schema) -> Schema:
    return record({"result": items})


def _whole(least: int, most: int, default: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def _parameter(name: str, schema: Schema, description: str, example: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": bool(example),
        "schema": {key: value for key, value in schema.items() if key != "description"},
        "description": description or schema.get("description", ""),
        **({"example": example} if example else {}),
    }


def _get(
    path: str,
    name: str,
    summary: str,
    description: str,
    parameters: list[dict[str, Any]],
    schema: Schema,
    media_type: str = "application/json",
) -> DescribedOperation:
    document = {**_document(name, summary, description, schema, media_type), "parameters": parameters}
    document["responses"]["304"] = {"$ref": "#/components/responses/NotModified"}
    return DescribedOperation("get", path.removeprefix(BASE), document)


def _document(
    name: str, summary: str, description: str, schema: Schema, media_type: str = "application/json"
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": description or summary + ".",
        "tags": [TAG],
        "responses": {
            "200": {
                "description": summary + ".",
                "headers": {"Vitk-Release": {"schema": STRING}},
                "content": {media_type: {"schema": schema}},
            },
            "4XX": {"$ref": f"#/components/responses/{'Problem' if 'json' in media_type else 'ProblemOrPage'}"},
            "503": {"$ref": "#/components/responses/Problem"},
        },
    }
