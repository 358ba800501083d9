"""What the system does for a process: end it with the one that started it, take back its memory."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def end_with(parent: int, by: signal.Signals) -> None:
    """Has the kernel send this process a signal when its parent is gone.

    Args:
        parent: the process that started this one.
        by: the signal.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    # It may have gone just before.
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def give_memory_back() -> None:
    """Has large pieces of memory returned to the system as soon as they are free, whichever thread took them."""
    library = ctypes.CDLL(None)
    library.mallopt(_M_ARENA_MAX, 2)
    library.mallopt(_M_MMAP_THRESHOLD, 256 << 10)
