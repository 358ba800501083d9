"""Answers that are not kept, on their way out: without the word to keep them, compressed where the client takes it."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from server.http.encoding import WORTH_COMPRESSING, accepts_gzip, vary_on_encoding
from server.http.headers import CACHE_REGION, Headers
from server.http.wsgi_types import StartResponse, close

_CHUNK = 1 << 16
_IN_MEMORY = 1 << 20
_FAST_LEVEL = 1


def send_uncached(
    environ: dict[str, Any], start_response: StartResponse, status: str, headers: Headers, content: Iterable[bytes]
) -> Iterable[bytes]:
    """Answers a request with what the application answered to it."""
    headers = [pair for pair in headers if pair[0] != CACHE_REGION]
    may_be_packed = _is_compressible(status, dict(headers))
    packs = may_be_packed and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if may_be_packed:
        headers = vary_on_encoding(headers)
    if packs:
        headers = [*(pair for pair in headers if pair[0] != "Content-Length"), ("Content-Encoding", "gzip")]
    if environ["REQUEST_METHOD"] == "HEAD":
        close(content)
        content = []
    elif packs:
        file = _compressed(content)
        headers.append(("Content-Length", str(file.tell())))
        content = _pieces(file)
    start_response(status, headers)
    return content


def _is_compressible(status: str, header_fields: dict[str, str]) -> bool:
    return (
        status.startswith("200")
        and int(header_fields.get("Content-Length", 0)) > WORTH_COMPRESSING
        and "Content-Encoding" not in header_fields
        and "gzip" not in header_fields["Content-Type"]
    )


def _compressed(content: Iterable[bytes]) -> IO[bytes]:
    """All of it in a file, at its end; so the length is known before the first byte goes out."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - _pieces closes it
    try:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_FAST_LEVEL, mtime=0) as packed:
            for piece in content:
                packed.write(piece)
    finally:
        close(content)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece
