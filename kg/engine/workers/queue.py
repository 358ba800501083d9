"""Where queries wait for a worker, and workers for a query."""

from __future__ import annotations

import threading

from kg.engine.interface.base import EngineStatus, QueueFullError, remaining
from kg.engine.workers.handles import WorkerHandle


class WorkerQueue:
    """The idle workers of a pool, the last used first, and how many queries are under way.

    Args:
        workers: how many there are.
        waiting: how many queries may wait for one.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self._workers, self._places = workers, workers + waiting
        self._idle: list[WorkerHandle] = []
        self._busy = self._waiting = self._replaced = 0
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)

    def acquire(self, deadline: float) -> WorkerHandle:
        """A worker for one query, which is under way until ``end``.

        Raises:
            AllWorkersBusy: as many queries wait already as may.
            TimeoutError: none was free until the deadline.
        """
        with self._lock:
            if self._busy + self._waiting >= self._places:
                raise QueueFullError
            self._waiting += 1
            try:
                while not self._idle:
                    if not self._came.wait(remaining(deadline)) and not self._idle:
                        raise TimeoutError
            finally:
                self._waiting -= 1
            self._busy += 1
            return self._idle.pop()

    def end(self) -> None:
        """A query is no longer under way."""
        with self._lock:
            self._busy -= 1

    def release(self, worker: WorkerHandle) -> None:
        """A worker is free."""
        with self._lock:
            self._idle.append(worker)
            self._came.notify()

    def pop(self) -> WorkerHandle | None:
        """One that is free, to be ended."""
        with self._lock:
            return self._idle.pop() if self._idle else None

    def count_restart(self) -> None:
        """A worker is ended, and another takes its place."""
        with self._lock:
            self._replaced += 1

    def state(self) -> EngineStatus:
        return EngineStatus(self._workers, self._busy, self._waiting, self._replaced)
