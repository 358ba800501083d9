"""``POST /api/v1/diet`` in OpenAPI."""

from __future__ import annotations

from typing import Any

from kg.diet.input import MAX_DAYS, MAX_GRAMS, MAX_ITEMS
from kg.rdf.formats import API_JSON, CSV
from server.api.operation import DescribedOperation
from server.diet import wording

_PATH = "/diet"
TAG = "foods"
_STRING = {"type": "string"}
_ITEMS = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_ITEMS,
    "items": {
        "type": "object",
        "properties": {
            "food": {**_STRING, "maxLength": 500, "description": "by IRI, CURIE or name", "examples": ["id:natto"]},
            "amount": {
                "type": ["number", "string"],
                "description": f"above 0, and at most {MAX_GRAMS:,} g in all",
                "examples": [50],
            },
            "measure": {
                **_STRING,
                "default": "g",
                "description": "g, or a household measure of this food by name or IRI",
            },
        },
        "required": ["food", "amount"],
        "additionalProperties": False,
    },
}
_DAYS = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_DAYS,
    "items": {
        "type": "object",
        "properties": {"name": {**_STRING, "maxLength": 100}, "items": _ITEMS},
        "required": ["items"],
        "additionalProperties": False,
    },
}
_POPULATION = {**_STRING, "description": "whose reference intakes are told; those of all where it is left out"}


def operation() -> DescribedOperation:
    """Describes the operation for the API's document and index page."""
    return DescribedOperation("post", _PATH, _document())


def _document() -> dict[str, Any]:
    problem = {"$ref": "#/components/responses/Problem"}
    own = [
        {
            "name": "format",
            "in": "query",
            "schema": {"type": "string", "enum": [API_JSON.name, CSV.name]},
            "description": "overrides the Accept header",
        }
    ]
    return {
        "operationId": "diet",
        "summary": wording.TITLE,
        "description": (
            "Known and unknown amounts of each form of vitamin K in foods that were eaten, by source, with ranges "
            "where sources differ, the share of reference intakes, and how far days lie apart. The page /diet takes "
            "the same by GET."
        ),
        "tags": [TAG],
        "parameters": own,
        "requestBody": {"required": True, "content": {API_JSON.media_type: {"schema": _body()}}},
        "responses": {
            "200": {
                "description": "A result for each day.",
                "headers": {"Vitk-Release": {"schema": _STRING}},
                "content": {
                    API_JSON.media_type: {"schema": {"$ref": "#/components/schemas/Answer"}},
                    CSV.media_type: {"schema": _STRING},
                },
            },
            "4XX": problem,
            "503": problem,
        },
    }


def _body() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"items": _ITEMS, "days": _DAYS, "population": _POPULATION},
        "oneOf": [{"required": ["items"]}, {"required": ["days"]}],
        "additionalProperties": False,
        "examples": [{"items": [{"food": "id:natto", "amount": 50, "measure": "g"}], "population": "id:adults"}],
    }
