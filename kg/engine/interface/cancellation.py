"""Cancellation of queries for whose results nobody waits any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stop = Callable[[], object]


class Cancellation:
    """Whether anybody still waits for the result of a query.

    Args:
        watch: starts watching; it gets the function to call, from any thread, when nobody waits any more, and returns
            the function that ends watching. It is called only for a query that takes long, since watching costs more
            than a quick query. ``None`` for a query that is never cancelled.

    Attributes:
        is_set: whether nobody waits any more.
    """

    def __init__(self, watch: Callable[[Stop], Stop] | None = None) -> None:
        self._watch = watch
        self._lock = threading.RLock()
        self._stop: Stop | None = None
        self.is_set = False

    @contextmanager
    def calling(self, stop: Stop) -> Iterator[None]:
        """Calls ``stop`` once if the query is cancelled within the ``with`` block, or was before; never after it."""
        with self._lock:
            self._stop = stop
            if self.is_set:
                self._set()
        end = self._watch(self._set) if self._watch is not None else None
        try:
            yield
        finally:
            with self._lock:
                self._stop = None
            if end is not None:
                end()

    def _set(self) -> None:
        with self._lock:
            self.is_set = True
            stop, self._stop = self._stop, None
            if stop is not None:
                stop()
