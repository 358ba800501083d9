"""Sends uncached responses: strips the internal cache header and applies gzip where the client accepts it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any

from kg.rdf.anonymous_file import anonymous_file
from server.http import problems
from server.http.encoding import COMPRESSION_THRESHOLD, accepts_gzip, vary_on_encoding
from server.http.file_body import IN_MEMORY, FileBody
from server.http.headers import CACHE_REGION, Headers
from server.http.wsgi_types import StartResponse, close

_FAST_LEVEL = 1
_DISK_FULL = problems.Problem(
    507, "Disk full", "The server has too little disk space to compress this. Send Accept-Encoding: identity."
)


def send_uncached(
    environ: dict[str, Any], start_response: StartResponse, status: str, headers: Headers, content: Iterable[bytes]
) -> Iterable[bytes]:
    """Answers a request with the application's response."""
    headers = [pair for pair in headers if pair[0] != CACHE_REGION]
    is_compressible = _is_compressible(status, dict(headers))
    compresses = is_compressible and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    # A 304 varies as the response does that it stands for (RFC 9110, 15.4.5).
    if is_compressible or status.startswith("304"):
        headers = vary_on_encoding(headers)
    if compresses:
        headers = [*(pair for pair in headers if pair[0] != "Content-Length"), ("Content-Encoding", "gzip")]
    if environ["REQUEST_METHOD"] == "HEAD":
        close(content)
        content = []
    elif compresses:
        try:
            content = _compressed(content)
        except OSError:
            status, headers, body = problems.for_middleware(_DISK_FULL, headers)
            start_response(status, headers)
            return [body]
        length = content.length if isinstance(content, FileBody) else len(content[0])
        headers.append(("Content-Length", str(length)))
    start_response(status, headers)
    return content


def _is_compressible(status: str, header_fields: dict[str, str]) -> bool:
    return (
        status.startswith("200")
        and int(header_fields.get("Content-Length", 0)) > COMPRESSION_THRESHOLD
        and "Content-Encoding" not in header_fields
        and "gzip" not in header_fields["Content-Type"]
    )


def _compressed(content: Iterable[bytes]) -> list[bytes] | FileBody:
    """The complete body, so that its length is known before the first byte is sent."""
    file = anonymous_file()
    try:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_FAST_LEVEL, mtime=0) as compressed:
            for piece in content:
                compressed.write(piece)
    except OSError:
        file.close()
        raise
    finally:
        close(content)
    file.flush()
    length = file.tell()
    if length > IN_MEMORY:
        return FileBody(file, length)
    with file:
        file.seek(0)
        return [file.read()]
