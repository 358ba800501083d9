"""Starts the workers of a pool, and replaces those that died, were stopped, or have become too large."""

from __future__ import annotations

import queue
import threading
import time
from typing import Any

from kg.engine.interface.queue import QueryQueue
from kg.engine.workers.handles import WorkerHandle, ZygoteHandle
from kg.reports import log

# Seconds between a failed start and the next attempt: twice as long each time, since where memory is short each attempt
# to load the graph takes much of it again.
_MIN_PAUSE, _MAX_PAUSE = 1.0, 30.0
_SUPERVISION_INTERVAL = 0.05
# Seconds after which an idle worker that has diverged is replaced, and between two looks. The next scan takes longer
# then: a quarter of a second for a million triples.
_IDLE_BEFORE_RECYCLING, _RECYCLING_INTERVAL = 15.0, 5.0


class Supervisor:
    """Keeps a number of workers in a queue. A thread starts them, so that no request waits for a replacement.

    While the graph is being loaded into memory, workers read it from disk.

    Args:
        configuration: of the zygote.
        size: number of workers.
        idle: the queue for the workers.

    Attributes:
        ready: set when the first worker has started.
        warm: set when workers are ready, with the graph in memory if so configured.
        trouble: why no worker could be started, in a sentence; "" if the last attempt succeeded.
    """

    def __init__(self, configuration: dict[str, Any], size: int, idle: QueryQueue[WorkerHandle]) -> None:
        self._configuration, self._size, self._queue = configuration, size, idle
        self._in_memory = bool(configuration["in_memory"])
        self._lock = threading.Lock()
        self._diverged: set[WorkerHandle] = set()
        self.ready, self.warm, self._closed = threading.Event(), threading.Event(), threading.Event()
        self.trouble = ""
        self._pause = _MIN_PAUSE
        self._attempted = threading.Event()
        self._wanted: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(size):
            self._wanted.put(None)
        self._thread = threading.Thread(target=self._supervise, name="vitk query workers", daemon=True)
        self._thread.start()

    def wait_until_ready(self, seconds: float) -> bool:
        """Waits up to ``seconds`` for the first attempt to start a worker; returns whether one has started."""
        self._attempted.wait(seconds)
        return self.ready.is_set()

    @property
    def is_in_memory(self) -> bool:
        """Whether workers have the graph in memory."""
        return self._in_memory and self.warm.is_set()

    def take_back(self, worker: WorkerHandle, *, is_sound: bool) -> None:
        """Takes a worker back after a query: it goes into the queue, or is replaced.

        Args:
            worker: has no query.
            is_sound: whether it may have another one.
        """
        if not is_sound:
            self._queue.count_restart()
        if is_sound and (worker.in_memory or not self.is_in_memory) and self._may_stay(worker):
            worker.idle_since = time.monotonic()
            # Few workers have copies of the graph if these are used first.
            self._queue.release(worker, is_preferred=worker.has_diverged)
        else:
            self._replace(worker)

    def close(self) -> None:
        """Ends the zygote and the workers."""
        self._closed.set()
        self._wanted.put(None)
        self._thread.join()
        while worker := self._queue.pop():
            worker.end()

    def _may_stay(self, worker: WorkerHandle) -> bool:
        """Whether a worker may keep its copies of the graph: as many may as long queries run at once."""
        with self._lock:
            if worker.has_diverged:
                self._diverged.add(worker)
            return worker not in self._diverged or len(self._diverged) <= self._queue.long.slots

    def _replace(self, worker: WorkerHandle) -> None:
        with self._lock:
            self._diverged.discard(worker)
        worker.end()
        self._wanted.put(None)

    def _recycle(self) -> None:
        """Replaces workers that have copies of the graph and that nobody has used for some time."""
        unused = time.monotonic() - _IDLE_BEFORE_RECYCLING
        for worker in self._queue.withdraw(lambda worker: worker.has_diverged and worker.idle_since < unused):
            self._replace(worker)

    def _supervise(self) -> None:
        interim = self._start_from_disk() if self._in_memory else None
        zygote = self._load_alongside(interim) if interim is not None else None
        while not self._closed.is_set():
            try:
                self._wanted.get(timeout=_RECYCLING_INTERVAL)
            except queue.Empty:
                self._recycle()
            else:
                zygote = self._start_one(zygote)
        for running in (zygote, interim):
            if running is not None:
                running.end()

    def _start_one(self, zygote: ZygoteHandle | None) -> ZygoteHandle | None:
        """Starts a worker, however often that fails; returns the zygote, which may be another one then."""
        while not self._closed.is_set():
            try:
                if zygote is None:
                    zygote = ZygoteHandle(self._configuration)
                    zygote.wait_until_loaded()
                self._queue.release(zygote.fork())
            except (EOFError, OSError) as error:
                self._failed(zygote, error)
                zygote = None
                self._wait_after_failure()
            else:
                self._succeeded()
                self.warm.set()
                break
        return zygote

    def _succeeded(self) -> None:
        self.trouble = ""
        self._pause = _MIN_PAUSE
        self.ready.set()
        self._attempted.set()

    def _failed(self, zygote: ZygoteHandle | None, error: Exception) -> None:
        """Ends a zygote that does not fork, and reports why."""
        reason = zygote.reason_of_death() if zygote is not None else str(error)
        if zygote is not None:
            zygote.end()
        trouble = f"Query workers cannot be started: {reason}."
        if trouble != self.trouble and not self._closed.is_set():
            log.write_line(f"vitk: {trouble}")
        self.trouble = trouble
        self._attempted.set()

    def _wait_after_failure(self, interim: ZygoteHandle | None = None) -> None:
        """Waits before the next attempt.

        Args:
            interim: forks workers meanwhile, in place of those that were killed.

        Raises:
            EOFError, OSError: the interim zygote died.
        """
        until = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, _MAX_PAUSE)
        while not self._closed.wait(_SUPERVISION_INTERVAL) and time.monotonic() < until:
            if interim is not None:
                self._refill(interim)

    def _refill(self, interim: ZygoteHandle) -> None:
        """Replaces workers that were killed while the graph was loading."""
        while not self._wanted.empty():
            self._queue.release(interim.fork())
            self._wanted.get()

    def _start_from_disk(self) -> ZygoteHandle | None:
        """Starts workers that read from disk, so that queries are answered while the graph is loading."""
        while not self._wanted.empty():
            self._wanted.get()
        interim: ZygoteHandle | None = None
        try:
            interim = ZygoteHandle(self._configuration | {"in_memory": False})
            interim.wait_until_loaded()
            for _ in range(self._size):
                self._queue.release(interim.fork())
        except (EOFError, OSError) as error:
            self._failed(interim, error)
            for _ in range(self._size):
                self._wanted.put(None)
            return None
        self._succeeded()
        return interim

    def _load_alongside(self, interim: ZygoteHandle) -> ZygoteHandle | None:
        """Loads the graph, then replaces the workers that read from disk: idle ones now, others when they finish.

        Returns ``None`` if the workers that read from disk cannot be replaced any more.
        """
        while (zygote := self._loading_zygote()) is not None:
            try:
                while not zygote.has_loaded(_SUPERVISION_INTERVAL):
                    self._refill(interim)
                    if self._closed.is_set():
                        return zygote
            except (EOFError, OSError):
                zygote.end()
                return None
            try:
                zygote.wait_until_loaded()
            except (EOFError, OSError) as error:
                self._failed(zygote, error)
            else:
                break
            try:
                self._wait_after_failure(interim)
            except (EOFError, OSError):
                return None
        if zygote is not None:
            self._replace_interim(interim)
        return zygote

    def _replace_interim(self, interim: ZygoteHandle) -> None:
        """Replaces workers that read from disk, now that there is a zygote with the graph in memory."""
        self._succeeded()
        self.warm.set()
        replaced = 0
        while worker := self._queue.pop():
            self._replace(worker)
            replaced += 1
        # A busy worker ends with its zygote, so the interim zygote stays as long as one may be left.
        if replaced == self._size:
            interim.end()

    def _loading_zygote(self) -> ZygoteHandle | None:
        """Starts the zygote with the graph, however often that fails; ``None`` if the pool is closed meanwhile."""
        while not self._closed.is_set():
            try:
                return ZygoteHandle(self._configuration)
            except OSError:
                self._wait_after_failure()
        return None
