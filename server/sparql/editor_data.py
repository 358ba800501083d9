"""What the editor on the SPARQL page loads: what it completes, and the examples. Both are stamped with the release."""

from __future__ import annotations

import gzip

from flask import Response, jsonify, request

from kg.catalogue.catalogue import Catalogue, Query
from server.core import conditional
from server.core.state import app_state
from server.http.encoding import precompressed
from server.http.headers import IMMUTABLE
from server.sparql.page import described


def completion() -> Response:
    """Classes, properties and things by their labels, as made when the release was built."""
    if fresh := conditional.not_modified():
        return fresh
    path = app_state().reader.release.completion
    compressed = path.with_name(path.name + ".gz").read_bytes()
    response = precompressed(lambda: gzip.decompress(compressed), compressed, "application/json")
    return _stamped(response)


def examples() -> Response:
    """The questions of the catalogue, filled with their example values."""
    if fresh := conditional.not_modified():
        return fresh
    catalogue = app_state().reader.catalogue
    return _stamped(jsonify([_example(catalogue, query) for query in catalogue.public()]))


def _example(catalogue: Catalogue, query: Query) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "summary": query.summary,
        "tags": query.tags,
        "query": described(catalogue, query),
    }


def _stamped(response: Response) -> Response:
    response = conditional.with_etag(response)
    if request.args.get("release"):
        response.headers["Cache-Control"] = IMMUTABLE
    return response
