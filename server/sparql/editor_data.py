"""Data of the query editor: the names that it completes, and the example queries. Their URLs name the release."""

from __future__ import annotations

import gzip

from flask import Response, jsonify, request

from server.core import conditional
from server.core.state import app_state
from server.http.encoding import precompressed
from server.http.headers import IMMUTABLE
from server.sparql.examples import described


def completion() -> Response:
    """Sends classes, properties and entities with their labels, from a file made when the release was built."""
    if fresh := conditional.not_modified():
        return fresh
    path = app_state().reader.release.completion
    compressed = path.with_name(path.name + ".gz").read_bytes()
    response = precompressed(lambda: gzip.decompress(compressed), compressed, "application/json")
    return _with_caching(response)


def examples() -> Response:
    """Sends the public queries of the catalogue, filled with their example values."""
    if fresh := conditional.not_modified():
        return fresh
    catalogue = app_state().reader.catalogue
    return _with_caching(jsonify([described(catalogue, query) for query in catalogue.public()]))


def _with_caching(response: Response) -> Response:
    response = conditional.with_etag(response)
    if request.args.get("release"):
        response.headers["Cache-Control"] = IMMUTABLE
    return response
