"""Strangers' queries, each in a process that can be killed: a query that runs too long or crashes the engine costs one
worker and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kg.engine import channel
from kg.engine.diagnosis import Diagnosis
from kg.engine.engine import (
    AllWorkersBusy,
    Answer,
    AnswerTooLarge,
    EngineCrashed,
    MemoryExceeded,
    QueryFailed,
    QueryMalformed,
    QueryNotAcceptable,
    QueryRefused,
    QueryTimedOut,
    Request,
    State,
    remaining,
)
from kg.engine.worker import Limits

_PAUSE_AFTER_A_FAILED_START = 1.0


class _Worker:
    """The serving process's end of one worker."""

    def __init__(self, requests: socket.socket, errors: int, process: int, in_memory: bool) -> None:
        self._requests, self._errors, self._process = requests, errors, process
        self.in_memory = in_memory
        self._end = select.poll()
        self._end.register(process, select.POLLIN)

    def ask(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes, list[int]]:
        self._requests.settimeout(remaining(deadline) or 1e-6)
        channel.send(self._requests, request)
        return channel.receive(self._requests, deadline)

    def is_dead(self) -> bool:
        """Whether it ended while it had nothing to do, as when the zygote was killed."""
        return bool(self._end.poll(0))

    def last_words(self) -> str:
        """What the engine said when the worker died by itself."""
        return os.pread(self._errors, 4096, 0).decode("utf-8", "replace")

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        self._requests.close()
        os.close(self._errors)
        os.close(self._process)


