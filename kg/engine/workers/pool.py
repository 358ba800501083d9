"""Runs untrusted queries in killable processes, so that a runaway or crashing query costs one worker."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import asdict
from typing import Any

from kg.engine.interface.base import (
    DiskFullError,
    EngineCrashError,
    EngineStatus,
    FormatNotAvailableError,
    MemoryLimitError,
    QueryCancelledError,
    QueryError,
    QueryRejectedError,
    QueryRequest,
    QueryResult,
    QuerySyntaxError,
    QueryTimeoutError,
    QueueFullError,
    ResultTooLargeError,
    ServiceError,
    remaining,
)
from kg.engine.interface.cancellation import Cancellation
from kg.engine.interface.queue import MAX_QUANTUM, QUANTUM, Lane, QueryQueue
from kg.engine.workers.handles import Response, WorkerHandle, ZygoteHandle
from kg.engine.workers.worker import Limits
from kg.release.release import Release
from kg.sparql.diagnosis import Diagnosis

_PAUSE_AFTER_A_FAILED_START = 1.0
_SUPERVISION_INTERVAL = 0.05


class WorkerPool:
    """An engine with a fixed number of workers on one release.

    Args:
        release: the release to query.
        size: number of quick queries, and of long ones, that may run at once; see ``QueryQueue``.
        max_wait: seconds; a query that would probably wait longer for a worker is rejected.
        max_waiting: number of queries that may wait, each in a thread of its caller.
        in_memory: whether the release is loaded into memory; otherwise every worker reads it from disk.
        limits: limits of one worker.
        prefixes: prefixes for Turtle results, suggested when a query uses one undeclared.
    """

    def __init__(
        self,
        release: Release,
        *,
        size: int,
        max_wait: float,
        max_waiting: int,
        in_memory: bool,
        limits: Limits,
        prefixes: dict[str, str],
    ) -> None:
        self._configuration = {
            "store": str(release.store),
            "dump": str(release.dump),
            "in_memory": in_memory,
            "limits": asdict(limits),
            "prefixes": prefixes,
        }
        # As many for each lane.
        self._size = 2 * size
        self._queue = QueryQueue[WorkerHandle](size, size, max_wait, max_waiting)
        self._ready, self._loaded, self._closed = threading.Event(), threading.Event(), threading.Event()
        self._wanted: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(self._size):
            self._wanted.put(None)
        # A separate thread starts workers, so that no request waits for the replacement of a worker that it killed.
        self._supervisor = threading.Thread(target=self._supervise, name="vitk query workers", daemon=True)
        self._supervisor.start()

    def wait_until_ready(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether the first worker has started."""
        return self._ready.wait(seconds)

    def wait_until_warm(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether workers are ready, with the graph in memory if so configured."""
        return (self._loaded if self._configuration["in_memory"] else self._ready).wait(seconds)

    def run(self, request: QueryRequest, deadline: float, cancellation: Cancellation | None = None) -> QueryResult:
        """Evaluates a query; see ``Engine``."""
        arrived = time.monotonic()
        cancellation = cancellation or Cancellation()
        for lane in (self._queue.quick, self._queue.long):
            if response := self._attempt(lane, request, deadline, cancellation):
                header, body, files = response
                # A query that had to start anew waited until then.
                queued = max(0.0, time.monotonic() - arrived - header.get("seconds", 0.0))
                return self._read(header, body, files, queued)
        raise AssertionError("the long lane always responds")

    def state(self) -> EngineStatus:
        """Returns the numbers of workers and queries; see ``Engine``."""
        return self._queue.state()

    def close(self) -> None:
        """Ends the zygote and the workers; running queries fail."""
        self._closed.set()
        self._wanted.put(None)
        self._supervisor.join()
        while worker := self._queue.pop():
            worker.end()

    def _attempt(
        self, lane: Lane[WorkerHandle], request: QueryRequest, deadline: float, cancellation: Cancellation
    ) -> Response | None:
        """Runs a query in a lane; returns ``None`` if it takes too long for the quick one, and the long one is full."""
        worker = self._worker(lane, deadline, cancellation)
        started = time.monotonic()
        is_sound = is_quick = False
        try:
            used = worker.cpu_seconds()
            worker.send(request.__dict__, deadline)
            if worker.has_responded(min(QUANTUM, remaining(deadline))):
                response = worker.receive(deadline)
                is_quick, is_sound = True, not response[0]["last"]
                return response
            with cancellation.calling(worker.kill):
                is_quick = lane is self._queue.quick
                if is_quick and not _responds_quickly(worker, used, min(deadline, started + MAX_QUANTUM)):
                    if not self._queue.promote():
                        return None
                    is_quick, lane, started = False, self._queue.long, time.monotonic()
                if not is_quick:
                    worker.yield_to_others()
                response = worker.receive(deadline)
                is_sound = not response[0]["last"]
                return response
        except TimeoutError:
            raise QueryTimeoutError from None
        except (EOFError, ConnectionError):
            raise (QueryCancelledError() if cancellation.is_set else classify_crash(worker.stderr_tail())) from None
        finally:
            self._queue.end(lane, time.monotonic() - started)
            if not is_sound:
                # It died, or its query was stopped, or it has grown.
                self._queue.count_restart()
            if is_sound and is_quick and (worker.in_memory or not self._loaded.is_set()):
                self._queue.release(worker)
            else:
                self._replace(worker)

    def _worker(self, lane: Lane[WorkerHandle], deadline: float, cancellation: Cancellation) -> WorkerHandle:
        try:
            while (worker := self._queue.acquire(lane, deadline, cancellation)).is_dead():
                self._queue.end(lane, 0.0)
                self._queue.count_restart()
                self._replace(worker)
        except TimeoutError:
            raise (QueryTimeoutError if self._ready.is_set() else QueueFullError) from None
        return worker

    def _read(self, header: dict[str, Any], body: bytes, files: list[int], queued: float) -> QueryResult:
        match header["outcome"]:
            case "answer":
                content = open(files[0], "rb") if files else body  # noqa: SIM115, PTH123 - the result closes it
                length, deterministic = header["length"], header["deterministic"]
                return QueryResult(
                    header["format"], content, length, deterministic, queued, header["seconds"], header["hint"]
                )
            case "syntax":
                raise QuerySyntaxError(Diagnosis(**header["diagnosis"]))
            case "not acceptable":
                raise FormatNotAvailableError(header["form"])
            case "too large":
                raise ResultTooLargeError
            case "disk full":
                raise DiskFullError
            case "memory":
                raise MemoryLimitError
            case "service failed":
                raise ServiceError(header["message"])
            case _:
                raise QueryRejectedError(header["message"])

    def _replace(self, worker: WorkerHandle) -> None:
        worker.end()
        self._wanted.put(None)

    def _supervise(self) -> None:
        interim = self._start_from_disk() if self._configuration["in_memory"] else None
        zygote = self._load_alongside(interim) if interim is not None else None
        while not self._closed.is_set():
            self._wanted.get()
            while not self._closed.is_set():
                try:
                    if zygote is None:
                        zygote = ZygoteHandle(self._configuration)
                        zygote.wait_until_loaded()
                        if self._configuration["in_memory"]:
                            self._loaded.set()
                    self._queue.release(zygote.fork())
                except (EOFError, OSError):
                    if zygote is not None:
                        zygote.end()
                        zygote = None
                    self._closed.wait(_PAUSE_AFTER_A_FAILED_START)
                else:
                    self._ready.set()
                    break
        for running in (zygote, interim):
            if running is not None:
                running.end()

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
        except (EOFError, OSError):
            if interim is not None:
                interim.end()
            for _ in range(self._size):
                self._wanted.put(None)
            return None
        self._ready.set()
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
            except (EOFError, OSError):
                zygote.end()
                self._closed.wait(_PAUSE_AFTER_A_FAILED_START)
            else:
                break
        if zygote is None:
            return None
        self._loaded.set()
        replaced = 0
        while worker := self._queue.pop():
            self._replace(worker)
            replaced += 1
        # A busy worker ends with its zygote, so the interim zygote stays as long as one may be left.
        if replaced == self._size:
            interim.end()
        return zygote

    def _loading_zygote(self) -> ZygoteHandle | None:
        """Starts the zygote with the graph, however often that fails; ``None`` if the pool is closed meanwhile."""
        while not self._closed.is_set():
            try:
                return ZygoteHandle(self._configuration)
            except OSError:
                self._closed.wait(_PAUSE_AFTER_A_FAILED_START)
        return None


def _responds_quickly(worker: WorkerHandle, used: float, until: float) -> bool:
    """Waits for a response while the query may stay in the quick lane; returns whether it came.

    Args:
        worker: evaluates the query.
        used: seconds of a processor that it had used before.
        until: time at which waiting ends, on the clock of ``time.monotonic``.
    """
    while worker.cpu_seconds() - used < QUANTUM and remaining(until):
        if worker.has_responded(min(QUANTUM, remaining(until))):
            return True
    return False


def classify_crash(stderr: str) -> QueryError:
    """Returns the error for a worker that died, by what it wrote to standard error."""
    # The engine's allocator reports a failed allocation before it aborts; a stack overflow leaves nothing useful.
    return MemoryLimitError() if "memory allocation of" in stderr else EngineCrashError()
