"""One finished answer, ready to be replayed to any client that asks the same."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from server.headers import Headers

_WORTH_COMPRESSING = 1 << 10
_OVERHEAD = 2 << 10

StartResponse = Callable[..., Any]


class KeptAnswer:
    """Headers and body; compressed once, when a client first takes it so.

    ``size`` is what it takes in memory, compressed form included.
    """

    def __init__(self, headers: Headers, body: bytes) -> None:
        left_out = ("Content-Length", "Server-Timing")
        shared = [(name, value) for name, value in headers if name not in left_out]
        self._shared: Headers = shared
        self._headers: Headers = [*self._shared, ("Content-Length", str(len(body)))]
        self._etag = next(value for name, value in headers if name == "ETag").removeprefix("W/")
        self._body = body
        self._compressed: tuple[Headers, bytes] | None = None
        self.size = len(body) + len(body) // 4 + _OVERHEAD

    def replay(self, environ: dict[str, Any], start_response: StartResponse, timing: str = "kept") -> list[bytes]:
        """Answers a request: with 304 where the client holds the answer already. ``timing`` is of making it."""
        if self._etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", [pair for pair in self._shared if not pair[0].startswith("Content-")])
            return []
        headers, body = self._headers, self._body
        if len(body) > _WORTH_COMPRESSING and _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers, body = self._compressed or self._compress()
        start_response("200 OK", [*headers, ("Server-Timing", timing)] if timing else headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _compress(self) -> tuple[Headers, bytes]:
        packed = gzip.compress(self._body, 5, mtime=0)
        further = [("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))]
        self._compressed = ([*self._shared, *further], packed)
        return self._compressed


def _takes_gzip(encodings: str) -> bool:
    return "gzip" in encodings and "gzip;q=0" not in encodings.replace(" ", "")
