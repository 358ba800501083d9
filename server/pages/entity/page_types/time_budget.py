"""How long a page may take: what it is about is always read, what surrounds it only while there is time.

Whatever people may act on, such as interactions, intakes and amounts, must never be missing: a page without it reads as
if there were none. Its parts wait, and only connections and imported statements are left out and named as missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class TimeBudget:
    """The time of one page.

    Args:
        milliseconds: how long, from now on.

    Attributes:
        skipped: names of the optional parts for which there was no time.
    """

    def __init__(self, milliseconds: int) -> None:
        self._end = time.monotonic() + milliseconds / 1000
        self.skipped: list[str] = []

    def run_if_time(self, name: str, find: Callable[[], Found]) -> Found | None:
        """What ``find`` returns, or ``None`` where the time is over.

        Args:
            name: what the page calls the missing part.
            find: reads the part.
        """
        if time.monotonic() >= self._end:
            self.skipped.append(name)
            return None
        return find()
