"""Ends a process together with the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


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
