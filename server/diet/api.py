"""The API operation ``POST /api/v1/diet``."""

from __future__ import annotations

import json

from flask import Response, request

from kg.diet import evaluate
from kg.diet.sources import amounts_query
from kg.rdf.formats import API_JSON, CSV, Format
from kg.reader.query_parameters import FieldError, InvalidParametersError
from kg.reader.reader import Reader
from server.api import arguments
from server.core.state import app_state
from server.core.urls import Urls
from server.diet import form
from server.diet.csv_table import as_csv
from server.diet.json_document import document
from server.diet.permalink import permalink
from server.http.negotiation import negotiate
from server.http.problems import Problem

FORMATS = (API_JSON, CSV)
_PARAMETERS = ("format", "release")


def evaluate_diet() -> Response:
    """Computes the vitamin K of the diet in the request body.

    Raises:
        Problem: 400 with every invalid field, 413 for a body larger than ``form.MAX_BYTES``.
    """
    chosen = negotiate(FORMATS)
    unknown = [
        FieldError(name[:60], f"Unknown parameter {name[:60]!r}. Parameters: {', '.join(_PARAMETERS)}.")
        for name in request.args
        if name not in _PARAMETERS
    ]
    if unknown:
        raise arguments.problem(unknown)
    if (request.content_length or 0) > form.MAX_BYTES:
        raise Problem(413, "Request body too large", f"The limit for a diet is {form.MAX_BYTES >> 10} KiB.")
    try:
        diet = form.from_body(request.get_data())
        return respond(app_state().reader, app_state().urls, diet, chosen)
    except InvalidParametersError as invalid:
        raise arguments.problem(invalid.errors, title="Invalid diet") from invalid


def respond(reader: Reader, urls: Urls, diet: form.DietRequest, fmt: Format) -> Response:
    """Evaluates a diet and responds in JSON or CSV.

    Args:
        reader: the release.
        urls: of the server.
        diet: the diet as submitted.
        fmt: one of ``FORMATS``.

    Raises:
        InvalidParametersError: with every invalid field.
    """
    days, population = diet.read(reader)
    result = evaluate(reader, days, population)
    if fmt.name == CSV.name:
        response = Response(as_csv(result), content_type=fmt.content_type)
        response.headers["Content-Disposition"] = 'inline; filename="diet.csv"'
    else:
        foods = sorted({item.food.iri for day in days for item in day.items})
        payload = document(result, amounts_query(reader, foods), reader.release.id, urls.of_this_request())
        payload["parameters"] = {"population": reader.vocabulary.shorten(population) if population else None}
        payload["links"] = {"page": permalink(days, population, reader.vocabulary, urls)}
        response = Response(
            json.dumps(payload, ensure_ascii=False, separators=(",", ":")), content_type="application/json"
        )
    response.headers["Vary"] = "Accept"
    return response
