"""``POST /api/v1/diet``."""

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
from server.diet import form
from server.diet.csv_table import as_csv
from server.diet.json_document import document
from server.diet.permalink import permalink
from server.http.negotiation import negotiate
from server.http.problems import Problem

FORMATS = (API_JSON, CSV)
_PARAMETERS = ("format", "release")


def answer() -> Response:
    """What the diet in the body holds.

    Raises:
        Problem: 400 with each mistake by its field, 413 for a body that is too long.
    """
    chosen = negotiate(FORMATS)
    unknown = [
        FieldError(name[:60], f"There is no parameter {name[:60]!r} here.")
        for name in request.args
        if name not in _PARAMETERS
    ]
    if unknown:
        raise arguments.problem(unknown)
    if (request.content_length or 0) > form.MAX_BYTES:
        raise Problem(413, "Too long", f"A diet has at most {form.MAX_BYTES >> 10} KiB.")
    try:
        diet = form.from_body(request.get_data())
        return respond(app_state().reader, diet, chosen)
    except InvalidParametersError as wrong:
        raise arguments.problem(wrong.errors, title="Bad diet") from wrong


def respond(reader: Reader, diet: form.DietRequest, fmt: Format) -> Response:
    """The diet as JSON or CSV.

    Raises:
        BadValues: each mistake by its field.
    """
    days, population = diet.read(reader)
    found = evaluate(reader, days, population)
    if fmt.name == CSV.name:
        response = Response(as_csv(found), content_type=fmt.content_type)
        response.headers["Content-Disposition"] = 'inline; filename="diet.csv"'
    else:
        foods = sorted({item.food.iri for day in days for item in day.items})
        urls = app_state().urls.of_this_request()
        payload = document(found, amounts_query(reader, foods), reader.release.id, urls)
        payload["parameters"] = {"population": reader.vocabulary.shorten(population) if population else None}
        payload["links"] = {"page": permalink(days, population)}
        response = Response(
            json.dumps(payload, ensure_ascii=False, separators=(",", ":")), content_type="application/json"
        )
    response.headers["Vary"] = "Accept"
    return response
