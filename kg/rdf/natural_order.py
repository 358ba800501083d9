"""The order of labels for people: case does not matter, and numbers count as numbers, so MK-7 comes before MK-10."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"([0-9]+)")


def natural_key(label: str) -> tuple[str | tuple[int, str], ...]:
    """Returns a key to sort labels by; texts and numbers alternate in it, so that keys can be compared."""
    parts = _NUMBERS.split(label.casefold())
    return tuple(_number(part) if place % 2 else part for place, part in enumerate(parts))


def _number(digits: str) -> tuple[int, str]:
    """Returns a key for a number of any length: the longer is the larger."""
    shortened = digits.lstrip("0")
    return len(shortened), shortened
