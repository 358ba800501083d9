"""One finished answer, ready to be replayed to any client that asks the same."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any

from server.http.encoding import WORTH_COMPRESSING, accepts_gzip, vary_on_encoding
from server.http.headers import CACHE_REGION, Headers, etag_matches
from server.http.wsgi_types import StartResponse, close

_OVERHEAD = 2 << 10
_LEFT_OUT = {"Content-Length", "Server-Timing", CACHE_REGION}


class CachedResponse:
    """Headers and body; compressed once, when a client first takes it so.

    ``size`` is what it takes in memory, compressed form included. One that is kept ``tightly`` has that form alone.
    """

    def __init__(self, headers: Headers, content: Iterable[bytes], *, tightly: bool = False) -> None:
        body = b"".join(content)
        close(content)
        self._shared: Headers = vary_on_encoding([pair for pair in headers if pair[0] not in _LEFT_OUT])
        self._headers: Headers = [*self._shared, ("Content-Length", str(len(body)))]
        self._etag = next(value for name, value in headers if name == "ETag").removeprefix("W/").strip('"')
        self._is_large = len(body) > WORTH_COMPRESSING
        self._compressed = self._compress(body) if tightly and self._is_large else None
        self._body = b"" if self._compressed else body
        self.size = _OVERHEAD + (len(self._compressed[1]) if self._compressed else len(body) + len(body) // 4)

    def respond(self, environ: dict[str, Any], start_response: StartResponse, timing: str = "kept") -> list[bytes]:
        """Answers a request: with 304 where the client holds the answer already. ``timing`` is of making it."""
        if etag_matches(environ, self._etag):
            start_response("304 NOT MODIFIED", [pair for pair in self._shared if not pair[0].startswith("Content-")])
            return []
        headers, body = self._headers, self._body
        if self._is_large and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            self._compressed = self._compressed or self._compress(body)
            headers, body = self._compressed
        elif self._compressed and not body:
            body = gzip.decompress(self._compressed[1])
        start_response("200 OK", [*headers, ("Server-Timing", timing)] if timing else headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _compress(self, body: bytes) -> tuple[Headers, bytes]:
        packed = gzip.compress(body, 5, mtime=0)
        return [*self._shared, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))], packed
