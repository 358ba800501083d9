"""Requests by scripts of other origins (Fetch Standard, 3.2): they may read everything, as nothing is secret."""

from __future__ import annotations

import re

from flask import Response, request

ALLOW_ORIGIN = ("Access-Control-Allow-Origin", "*")
# Scripts may read every header of a response, since no response depends on credentials.
EXPOSE_HEADERS = ("Access-Control-Expose-Headers", "*")
_METHODS = "GET, HEAD, OPTIONS, POST, QUERY"
_USUAL_HEADERS = "Accept, Content-Type, If-None-Match"
# Seconds for which a browser remembers the response to a preflight.
_MAX_AGE = "86400"
_HEADER_NAMES = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+( *, *[!#$%&'*+\-.^_`|~0-9A-Za-z]+)*")
_MAX_LENGTH = 1000


def preflight() -> Response | None:
    """Returns the response to a preflight request, which is the same for every path; ``None`` for other requests.

    Every requested header name is allowed. A list of them would always lack one that some client adds.
    """
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return None
    response = Response(status=200)
    response.headers["Access-Control-Allow-Methods"] = _METHODS
    requested = request.headers.get("Access-Control-Request-Headers", "")
    is_list = len(requested) <= _MAX_LENGTH and _HEADER_NAMES.fullmatch(requested)
    response.headers["Access-Control-Allow-Headers"] = requested if is_list else _USUAL_HEADERS
    response.headers["Access-Control-Max-Age"] = _MAX_AGE
    response.headers["Vary"] = "Access-Control-Request-Headers"
    return response
