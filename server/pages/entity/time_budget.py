"""How long a page may take: what it shows first is asked for anyway, extras only while there is time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class TimeBudget:
    """The time of one page, in milliseconds from now; ``left_out`` names the extras for which there was none."""

    def __init__(self, milliseconds: int) -> None:
        self._end = time.monotonic() + milliseconds / 1000
        self.left_out: list[str] = []

    def run_if_time(self, name: str, find: Callable[[], Found]) -> Found | None:
        """What ``find`` gives, or ``None`` where the time is over; ``name`` is what readers are told is missing."""
        if time.monotonic() >= self._end:
            self.left_out.append(name)
            return None
        return find()
