"""Pins the threads that answer requests to one CPU core, except while the query engine works for them.

The interpreter lock lets one thread run at a time. If the system spreads the threads over cores, each switch moves to a
core with a cold cache. The engine releases the lock, so its work for several threads may use all cores. Linux only.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from server.http.wsgi_types import Application, StartResponse


class CpuAffinity:
    """The CPU cores of this process: each process that ``vitk serve`` starts gets the next core as its own."""

    def __init__(self) -> None:
        self._all = os.sched_getaffinity(0)
        self._home = {sorted(self._all)[sum(sibling < os.getpid() for sibling in _siblings()) % len(self._all)]}
        self._threads = threading.local()

    def pin(self) -> None:
        """Pins the current thread to the core of this process."""
        if not hasattr(self._threads, "is_home"):
            try:
                os.sched_setaffinity(0, self._home)
                self._threads.is_home = True
            except OSError:
                # Some containers forbid it; pinning only improves speed.
                self._threads.is_home = False

    @contextlib.contextmanager
    def unpinned(self) -> Iterator[None]:
        """Lets the current thread run on any core within the ``with`` block."""
        if not getattr(self._threads, "is_home", False):
            yield
            return
        os.sched_setaffinity(0, self._all)
        try:
            yield
        finally:
            os.sched_setaffinity(0, self._home)


class CpuAffinityMiddleware:
    """Middleware that pins each thread that answers a request; all other threads run on any core."""

    def __init__(self, application: Application, processors: CpuAffinity) -> None:
        self._application, self._processors = application, processors

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Pins the current thread and calls the application."""
        self._processors.pin()
        return self._application(environ, start_response)


def _siblings() -> Iterator[int]:
    for thread in Path(f"/proc/{os.getppid()}/task").iterdir():
        # A thread may have ended, and not every kernel lists the children.
        with contextlib.suppress(FileNotFoundError):
            yield from map(int, (thread / "children").read_text("ascii").split())
