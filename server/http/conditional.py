"""Release ETags: what a release says does not change, so a validator needs no look at the graph."""

from __future__ import annotations

import hashlib

from flask import Response, request

import kg
from server.core.state import site
from server.http.headers import CACHE_BUT_ASK, KEEP, client_holds


def tag(*parts: str) -> str:
    """The validator of an answer to the current request."""
    return tag_of(site().reader.release.id, request.full_path, *parts)


def tag_of(release: str, path: str, *parts: str) -> str:
    """The validator of an answer: release, version of the server, and what was asked."""
    digest = hashlib.sha256("\0".join([kg.__version__, path, *parts]).encode()).hexdigest()[:16]
    return f"{release}-{digest}"


def fresh(validator: str) -> Response:
    """A 304."""
    return _with(validator, Response(status=304))


def not_modified(*parts: str) -> Response | None:
    """A 304 where the client holds the answer already, else ``None``."""
    if client_holds(request.environ, tag(*parts)):
        return validated(Response(status=304), *parts)
    return None


def validated(response: Response, *parts: str) -> Response:
    """The response with its validator and the word that it may be kept if it is asked for again each time."""
    return _with(tag(*parts), response)


def kept(response: Response, *parts: str) -> Response:
    """As ``validated``, and the layer before the application may keep the answer and replay it."""
    response.headers[KEEP] = "yes"
    return validated(response, *parts)


def passing(response: Response) -> Response:
    """The response with the word that it must not be kept: another time it will say more."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _with(validator: str, response: Response) -> Response:
    response.set_etag(validator, weak=True)
    response.headers["Cache-Control"] = CACHE_BUT_ASK
    return response
