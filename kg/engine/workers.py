"""Strangers' queries, each in a process that can be killed: a query that runs too long or crashes the engine costs one
worker and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.engine.diagnosis import Diagnosis, diagnose


class QueryFailed(Exception):
    """A stranger's query that has no answer."""


class QueryMalformed(QueryFailed):
    """The query is not SPARQL."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.message)
        self.diagnosis = diagnosis


class QueryRefused(QueryFailed):
    """The query asks for something that this endpoint does not do."""


class QueryNotAcceptable(QueryFailed):
    """The answer can't be written in any format that was asked for. ``form`` is "graph" or "results"."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form


class QueryTimedOut(QueryFailed):
    """The query ran longer than allowed."""


class QueryTooLarge(QueryFailed):
    """The answer, or the memory needed to find it, is larger than allowed."""


class AllWorkersBusy(QueryFailed):
    """No worker came free in time."""


@dataclass(frozen=True)
class Request:
    """A stranger's query; the formats are names of ``kg.formats``, ``None`` where nothing acceptable exists."""

    query: str
    results_format: str | None
    graph_format: str | None
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """A finished answer: the name of its format and its bytes."""

    format: str
    body: bytes


class _Worker:
    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def ask(self, message: bytes, deadline: float) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(message)
        self._process.stdin.flush()
        descriptor, received = self._process.stdout.fileno(), bytearray()
        header: dict[str, Any] | None = None
        while header is None or len(received) < header["length"]:
            readable, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not readable:
                raise TimeoutError
            chunk = os.read(descriptor, 1 << 20)
            if not chunk:
                raise EOFError
            received += chunk
            if header is None and b"\n" in received:
                line, _, received = received.partition(b"\n")
                header = json.loads(line)
        return header, bytes(received)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            # What a dead worker did not read can't be flushed to it.
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


class WorkerPool:
    """A fixed number of workers on the store of a release.

    Args:
        store: folder of the store; opened read-only by every worker.
        size: number of workers.
        timeout: seconds from arrival to answer, waiting included.
        memory_mib: address space of one worker in MiB.
        result_bytes: largest answer in bytes.
        prefixes: used in Turtle answers and offered where a query forgot to declare one.
    """

    def __init__(
        self, store: Path, *, size: int, timeout: float, memory_mib: int, result_bytes: int, prefixes: dict[str, str]
    ) -> None:
        self._command = [sys.executable, "-m", "kg.engine.worker", str(store), str(memory_mib), str(result_bytes)]
        self._prefixes = prefixes
        self.timeout, self.result_bytes = timeout, result_bytes
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(_Worker(self._command))

    def run(self, request: Request) -> Answer:
        """Evaluates a query.

        Raises:
            QueryFailed: one of its kinds, each with what went wrong.
        """
        deadline = time.monotonic() + self.timeout
        message = json.dumps({**request.__dict__, "prefixes": self._prefixes}).encode() + b"\n"
        try:
            worker = self._idle.get(timeout=self.timeout)
        except queue.Empty:
            raise AllWorkersBusy from None
        usable = False
        try:
            header, body = worker.ask(message, deadline)
            usable = True
        except TimeoutError:
            raise QueryTimedOut from None
        except (EOFError, BrokenPipeError):
            raise QueryTooLarge from None
        finally:
            if not usable:
                worker.stop()
                worker = _Worker(self._command)
            self._idle.put(worker)
        return self._read(request, header, body)

    def close(self) -> None:
        """Ends all workers that are idle."""
        while True:
            try:
                self._idle.get_nowait().stop()
            except queue.Empty:
                return

    def _read(self, request: Request, header: dict[str, Any], body: bytes) -> Answer:
        outcome = header["outcome"]
        if outcome == "answer":
            return Answer(header["format"], body)
        if outcome == "syntax":
            raise QueryMalformed(diagnose(request.query, header["message"], self._prefixes))
        if outcome == "not acceptable":
            raise QueryNotAcceptable(header["form"])
        if outcome in ("too large", "memory"):
            raise QueryTooLarge
        raise QueryRefused(header["message"])
