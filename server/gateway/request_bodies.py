"""Receives request bodies while no thread waits: granian reports each piece, in one of its threads, when it has come.

Everything that a client sends is counted: the bytes of all bodies together, and the pieces of each one. A body has a
deadline.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from server.http.problems import EARLY_ERROR, Problem
from server.http.request_body import MAX_BYTES, attach

# Bytes of all bodies that are being received or answered. Large bodies may use half of them, so that small ones are
# never refused because of them.
BUDGET = 64 << 20
_SMALL = 64 << 10
# Bytes that an upload takes besides its body.
_OVERHEAD = 8 << 10
# A body in chunks of a few bytes costs more time than its length tells.
_MAX_PIECES = 10_000


class Budget:
    """Bytes of memory for bodies, shared by all uploads."""

    def __init__(self, limit: int = BUDGET) -> None:
        self._limit, self._lock = limit, threading.Lock()
        self.used = 0

    def take(self, size: int, *, is_large: bool) -> None:
        """Reserves some bytes.

        Raises:
            Problem: 503 if there are not as many.
        """
        with self._lock:
            if self.used + size > (self._limit // 2 if is_large else self._limit):
                raise Problem(503, "Server busy", "Too many uploads in progress. Try again.", {"Retry-After": "1"})
            self.used += size

    def give_back(self, size: int) -> None:
        """Frees bytes that were reserved."""
        with self._lock:
            self.used -= size


class Upload:
    """One body on its way.

    Args:
        protocol: granian's, of this request.
        environ: WSGI environment of the request.
        announced: the Content-Length, or 0 for a body of unknown length.
        budget: where its bytes are counted, until ``close``.
        finished: is called once, with this upload, when its body or the problem with it is in the environment.
    """

    def __init__(
        self,
        protocol: Any,
        environ: dict[str, Any],
        announced: int,
        budget: Budget,
        finished: Callable[[Upload], None],
    ) -> None:
        self.protocol, self.environ, self.started = protocol, environ, time.monotonic()
        self._announced, self._budget, self._finished = announced, budget, finished
        self._pieces: list[bytes] = []
        # In HTTP/2 the last piece may be. A body that breaks off looks the same, but nobody is there for the response.
        self._may_be_empty = environ.get("SERVER_PROTOCOL") == "HTTP/2"
        self._size = self._reserved = 0
        self._body: Any = None
        self._waiting_for: Any = None
        self._lock = threading.Lock()
        self.is_done = False

    def start(self) -> None:
        """Begins to receive; returns at once."""
        try:
            self._reserve(_OVERHEAD)
        except Problem as problem:
            self._end(problem)
            return
        self._body = self.protocol.__aiter__()
        self._receive()

    def expire(self, seconds: float) -> None:
        """Ends the upload because it took too long.

        Args:
            seconds: how long it was allowed to take.
        """
        detail = f"Received {self._size:,} bytes within {seconds:g} s, and not all. Send the body without a pause."
        self._end(Problem(408, "Request timeout", detail, {"Connection": "close"}, limitSeconds=seconds))

    def close(self) -> None:
        """Gives the memory of the body back, after the response."""
        with self._lock:
            self._budget.give_back(self._reserved)
            self._reserved = 0

    def _receive(self) -> None:
        while not self.is_done:
            try:
                self._waiting_for = future = self._body.__anext__()
            except StopAsyncIteration:
                self._end(self._problem_at_the_end())
                return
            if not future.done():
                future.add_done_callback(self._came)
                return
            self._take(future.result())

    def _came(self, future: Any) -> None:
        if not (self.is_done or future.cancelled()):
            self._take(future.result())
            self._receive()

    def _take(self, piece: bytes) -> None:
        if not piece and self._may_be_empty:
            self._may_be_empty = False
            return
        if not piece:
            # Either the end, after which granian gives nothing, or an error, after which it gives another piece.
            try:
                self._body.__anext__().cancel()
            except StopAsyncIteration:
                self._end(self._problem_at_the_end())
                return
            self._end(self._incomplete())
            return
        self._size += len(piece)
        self._pieces.append(bytes(piece))
        try:
            self._reserve(len(piece))
        except Problem as problem:
            self._end(problem)
            return
        if self._size > MAX_BYTES or (self._announced and self._size >= self._announced):
            self._end(None)
        elif len(self._pieces) > _MAX_PIECES:
            detail = f"The body came in more than {_MAX_PIECES:,} pieces. Send larger chunks, or a Content-Length."
            self._end(Problem(400, "Body in too many pieces", detail))

    def _problem_at_the_end(self) -> Problem | None:
        return None if self._size >= self._announced else self._incomplete()

    def _incomplete(self) -> Problem:
        expected = f"the {self._announced:,} bytes in Content-Length" if self._announced else "a body in chunks"
        detail = f"Received {self._size:,} bytes of {expected}, then it broke off. Send the request again."
        return Problem(400, "Incomplete request body", detail)

    def _reserve(self, size: int) -> None:
        with self._lock:
            if not self.is_done:
                self._budget.take(size, is_large=self._size > _SMALL)
                self._reserved += size

    def _end(self, problem: Problem | None) -> None:
        with self._lock:
            if self.is_done:
                return
            self.is_done = True
        content, length = b"".join(self._pieces), self._size
        self._pieces.clear()
        if problem:
            self.environ[EARLY_ERROR], content, length = problem, b"", 0
        elif length > MAX_BYTES:
            content = b""
        attach(self.environ, content, length)
        if self._waiting_for is not None:
            # Without this, granian would wait for the rest of the body and keep the connection.
            self._waiting_for.cancel()
        self._waiting_for = self._body = None
        self._finished(self)


class Uploads:
    """All bodies on their way, and their deadline.

    Args:
        limit: seconds within which a body must be complete.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._started: deque[Upload] = deque()

    def add(self, upload: Upload) -> None:
        """Watches an upload that begins now."""
        self._started.append(upload)

    def sweep(self) -> None:
        """Ends the uploads that take too long."""
        late = time.monotonic() - self._limit
        while self._started and (self._started[0].is_done or self._started[0].started < late):
            upload = self._started.popleft()
            if not upload.is_done:
                upload.expire(self._limit)
