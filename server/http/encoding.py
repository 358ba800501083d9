"""Content-Encoding: which responses are compressed, and for whom (RFC 9110, 8.4 and 12.5.3)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from werkzeug.http import parse_accept_header

from server.http.bounded_cache import bounded_cache
from server.http.headers import Headers

# Bytes up to which gzip saves nothing worth its header.
COMPRESSION_THRESHOLD = 1 << 10


@bounded_cache(256, 256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a client that sent this Accept-Encoding accepts gzip."""
    qualities = {name.lower(): quality for name, quality in parse_accept_header(accept_encoding)}
    return qualities.get("gzip", qualities.get("*", 0)) > 0


def precompressed(content: Callable[[], bytes], compressed: bytes, content_type: str) -> Response:
    """A response to the current request in the form that its client accepts.

    Args:
        content: gives the plain form, where that is wanted.
        compressed: the same in gzip.
        content_type: of the plain form.
    """
    if accepts_gzip(request.headers.get("Accept-Encoding", "")):
        response = Response(compressed, content_type=content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(content(), content_type=content_type)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def vary_on_encoding(headers: Headers) -> Headers:
    """The headers with ``Vary: Accept-Encoding``, so that shared caches keep compressed and plain forms apart."""
    vary = ", ".join([value for name, value in headers if name == "Vary"])
    if "Accept-Encoding" in vary:
        return headers
    others = [(name, value) for name, value in headers if name != "Vary"]
    return [*others, ("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")]
