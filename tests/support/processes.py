"""Processes, known by more than their number, which the system gives to another one in time."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import becomes_true


@dataclass(frozen=True)
class ProcessId:
    """A process: its number, and when it started in clock ticks since the machine did (field 22 of proc_pid_stat(5))."""

    pid: int
    started: int


def identify(pid: int) -> ProcessId | None:
    """The process with this number, or ``None`` where there is none or only a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name, in parentheses, may hold spaces and parentheses.
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else ProcessId(pid, int(fields[19]))


def identify_all(pids: list[int]) -> list[ProcessId]:
    """Those of the processes that run."""
    return [process for pid in pids if (process := identify(pid))]


def survivors(processes: list[ProcessId], timeout: float = 10.0) -> list[ProcessId]:
    """Those of the processes that still run when the time (in seconds) that they have to end is over."""

    def still_running() -> list[ProcessId]:
        return [process for process in processes if identify(process.pid) == process]

    becomes_true(lambda: not still_running(), timeout)
    return still_running()


def with_environment(mark: str) -> list[str]:
    """The commands of all processes that were started with a ``NAME=value`` in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{mark}\0".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text("utf-8", "replace").replace("\0", " "))
        except OSError:
            # It ended, or is another user's.
            continue
    return found


def newest_zygote() -> int:
    """The zygote that was started last; process ids start again from small numbers, so the largest is not the newest."""
    zygotes = [pid for pid in children_of(os.getpid()) if b"kg.engine.workers.zygote" in command(pid)]
    return max(identify_all(zygotes), key=lambda process: process.started).pid


def children_of(pid: int) -> list[int]:
    """The processes that a process started."""
    found: list[int] = []
    for path in list(Path(f"/proc/{pid}/task").glob("*/children")):
        # A thread may end while the threads are listed.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, path.read_text().split())
    return found


def command(pid: int) -> bytes:
    """The command line of a process, with a zero byte after each word; empty if there is none any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
