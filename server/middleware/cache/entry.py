"""One stored response, ready for any client that makes the same request."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterable
from typing import Any

from server.http.encoding import COMPRESSION_THRESHOLD, accepts_gzip, vary_on_encoding
from server.http.file_body import IN_MEMORY, FileBody
from server.http.headers import CACHE_REGION, Headers, etag_matches, matches_any
from server.http.wsgi_types import StartResponse, close

# Bytes that an entry takes besides body and headers: key, Python objects.
_OVERHEAD = 3 << 9
# Bytes of the objects of one header.
_HEADER = 150
_NOT_STORED = {"Content-Length", "Server-Timing", CACHE_REGION}
# Of a 304 (RFC 9110, 15.4.5). A browser checks the origin of every response; all else it has with the stored one.
_OF_NOT_MODIFIED = {
    *("Access-Control-Allow-Origin", "Cache-Control", "Content-Location", "ETag", "Vary", "Vitk-Release"),
}
_Stored = list[bytes] | FileBody
HIT = [("Cache-Status", "vitk; hit")]


class CachedResponse:
    """Headers and body, compressed once, when the first client accepts gzip.

    Args:
        headers: of the response, with an ETag.
        content: the body; it is closed here.
        compressed_only: whether a large body is stored in compressed form alone.

    Attributes:
        size: bytes in memory, including the compressed form that may be added later.
    """

    def __init__(self, headers: Headers, content: Iterable[bytes], *, compressed_only: bool = False) -> None:
        body = _taken_over(content)
        length = _length(body)
        shared = self._shared = vary_on_encoding([pair for pair in headers if pair[0] not in _NOT_STORED])
        self._headers: Headers = [*shared, ("Content-Length", str(length))]
        self._etag = dict(shared)["ETag"].removeprefix("W/").strip('"')
        self._is_large = length > COMPRESSION_THRESHOLD
        self._compressed = self._compress(body) if compressed_only and self._is_large else None
        self._body: _Stored | None = None if self._compressed else body
        self.size = _OVERHEAD + _HEADER * len(shared) + len("".join([text for pair in shared for text in pair]))
        self.size += _length(self._compressed[1]) if self._compressed else length + length // 4

    def respond(self, environ: dict[str, Any], start_response: StartResponse, extra: Headers = HIT) -> _Stored:
        """Answers a request, with 304 if the client has the response already.

        Args:
            extra: further headers of this one response; by default, that it is a cache hit (RFC 9211).
        """
        if etag_matches(environ, self._etag) or matches_any(environ):
            not_modified = [pair for pair in self._shared if pair[0] in _OF_NOT_MODIFIED]
            start_response("304 NOT MODIFIED", [*not_modified, *extra])
            return []
        headers = self._headers
        if self._is_large and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers, body = self._compressed = self._compressed or self._compress(self._body or [])
        elif self._body is None and self._compressed:
            body = [gzip.decompress(b"".join(self._compressed[1]))]
        else:
            body = self._body or []
        start_response("200 OK", [*headers, *extra])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _compress(self, body: _Stored) -> tuple[Headers, _Stored]:
        compressed = gzip.compress(b"".join(body), 5, mtime=0)
        headers = [*self._shared, ("Content-Encoding", "gzip"), ("Content-Length", str(len(compressed)))]
        return headers, _stored(compressed)


def _taken_over(content: Iterable[bytes]) -> _Stored:
    """A body of the application as it is stored."""
    if isinstance(content, FileBody) and content.file is not None:
        content.is_shared = True
        return content
    body = b"".join(content)
    close(content)
    return _stored(body)


def _stored(body: bytes) -> _Stored:
    """A body as it is stored: a large one in a file, which all clients share however slowly they read it."""
    if len(body) > IN_MEMORY:
        # On a full disk it stays in memory.
        with contextlib.suppress(OSError):
            return FileBody.of(body, is_shared=True)
    return [body]


def _length(body: _Stored) -> int:
    return body.length if isinstance(body, FileBody) else len(body[0])
