"""Linux process control: start, termination with the parent process, memory accounting, and the allocator."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Index in /proc/…/stat, counted after the process name, and the flag of an exiting process in that field.
_FLAGS, _PF_EXITING = 6, 4
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def die_with_parent(parent: int, by: signal.Signals) -> None:
    """Has the kernel send this process a signal when its parent exits, more exactly the thread that forked it.

    This is ``PR_SET_PDEATHSIG``, see prctl(2).

    Args:
        parent: pid of the process that started this one.
        by: the signal to send.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    # The parent may have exited just before.
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def python_command(module: str, *arguments: str) -> list[str]:
    """Returns the command that runs a module of vitk in another process, whatever the working directory contains."""
    return [sys.executable, "-P", "-m", module, *arguments]


def end_with_caller() -> Callable[[], None]:
    """Returns a ``preexec_fn`` for ``subprocess``: the new process is killed when the thread that started it ends."""
    # Loaded here: between fork and exec, a process that has threads must do as little as possible.
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def is_ending(pid: int) -> bool:
    """Returns whether a process is gone or exiting: it may be killed some time before its children are reparented."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except FileNotFoundError:
        return True
    return bool(int(fields[_FLAGS]) & _PF_EXITING)


def data_bytes() -> int:
    """Returns the bytes that count against ``RLIMIT_DATA``: private writable memory of this process."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return int(fields["VmData"].removesuffix("kB")) << 10


def mimalloc_environment() -> dict[str, str]:
    """Returns environment variables that make a process use mimalloc; empty if it is not available for this machine.

    The C library's allocator is slower for an engine that allocates and frees many small pieces.
    """
    try:
        files = metadata.files("cmeel-mimalloc") or []
    except metadata.PackageNotFoundError:
        return {}
    library = next((file.locate() for file in files if file.name == "libmimalloc.so"), None)
    # Either would end the name.
    if library is None or " " in str(library) or ":" in str(library):
        return {}
    # Address space is reserved ahead, memory committed only as needed: otherwise all of it would count against the
    # limit of a worker.
    return {"LD_PRELOAD": str(library), "MIMALLOC_ARENA_EAGER_COMMIT": "0"}


def configure_malloc() -> None:
    """Has the C library return large blocks of memory to the system when they are freed, whichever thread did it."""
    library = ctypes.CDLL(None)
    library.mallopt(_M_ARENA_MAX, 2)
    library.mallopt(_M_MMAP_THRESHOLD, 256 << 10)
