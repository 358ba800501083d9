"""Finished answers, kept and replayed: a WSGI layer that stands before the application and decides nothing.

The application says which answers may be kept. An equal request (same method, parameters, headers that matter, body) is
then answered from memory; while its first answer is being made, equal requests wait for that one. The layer belongs to
one release, so nothing in it ever grows stale.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from server.core.metrics import CacheStats
from server.http.headers import CACHE_REGION, Headers
from server.http.wsgi_types import REQUEST_START, Application, StartResponse
from server.middleware import compression
from server.middleware.cache.entry import CachedResponse
from server.middleware.cache.key import Key, key_of


class ResponseCache:
    """The layer around one application.

    Args:
        application: what answers first.
        limit: bytes that are kept in all; an answer of more than a sixteenth of it is not kept.
        waiting: how many requests may wait for the first answer to an equal one.
        of: whether the answers at a path may be kept; all others are handed on.
        tightly: whether answers are kept in compressed form alone.
    """

    def __init__(
        self, application: Application, limit: int, waiting: int, of: Callable[[str], bool], *, tightly: bool = False
    ) -> None:
        self._application, self._limit, self._of, self._tightly = application, limit, of, tightly
        self._entries: OrderedDict[Key, CachedResponse] = OrderedDict()
        # Each held by the thread that makes the first answer.
        self._under_way: dict[Key, threading.Lock] = {}
        self._waiting = threading.BoundedSemaphore(max(1, waiting))
        self._lock = threading.Lock()
        self._bytes = self._hits = 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        environ.setdefault(REQUEST_START, time.monotonic())
        if not self._of(environ["PATH_INFO"]):
            return self._application(environ, start_response)
        key = key_of(environ)
        if key is None:
            return self._forward(environ, start_response)
        if cached := self._find(key):
            return cached.respond(environ, start_response)
        with self._lock:
            first_one = self._under_way.get(key)
            if first_one is None:
                making = self._under_way[key] = threading.Lock()
                making.acquire()
        if first_one is not None:
            self._wait(first_one)
            cached = self._find(key)
            return cached.respond(environ, start_response) if cached else self._forward(environ, start_response)
        try:
            return self._first(key, environ, start_response)
        finally:
            with self._lock:
                del self._under_way[key]
            making.release()

    def state(self) -> CacheStats:
        return CacheStats(len(self._entries), self._bytes, self._hits)

    def _find(self, key: Key) -> CachedResponse | None:
        with self._lock:
            cached = self._entries.get(key)
            if cached is not None:
                self._entries.move_to_end(key)
                self._hits += 1
        return cached

    def _wait(self, first_one: threading.Lock) -> None:
        # Those who find no place go on at once: the engine's own bound on waiting queries holds for them.
        if self._waiting.acquire(blocking=False):
            try:
                with first_one:
                    pass
            finally:
                self._waiting.release()

    def _first(self, key: Key, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        as_get = environ | {"REQUEST_METHOD": "GET"} if environ["REQUEST_METHOD"] == "HEAD" else environ
        status, headers, content = self._answered(as_get)
        named = dict(headers)
        if CACHE_REGION in named and int(named["Content-Length"]) <= self._limit // 16:
            cached = CachedResponse(headers, content, tightly=self._tightly)
            self._store(key, cached)
            return cached.respond(environ, start_response, named.get("Server-Timing", ""))
        return compression.send_uncached(environ, start_response, status, headers, content)

    def _forward(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return compression.send_uncached(environ, start_response, *self._answered(environ))

    def _answered(self, environ: dict[str, Any]) -> tuple[str, Headers, Iterable[bytes]]:
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
