"""Bodies of requests, read whole before anything else happens: up to a size, and a few at once, so that clients that
stop sending leave threads for everybody else."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterable
from typing import Any

from server.http.problems import EARLY_ERROR, Problem
from server.http.wsgi_types import REQUEST_START, Application, StartResponse

MAX_BYTES = 4 << 20
# In the environment of a request: its body.
REQUEST_BODY = "vitk.request_body"
_WITHOUT = ("GET", "HEAD", "OPTIONS")


class RequestBodyMiddleware:
    """The layer around one application, which finds the body in memory, or the problem with it.

    Args:
        application: what answers, and tells of a body that is larger than ``MAX_BYTES``.
        at_once: how many bodies may be under way.
    """

    def __init__(self, application: Application, at_once: int) -> None:
        self._application, self._places = application, threading.BoundedSemaphore(at_once)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _WITHOUT:
            # Time runs from here, before a slow client has sent all.
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
        """The body and its length; no body where that is too much."""
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        if announced > MAX_BYTES or not (announced or "HTTP_TRANSFER_ENCODING" in environ):
            return b"", announced
        if not self._places.acquire(blocking=False):
            detail = "As many requests are being received as may. Try again in a moment."
            raise Problem(503, "Too busy", detail, {"Retry-After": "1"})
        try:
            content = environ["wsgi.input"].read(MAX_BYTES + 1)
        finally:
            self._places.release()
        if len(content) > MAX_BYTES:
            return b"", len(content)
        if len(content) < announced:
            detail = f"Content-Length announced {announced:,} bytes, {len(content):,} came. Send it again."
            raise Problem(400, "The request broke off", detail)
        return content, len(content)
