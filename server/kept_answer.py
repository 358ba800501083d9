"""One finished answer, ready to be replayed to any client that asks the same."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_WORTH_COMPRESSING = 1 << 10
_OVERHEAD = 2 << 10

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]


@dataclass(frozen=True)
class KeptAnswer:
    """Headers and body, plain and compressed; ``size`` is what it takes in memory."""

    etag: str
    headers: Headers
    body: bytes
    gzip_headers: Headers
    gzip_body: bytes
    size: int


def keep(headers: Headers, body: bytes) -> KeptAnswer:
    """An answer made ready for replay: its headers finished, its body compressed once."""
    left_out = ("Content-Length", "Server-Timing")
    shared = [(name, value) for name, value in headers if name not in left_out] + [("Server-Timing", "kept")]
    compressed = gzip.compress(body, 5, mtime=0) if len(body) > _WORTH_COMPRESSING else b""
    return KeptAnswer(
        etag=next(value for name, value in headers if name == "ETag").removeprefix("W/"),
        headers=[*shared, ("Content-Length", str(len(body)))],
        body=body,
        gzip_headers=[*shared, ("Content-Encoding", "gzip"), ("Content-Length", str(len(compressed)))],
        gzip_body=compressed,
        size=len(body) + len(compressed) + _OVERHEAD,
    )


def replay(kept: KeptAnswer, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    """Answers a request from what is kept: 304 where the client holds it already."""
    if kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 NOT MODIFIED", [pair for pair in kept.headers if not pair[0].startswith("Content-")])
        return []
    encodings = environ.get("HTTP_ACCEPT_ENCODING", "")
    compressed = kept.gzip_body and "gzip" in encodings and "gzip;q=0" not in encodings.replace(" ", "")
    start_response("200 OK", kept.gzip_headers if compressed else kept.headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [kept.gzip_body if compressed else kept.body]