class _Zygote:
    """The serving process's end of the process that forks workers."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        self._control, theirs = socket.socketpair()
        self._in_memory = bool(configuration["in_memory"])
        with theirs:
            command = [sys.executable, "-m", "kg.engine.zygote", str(theirs.fileno()), json.dumps(configuration)]
            self._process = subprocess.Popen(
                command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    def wait_until_loaded(self) -> None:
        channel.receive(self._control)

    def fork(self) -> _Worker:
        requests, theirs = socket.socketpair()
        errors = os.memfd_create("errors")
        try:
            with theirs:
                channel.send(self._control, {"command": "fork"}, files=(theirs.fileno(), errors))
            _, _, (process,) = channel.receive(self._control)
        except (EOFError, OSError):
            requests.close()
            os.close(errors)
            raise
        return _Worker(requests, errors, process, self._in_memory)

    def end(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()


class WorkerPool:
    """A fixed number of workers on the store of a release.

    Args:
        store: folder of the store.
        size: number of workers.
        waiting: how many queries may wait for a worker.
        in_memory: whether the release is loaded into memory; else every worker reads it from disk.
        limits: of one worker.
        prefixes: used in Turtle answers and offered where a query forgot to declare one.
    """

    def __init__(
        self, store: Path, *, size: int, waiting: int, in_memory: bool, limits: Limits, prefixes: dict[str, str]
    ) -> None:
        self._configuration = {
            "store": str(store),
            "in_memory": in_memory,
            "limits": asdict(limits),
            "prefixes": prefixes,
        }
        self._size = size
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._admission = threading.BoundedSemaphore(size + waiting)
        self._ready, self._loaded, self._closed = threading.Event(), threading.Event(), threading.Event()
        self._busy = self._waiting = self._replaced = 0
        self._count = threading.Lock()
        self._wanted: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(size):
            self._wanted.put(None)
        # Workers are started by a thread of their own: no request ever waits for the replacement of a worker it killed.
        self._caretaker = threading.Thread(target=self._take_care, name="vitk query workers", daemon=True)
        self._caretaker.start()

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether the first worker came up in time."""
        return self._ready.wait(seconds)

    def run(self, request: Request, deadline: float) -> Answer:
        """Evaluates a query; see ``Engine``."""
        if not self._admission.acquire(blocking=False):
            raise AllWorkersBusy
        try:
            return self._run(request, deadline)
        finally:
            self._admission.release()

    def state(self) -> State:
        return State(self._ready.is_set(), self._size, self._busy, self._waiting, self._replaced)

    def close(self) -> None:
        """Ends zygote and workers; queries under way fail."""
        self._closed.set()
        self._wanted.put(None)
        self._caretaker.join()
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()

    def _run(self, request: Request, deadline: float) -> Answer:
        arrived = time.monotonic()
        self._counted(waiting=1)
        try:
            while (worker := self._idle.get(timeout=remaining(deadline))).is_dead():
                self._replace(worker)
        except queue.Empty:
            raise (QueryTimedOut if self._ready.is_set() else AllWorkersBusy) from None
        finally:
            self._counted(waiting=-1)
        self._counted(busy=1)
        started = time.monotonic()
        usable = False
        try:
            header, body, files = worker.ask(request.__dict__, deadline)
            usable = not header["last"]
        except TimeoutError:
            raise QueryTimedOut from None
        except (EOFError, ConnectionError):
            raise _cause_of_death(worker.last_words()) from None
        finally:
            self._counted(busy=-1)
            if usable and (worker.in_memory or not self._loaded.is_set()):
                self._idle.put(worker)
            else:
                self._replace(worker)
        return self._read(header, body, files, started - arrived)

    def _read(self, header: dict[str, Any], body: bytes, files: list[int], queued: float) -> Answer:
        match header["outcome"]:
            case "answer":
                content = open(files[0], "rb") if files else body  # noqa: SIM115, PTH123 - the answer closes it
                length, repeatable = header["length"], header["repeatable"]
                return Answer(header["format"], content, length, repeatable, queued, header["seconds"])
            case "syntax":
                raise QueryMalformed(Diagnosis(**header["diagnosis"]))
            case "not acceptable":
                raise QueryNotAcceptable(header["form"])
            case "too large":
                raise AnswerTooLarge
            case "memory":
                raise MemoryExceeded
            case _:
                raise QueryRefused(header["message"])

    def _counted(self, busy: int = 0, waiting: int = 0, replaced: int = 0) -> None:
        with self._count:
            self._busy += busy
            self._waiting += waiting
            self._replaced += replaced

    def _replace(self, worker: _Worker) -> None:
        worker.end()
        self._counted(replaced=1)
        self._wanted.put(None)

    def _take_care(self) -> None:
        interim = self._start_from_disk() if self._configuration["in_memory"] else None
        zygote = self._loaded_beside(interim) if interim is not None else None
        while not self._closed.is_set():
            self._wanted.get()
            while not self._closed.is_set():
                try:
                    if zygote is None:
                        zygote = _Zygote(self._configuration)
                        zygote.wait_until_loaded()
                    self._idle.put(zygote.fork())
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

    def _start_from_disk(self) -> _Zygote | None:
        """Workers that read from disk, so that queries are answered while the graph is being loaded."""
        while not self._wanted.empty():
            self._wanted.get()
        interim = _Zygote(self._configuration | {"in_memory": False})
        try:
            interim.wait_until_loaded()
            for _ in range(self._size):
                self._idle.put(interim.fork())
        except (EOFError, OSError):
            interim.end()
            for _ in range(self._size):
                self._wanted.put(None)
            return None
        self._ready.set()
        return interim

    def _loaded_beside(self, interim: _Zygote) -> _Zygote | None:
        """Loads the graph; then has workers that read from disk replaced: idle ones now, others when they are done."""
        zygote = _Zygote(self._configuration)
        try:
            zygote.wait_until_loaded()
        except (EOFError, OSError):
            zygote.end()
            return None
        self._loaded.set()
        replaced = 0
        with contextlib.suppress(queue.Empty):
            while True:
                self._replace(self._idle.get_nowait())
                replaced += 1
        # One that is busy ends with its zygote, so that stays as long as there may be any.
        if replaced == self._size:
            interim.end()
        return zygote


def _cause_of_death(last_words: str) -> QueryFailed:
    # The engine's allocator says so before it gives up; recursion that goes too deep says nothing useful.
    return MemoryExceeded() if "memory allocation of" in last_words else EngineCrashed()
