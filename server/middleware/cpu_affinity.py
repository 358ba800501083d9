"""Has the threads that answer requests run on one processor, save while the engine works for them.

The interpreter lets one of them run at a time. Where the system spreads them, each hands its turn to another processor,
with all that lies in the first one's cache. The engine holds no turn, so what it does for several threads is spread.
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
    """The processors of this process: each one that ``vitk serve`` started has the next one as its home."""

    def __init__(self) -> None:
        self._all = os.sched_getaffinity(0)
        self._home = {sorted(self._all)[sum(sibling < os.getpid() for sibling in _siblings()) % len(self._all)]}
        self._threads = threading.local()

    def pin(self) -> None:
        """Keeps this thread at home from now on."""
        if not hasattr(self._threads, "is_home"):
            try:
                os.sched_setaffinity(0, self._home)
                self._threads.is_home = True
            except OSError:
                # Some containers forbid it; it is no more than quicker.
                self._threads.is_home = False

    @contextlib.contextmanager
    def unpinned(self) -> Iterator[None]:
        """Lets this thread run anywhere meanwhile."""
        if not getattr(self._threads, "is_home", False):
            yield
            return
        os.sched_setaffinity(0, self._all)
        try:
            yield
        finally:
            os.sched_setaffinity(0, self._home)


class CpuAffinityMiddleware:
    """The layer around one application that keeps the threads that answer at home; all others go anywhere."""

    def __init__(self, application: Application, processors: CpuAffinity) -> None:
        self._application, self._processors = application, processors

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self._processors.pin()
        return self._application(environ, start_response)


def _siblings() -> Iterator[int]:
    for thread in Path(f"/proc/{os.getppid()}/task").iterdir():
        # A thread may have ended, and not every kernel tells.
        with contextlib.suppress(FileNotFoundError):
            yield from map(int, (thread / "children").read_text("ascii").split())
