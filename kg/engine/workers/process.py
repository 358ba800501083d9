"""What the system does for a process: end it with the one that started it, take back its memory."""

from __future__ import annotations

import ctypes
import os
import signal
from importlib import metadata
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# In /proc/…/stat, counted from behind the name, and a bit of what stands there.
_FLAGS, _PF_EXITING = 6, 4
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def die_with_parent(parent: int, by: signal.Signals) -> None:
    """Has the kernel send this process a signal when its parent is gone.

    Args:
        parent: the process that started this one.
        by: the signal.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    # It may have gone just before.
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def is_ending(pid: int) -> bool:
    """Whether a process is gone, or on its way: it may be killed some time before its children get another parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except FileNotFoundError:
        return True
    return bool(int(fields[_FLAGS]) & _PF_EXITING)


def data_bytes() -> int:
    """What the system counts against ``RLIMIT_DATA``: memory of this process's own that it may write to."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return int(fields["VmData"].removesuffix("kB")) << 10


def mimalloc_environment() -> dict[str, str]:
    """The environment in which a process starts with mimalloc in place of the C library's allocator, which is slower
    for an engine that takes and gives back many small pieces; empty where there is none for this machine."""
    try:
        files = metadata.files("cmeel-mimalloc") or []
    except metadata.PackageNotFoundError:
        return {}
    library = next((file.locate() for file in files if file.name == "libmimalloc.so"), None)
    if library is None:
        return {}
    # Address space is taken ahead, memory only as it is needed: else the limit of a worker would count all of it.
    return {"LD_PRELOAD": str(library), "MIMALLOC_ARENA_EAGER_COMMIT": "0"}


def configure_malloc() -> None:
    """Has large pieces of memory returned to the system as soon as they are free, whichever thread took them."""
    library = ctypes.CDLL(None)
    library.mallopt(_M_ARENA_MAX, 2)
    library.mallopt(_M_MMAP_THRESHOLD, 256 << 10)
