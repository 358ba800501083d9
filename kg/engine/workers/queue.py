"""The queue in which queries wait for a worker."""

from __future__ import annotations

import threading

from kg.engine.interface.base import EngineStatus, QueueFullError, remaining
from kg.engine.workers.handles import WorkerHandle


class WorkerQueue:
    """The idle workers of a pool, the last used first, and the number of running queries.

    Args:
        workers: number of workers.
        waiting: number of queries that may wait for a worker.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self._workers, self._places = workers, workers + waiting
        self._idle: list[WorkerHandle] = []
        self._busy = self._waiting = self._replaced = 0
        self._lock = threading.Lock()
        self._released = threading.Condition(self._lock)

    def acquire(self, deadline: float) -> WorkerHandle:
        """Returns a worker for one query, which counts as running until ``end``.

        Raises:
            QueueFullError: the maximum number of queries is waiting already.
            TimeoutError: no worker was free before the deadline.
        """
        with self._lock:
            if self._busy + self._waiting >= self._places:
                raise QueueFullError
            self._waiting += 1
            try:
                while not self._idle:
                    if not self._released.wait(remaining(deadline)) and not self._idle:
                        raise TimeoutError
            finally:
                self._waiting -= 1
            self._busy += 1
            return self._idle.pop()

    def end(self) -> None:
        """Records that a query has finished."""
        with self._lock:
            self._busy -= 1

    def release(self, worker: WorkerHandle) -> None:
        """Returns a worker to the pool."""
        with self._lock:
            self._idle.append(worker)
            self._released.notify()

    def pop(self) -> WorkerHandle | None:
        """Takes an idle worker out of the pool, to be ended; ``None`` if there is none."""
        with self._lock:
            return self._idle.pop() if self._idle else None

    def count_restart(self) -> None:
        """Records that a worker was replaced."""
        with self._lock:
            self._replaced += 1

    def state(self) -> EngineStatus:
        """Returns the numbers of workers, of running and waiting queries, and of restarts."""
        return EngineStatus(self._workers, self._busy, self._waiting, self._replaced)
