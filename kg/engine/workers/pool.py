"""Runs untrusted queries in killable processes, so that a runaway or crashing query costs one worker."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
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
from kg.engine.workers.handles import Response, WorkerHandle
from kg.engine.workers.supervisor import Supervisor
from kg.engine.workers.worker import Limits
from kg.rdf.vocabulary import Vocabulary
from kg.release.release import Release
from kg.sparql.diagnosis import Diagnosis


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
        configuration = {
            **_graphs_of(release),
            "in_memory": in_memory,
            "limits": asdict(limits),
            "prefixes": prefixes,
        }
        self._queue = QueryQueue[WorkerHandle](size, size, max_wait, max_waiting)
        # As many workers for each lane.
        self._supervisor = Supervisor(configuration, 2 * size, self._queue)

    def wait_until_ready(self, seconds: float) -> bool:
        """Waits up to ``seconds`` for the first attempt to start a worker; returns whether one has started."""
        return self._supervisor.wait_until_ready(seconds)

    def wait_until_warm(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether workers are ready, with the graph in memory if so configured."""
        return self._supervisor.warm.wait(seconds)

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
        supervisor = self._supervisor
        return replace(self._queue.state(), in_memory=supervisor.is_in_memory, trouble=supervisor.trouble)

    def close(self) -> None:
        """Ends the zygote and the workers; running queries fail."""
        self._supervisor.close()

    def _attempt(
        self, lane: Lane[WorkerHandle], request: QueryRequest, deadline: float, cancellation: Cancellation
    ) -> Response | None:
        """Runs a query in a lane; returns ``None`` if it takes too long for the quick one, and the long one is full."""
        worker = self._given(request, lane, deadline, cancellation)
        started = time.monotonic()
        is_sound = False
        try:
            if worker.has_responded(min(QUANTUM, remaining(deadline))):
                response = worker.receive(deadline)
                is_sound = not response[0]["last"]
                return response
            with cancellation.calling(worker.kill):
                until = min(deadline, started + MAX_QUANTUM)
                if lane is self._queue.quick and not _responds_quickly(worker, until):
                    if not self._queue.promote():
                        return None
                    lane, started = self._queue.long, time.monotonic()
                response = worker.receive(deadline)
                is_sound = not response[0]["last"]
                return response
        except TimeoutError:
            raise QueryTimeoutError from None
        except (EOFError, ConnectionError):
            raise (QueryCancelledError() if cancellation.is_set else classify_crash(worker.stderr_tail())) from None
        finally:
            self._queue.end(lane, time.monotonic() - started)
            # Otherwise it died, or its query was stopped, or it has grown.
            self._supervisor.take_back(worker, is_sound=is_sound)

    def _given(
        self, request: QueryRequest, lane: Lane[WorkerHandle], deadline: float, cancellation: Cancellation
    ) -> WorkerHandle:
        """Gives the query to a worker, as soon as one is free, and returns that."""
        while True:
            try:
                worker = self._queue.acquire(lane, deadline, cancellation)
            except TimeoutError:
                raise (QueryTimeoutError if self._supervisor.ready.is_set() else QueueFullError) from None
            try:
                worker.send(request.__dict__, deadline)
            except (ConnectionError, TimeoutError) as error:
                self._queue.end(lane, 0.0)
                self._supervisor.take_back(worker, is_sound=False)
                if isinstance(error, TimeoutError):
                    raise QueryTimeoutError from None
            else:
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


def _graphs_of(release: Release) -> dict[str, Any]:
    """What workers read, and the default graph where it is not the union of all graphs."""
    if not release.manifest.graphs:
        return {"store": str(release.store), "dumps": [str(release.dump)], "imported": [], "default_graphs": []}
    vocabulary = Vocabulary(release.base_iri)
    own = {vocabulary.graph("metadata"), *(count.iri for count in release.manifest.counts.graphs)}
    return {
        "store": str(release.imported_store),
        "dumps": [str(release.dump), str(release.imported_dump)],
        "imported": [graph.iri for graph in release.manifest.graphs],
        "default_graphs": sorted(own),
    }


def _responds_quickly(worker: WorkerHandle, until: float) -> bool:
    """Waits for a response while the query may stay in the quick lane; returns whether it came.

    Args:
        worker: evaluates the query.
        until: time at which waiting ends, on the clock of ``time.monotonic``.
    """
    used = worker.cpu_seconds_before
    while worker.cpu_seconds() - used < QUANTUM and remaining(until):
        if worker.has_responded(min(QUANTUM, remaining(until))):
            return True
    return False


def classify_crash(stderr: str) -> QueryError:
    """Returns the error for a worker that died, by what it wrote to standard error."""
    # The engine's allocator reports a failed allocation before it aborts; a stack overflow leaves nothing useful.
    return MemoryLimitError() if "memory allocation of" in stderr else EngineCrashError()
