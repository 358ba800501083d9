"""Release ETags: what a release says does not change, so a validator needs no look at the graph."""

from __future__ import annotations

import hashlib

from flask import Response, request

import kg
from server.core.state import app_state
from server.http.headers import CACHE_REGION, REVALIDATE, etag_matches


def etag(*parts: str) -> str:
    """The validator of an answer to the current request."""
    return etag_of(app_state().reader.release.id, request.full_path, *parts)


def etag_of(release: str, path: str, *parts: str) -> str:
    """The validator of an answer: release, version of the server, and what was asked."""
    digest = hashlib.sha256("\0".join([kg.__version__, path, *parts]).encode()).hexdigest()[:16]
    return f"{release}-{digest}"


def not_modified_response(validator: str, caching: str = REVALIDATE) -> Response:
    """A 304 with its validator (RFC 9110, 15.4.5)."""
    return with_validator(validator, Response(status=304), caching)


def not_modified(*parts: str) -> Response | None:
    """A 304 where the client holds the answer already, else ``None``."""
    if etag_matches(request.environ, etag(*parts)):
        return with_etag(Response(status=304), *parts)
    return None


def with_etag(response: Response, *parts: str) -> Response:
    """The response with its validator and the word that it may be kept if it is asked for again each time."""
    return with_validator(etag(*parts), response)


def cacheable(response: Response, *parts: str) -> Response:
    """As ``validated``, and the layer before the application may keep the answer and replay it."""
    response.headers[CACHE_REGION] = "store"
    return with_etag(response, *parts)


def no_store(response: Response) -> Response:
    """The response with the word that it must not be kept: another time it will say more."""
    response.headers["Cache-Control"] = "no-store"
    return response


def with_validator(validator: str, response: Response, caching: str = REVALIDATE) -> Response:
    """The response with a weak ETag and its cache directive."""
    response.set_etag(validator, weak=True)
    response.headers["Cache-Control"] = caching
    return response
