"""Conditional requests (RFC 9110, 13). A release never changes, so an ETag is computed without reading the graph."""

from __future__ import annotations

import hashlib

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

import kg
from server.core.state import app_state
from server.http.headers import CACHE_REGION, REVALIDATE, etag_matches, matches_any
from server.http.problems import Problem


def etag(*parts: str) -> str:
    """Returns the ETag of the response to the current request.

    Args:
        parts: whatever else selects the representation, such as the name of its format.
    """
    return etag_of(app_state().reader.release.id, request.full_path, *parts)


def etag_of(release: str, path: str, *parts: str) -> str:
    """Returns the ETag of a response, computed from the release, the version of vitk and the request.

    Args:
        release: id of the release.
        path: path and query string of the request.
        parts: whatever else selects the representation.

    Returns:
        The opaque tag, without quotation marks and ``W/``.
    """
    digest = hashlib.sha256("\0".join([kg.__version__, path, *parts]).encode()).hexdigest()[:16]
    return f"{release}-{digest}"


def not_modified_response(tag: str, caching: str = REVALIDATE) -> Response:
    """Returns a 304 response (RFC 9110, 15.4.5).

    Args:
        tag: opaque tag of the response.
        caching: its Cache-Control.
    """
    return with_validator(tag, Response(status=304), caching)


def not_modified(*parts: str) -> Response | None:
    """Returns a 304 response if the client has the current representation already, else ``None``."""
    if etag_matches(request.environ, etag(*parts)):
        return with_etag(Response(status=304), *parts)
    return None


def without_known(response: Response) -> Response:
    """Returns a 304 in place of a response for which ``If-None-Match: *`` asked, and any other response unchanged."""
    if response.status_code != 200 or not matches_any(request.environ):
        return response
    response.close()
    known = [
        (name, value)
        for name, value in response.headers
        if name != CACHE_REGION and (not name.startswith("Content-") or name == "Content-Location")
    ]
    return Response(status=304, headers=known)


def of_file(response: Response, length: int) -> Response:
    """Applies conditions and a range to the response of a file, in the order of RFC 9110, 13.2.2.

    A request for several ranges gets the complete file, which RFC 9110, 14.2 allows.

    Args:
        response: the complete file, with a strong ETag and Last-Modified.
        length: bytes of the file.

    Raises:
        Problem: 412 if the client asks for another version of the file.
    """
    tag, _ = response.get_etag()
    assert tag is not None
    unmodified_since, modified = request.if_unmodified_since, response.last_modified
    if "If-Match" in request.headers:
        is_other = not request.if_match.star_tag and not request.if_match.is_strong(tag)
    else:
        is_other = unmodified_since is not None and modified is not None and modified > unmodified_since
    if is_other:
        response.close()
        detail = "The file has changed since you received a part of it. Download it from the start."
        raise Problem(412, "Precondition failed", detail)
    environ = {name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"}
    is_known = request.if_none_match.star_tag or request.if_none_match.contains_weak(tag)
    if is_known or "," in environ.get("HTTP_RANGE", ""):
        environ.pop("HTTP_RANGE", None)
    if request.if_none_match.star_tag:
        environ["HTTP_IF_NONE_MATCH"] = f'"{tag}"'
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def with_etag(response: Response, *parts: str) -> Response:
    """Adds the ETag to a response and has clients revalidate it before each reuse (RFC 9111, 5.2.2.4)."""
    return with_validator(etag(*parts), response)


def cacheable(response: Response, *parts: str) -> Response:
    """Adds the ETag, as ``with_etag`` does, and lets the response cache store the response."""
    response.headers[CACHE_REGION] = "store"
    return with_etag(response, *parts)


def no_store(response: Response) -> Response:
    """Forbids every cache to store a response that is incomplete and will be complete later (RFC 9111, 5.2.2.5)."""
    response.headers["Cache-Control"] = "no-store"
    return response


def with_validator(tag: str, response: Response, caching: str = REVALIDATE) -> Response:
    """Adds a weak ETag (RFC 9110, 8.8.3) and Cache-Control to a response.

    Args:
        tag: opaque tag, without quotation marks and ``W/``.
        response: the response; it is changed and returned.
        caching: value of Cache-Control.
    """
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = caching
    return response
