"""Has the threads that answer requests run on one processor.

The interpreter lets one of them run at a time. Where the system spreads them, each hands its turn to another processor,
with all that lies in the first one's cache: with eight clients that costs as much again as the work itself.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from server.kept import Application
from server.kept_answer import StartResponse


class OneProcessor:
    """The layer around one application. Threads are moved when they first answer; those beside requests go anywhere.

    Args:
        application: what answers.
        processor: number of the processor, as the system counts.
    """

    def __init__(self, application: Application, processor: int) -> None:
        self._application, self._processor = application, processor
        self._moved = threading.local()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if not hasattr(self._moved, "once"):
            self._moved.once = True
            # Some containers forbid it; it is no more than quicker.
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, {self._processor})
        return self._application(environ, start_response)


def processor_of_this_process() -> int:
    """The processor for this serving process: each of those that ``vitk serve`` started has the next one."""
    processors = sorted(os.sched_getaffinity(0))
    return processors[sum(sibling < os.getpid() for sibling in _siblings()) % len(processors)]


def _siblings() -> Iterator[int]:
    for thread in Path(f"/proc/{os.getppid()}/task").iterdir():
        # A thread may have ended, and not every kernel tells.
        with contextlib.suppress(FileNotFoundError):
            yield from map(int, (thread / "children").read_text("ascii").split())
