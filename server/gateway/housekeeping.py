"""One thread that looks after everything that waits, so that nothing that waits needs a thread."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from server.gateway.connections import SlowConnections
from server.gateway.request_bodies import Uploads
from server.gateway.spool import Spool

_INTERVAL = 0.25
# Looking at all descriptors takes a few microseconds for each.
_INTERVALS_BETWEEN_LOOKS = 20


def start(uploads: Uploads, spool: Spool, connections: SlowConnections) -> None:
    """Starts the thread; it ends with the process."""

    def run() -> None:
        stopped = threading.Event()
        turn = 0
        while not stopped.wait(_INTERVAL):
            uploads.sweep()
            turn += 1
            if turn % _INTERVALS_BETWEEN_LOOKS == 0:
                descriptors = _descriptors()
                spool.sweep(set(descriptors.values()))
                connections.sweep(descriptors)

    threading.Thread(target=run, name="vitk housekeeping", daemon=True).start()


def _descriptors() -> dict[int, str]:
    """What each descriptor of this process leads to."""
    found = {}
    for entry in Path("/proc/self/fd").iterdir():
        # It may have been closed since.
        with contextlib.suppress(FileNotFoundError):
            found[int(entry.name)] = str(entry.readlink())
    return found
