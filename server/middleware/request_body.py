"""Receives request bodies completely before any other processing.

Size and number of concurrent uploads are limited, so that clients that stop sending cannot occupy all threads.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterable
from typing import Any

from server.http.problems import EARLY_ERROR, Problem
from server.http.wsgi_types import REQUEST_START, Application, StartResponse

MAX_BYTES = 4 << 20
# Key in the WSGI environment: the body of the request, as bytes.
REQUEST_BODY = "vitk.request_body"
_METHODS_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class RequestBodyMiddleware:
    """Middleware that puts the body, or the problem with it, into the WSGI environment.

    Args:
        application: answers the requests; it rejects a body larger than ``MAX_BYTES`` by its CONTENT_LENGTH.
        at_once: maximum number of concurrent uploads.
    """

    def __init__(self, application: Application, at_once: int) -> None:
        self._application, self._places = application, threading.BoundedSemaphore(at_once)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Receives the body of a request and calls the application."""
        if environ["REQUEST_METHOD"] not in _METHODS_WITHOUT_BODY:
            # The time limit starts here, so that a slow upload counts.
            environ[REQUEST_START] = time.monotonic()
            content, length = b"", 0
            try:
                content, length = self._received(environ)
            except Problem as problem:
                environ[EARLY_ERROR] = problem
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            environ |= {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(length), REQUEST_BODY: content}
        return self._application(environ, start_response)

    def _received(self, environ: dict[str, Any]) -> tuple[bytes, int]:
        """The body and its length in bytes; an empty body where it exceeds ``MAX_BYTES``."""
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        if announced > MAX_BYTES or not (announced or "HTTP_TRANSFER_ENCODING" in environ):
            return b"", announced
        if not self._places.acquire(blocking=False):
            detail = "Too many uploads in progress. Try again in a moment."
            raise Problem(503, "Server busy", detail, {"Retry-After": "1"})
        try:
            content = environ["wsgi.input"].read(MAX_BYTES + 1)
        finally:
            self._places.release()
        if len(content) > MAX_BYTES:
            return b"", len(content)
        if len(content) < announced:
            detail = f"Received {len(content):,} of the {announced:,} bytes in Content-Length. Send the request again."
            raise Problem(400, "Incomplete request body", detail)
        return content, len(content)
