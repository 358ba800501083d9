"""Ranges on a scale, for rows of a table: ratios on a logarithmic scale with 1 in it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 160
_ENDS = 6


@dataclass(frozen=True)
class Scale:
    """A logarithmic scale from ``low`` to ``high``, ``WIDTH`` units wide."""

    low: float
    high: float

    def at(self, value: Decimal) -> float:
        """Where a value stands, kept on the scale."""
        clamped = min(max(float(value), self.low), self.high)
        share = math.log(clamped / self.low) / math.log(self.high / self.low)
        return round(_ENDS + share * (WIDTH - 2 * _ENDS), 1)


def scale_for(values: Iterable[Decimal]) -> Scale | None:
    """A scale that holds these ratios and 1, at most from 0.1 to 10; ``None`` where there are none."""
    positive = [float(value) for value in values if value > 0]
    if not positive:
        return None
    low, high = min(*positive, 1 / 1.2), max(*positive, 1.2)
    return Scale(max(low, 0.1), min(high, 10))
