"""Waiting for something to become so, instead of for a time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

INTERVAL = 0.02
# Seconds by which something that is due at a moment may be late on a quiet machine.
LATENESS = 0.5
# As many times as long as an action takes, it may be later; and never later than this many times what a quiet one may.
_PER_ACTION, _MOST = 20, 4


def becomes_true(condition: Callable[[], object], timeout: float = 30.0) -> bool:
    """Whether the condition holds within the time, in seconds; it is looked at every few hundredths of a second."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(INTERVAL)
    return True


def wait_until(condition: Callable[[], object], timeout: float = 30.0) -> None:
    """Waits for the condition.

    Raises:
        AssertionError: it does not hold within the time, in seconds.
    """
    assert becomes_true(condition, timeout), f"still not so after {timeout} s"


def seconds_of(action: Callable[[], object]) -> float:
    """How long the action takes."""
    started = time.monotonic()
    action()
    return time.monotonic() - started


def lateness(action: Callable[[], object], quiet: float = LATENESS) -> float:
    """Seconds by which something that is due at a moment may be late, here and now.

    Args:
        action: something that takes milliseconds on a quiet machine, and longer on this one if it is loaded.
        quiet: the seconds on a quiet machine.
    """
    usual = statistics.median(seconds_of(action) for _ in range(5))
    return min(quiet + _PER_ACTION * usual, _MOST * quiet)
