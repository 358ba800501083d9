"""Access log: one line of JSON for each request, on standard error."""

from __future__ import annotations

import hashlib
import json
import sys
import time
import urllib.parse
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from kg.rdf.formats import FORM_TYPE, QUERY_TYPE
from server.http.headers import Headers
from server.http.request_body import REQUEST_BODY
from server.http.wsgi_types import Application, StartResponse

_MICROSECONDS = 1_000_000


def with_access_log(application: Application) -> Application:
    """Wraps an application so that it logs each response: method, path, hash of the query, status and duration."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()

        def log(status: str, headers: Headers, *rest: object) -> Any:
            entry = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "method": environ["REQUEST_METHOD"],
                "path": environ["PATH_INFO"],
                "query": _hash(environ),
                "status": int(status[:3]),
                "microseconds": round((time.perf_counter() - started) * _MICROSECONDS),
                **_response_fields(dict(headers)),
            }
            sys.stderr.write(json.dumps(entry) + "\n")
            return start_response(status, headers, *rest)

        return application(environ, log)

    return answer


def _response_fields(headers: dict[str, str]) -> dict[str, object]:
    return {
        "bytes": int(headers.get("Content-Length", 0)),
        "timing": headers.get("Server-Timing", ""),
        "release": headers.get("Vitk-Release", ""),
    }


def _hash(environ: dict[str, Any]) -> str:
    """Identifies a query, however it was sent, without logging its text."""
    body: bytes = environ.get(REQUEST_BODY, b"")
    given = environ.get("QUERY_STRING", "").encode("latin-1")
    media_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type == QUERY_TYPE:
        query = body
    elif media_type == FORM_TYPE:
        query = _query_in(given) or _query_in(body)
    else:
        query = _query_in(given)
    return hashlib.sha256(query).hexdigest()[:16] if query else ""


def _query_in(parameters: bytes) -> bytes:
    pairs = urllib.parse.parse_qsl(parameters.decode("latin-1"))
    return next((value.encode() for name, value in pairs if name == "query"), b"")
