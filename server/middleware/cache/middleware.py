"""WSGI middleware that caches complete responses and coalesces identical concurrent requests.

The application decides what is cacheable, by the internal header ``CACHE_REGION``. An identical request (method, URL,
Accept, body) is then answered from memory; while the first response is being made, identical requests wait for it. A
cache belongs to one release, so nothing in it becomes stale.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from server.core.metrics import CacheStats
from server.http.headers import CACHE_REGION, Headers
from server.http.wsgi_types import CANCELLATION, REQUEST_START, Application, StartResponse
from server.middleware import compression
from server.middleware.cache.entry import CachedResponse
from server.middleware.cache.key import Key, key_of

# Requests that wait for the first response to an identical one, each in a thread; further ones do not wait.
MAX_WAITING = 16
_STORED = ("Cache-Status", "vitk; fwd=miss; stored")


def _nothing() -> None:
    """Is called when a client leaves that waits for an identical request: its own request then fails at once."""


class _FirstRequest:
    """A request whose response is being made, and for which identical requests wait.

    Attributes:
        was_cancelled: whether its client left, so that another request takes its place.
    """

    def __init__(self) -> None:
        self._unfinished = threading.Lock()
        self._unfinished.acquire()
        self.was_cancelled = False

    def wait(self) -> None:
        with self._unfinished:
            pass

    def end(self, *, was_cancelled: bool) -> None:
        self.was_cancelled = was_cancelled
        self._unfinished.release()


class ResponseCache:
    """The cache around one application.

    Args:
        application: answers on a cache miss.
        limit: size of the cache in bytes; a response larger than a sixteenth of it is not stored.
        covers: whether responses at a path may be cached; requests to all others pass through.
        compressed_only: whether large responses are stored in compressed form alone.
    """

    def __init__(
        self,
        application: Application,
        limit: int,
        covers: Callable[[str], bool],
        *,
        compressed_only: bool = False,
    ) -> None:
        self._application, self._limit, self._covers = application, limit, covers
        self._compressed_only = compressed_only
        self._entries: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._in_progress: dict[Key, _FirstRequest] = {}
        self._waiting = threading.BoundedSemaphore(MAX_WAITING)
        self._lock = threading.Lock()
        self._bytes = self._hits = self._misses = 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers a request from the cache, or through the application."""
        environ.setdefault(REQUEST_START, time.monotonic())
        if not self._covers(environ["PATH_INFO"]):
            return self._application(environ, start_response)
        key = key_of(environ)
        if key is None:
            return self._forward(environ, start_response)
        if cached := self._find(key):
            return cached.respond(environ, start_response)
        with self._lock:
            first_request = self._in_progress.get(key)
            if first_request is None:
                own = self._in_progress[key] = _FirstRequest()
        if first_request is not None:
            with environ[CANCELLATION].calling(_nothing) if CANCELLATION in environ else nullcontext():
                self._wait_for(first_request)
            if first_request.was_cancelled:
                return self(environ, start_response)
            cached = self._find(key)
            return cached.respond(environ, start_response) if cached else self._forward(environ, start_response)
        try:
            return self._respond_first(key, environ, start_response)
        finally:
            with self._lock:
                del self._in_progress[key]
            cancellation = environ.get(CANCELLATION)
            own.end(was_cancelled=cancellation is not None and cancellation.is_set)

    def stats(self) -> CacheStats:
        """Entries, bytes, hits and misses so far."""
        return CacheStats(len(self._entries), self._bytes, self._hits, self._misses)

    def _find(self, key: Key) -> CachedResponse | None:
        with self._lock:
            cached = self._entries.get(key)
            if cached is not None:
                self._entries.move_to_end(key)
                self._hits += 1
        return cached

    def _wait_for(self, first_request: _FirstRequest) -> None:
        # Requests beyond the limit go on at once: the engine's own queue limit applies to them.
        if self._waiting.acquire(blocking=False):
            try:
                first_request.wait()
            finally:
                self._waiting.release()

    def _respond_first(self, key: Key, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        as_get = environ | {"REQUEST_METHOD": "GET"} if environ["REQUEST_METHOD"] == "HEAD" else environ
        status, headers, content = self._call(as_get)
        fields = dict(headers)
        if CACHE_REGION in fields:
            with self._lock:
                self._misses += 1
            # A single response may take a sixteenth of the cache, so that a few large ones do not evict all others.
            if int(fields["Content-Length"]) <= self._limit // 16:
                cached = CachedResponse(headers, content, compressed_only=self._compressed_only)
                self._store(key, cached)
                timing = [("Server-Timing", fields["Server-Timing"])] if "Server-Timing" in fields else []
                return cached.respond(environ, start_response, [_STORED, *timing])
        return compression.send_uncached(environ, start_response, status, headers, content)

    def _forward(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return compression.send_uncached(environ, start_response, *self._call(environ))

    def _call(self, environ: dict[str, Any]) -> tuple[str, Headers, Iterable[bytes]]:
        captured: list[Any] = []
        content = self._application(environ, lambda status, headers, *_: captured.extend((status, headers)))
        return captured[0], captured[1], content

    def _store(self, key: Key, cached: CachedResponse) -> None:
        with self._lock:
            self._entries[key] = cached
            self._bytes += cached.size
            while self._bytes > self._limit:
                _, oldest = self._entries.popitem(last=False)
                self._bytes -= oldest.size
