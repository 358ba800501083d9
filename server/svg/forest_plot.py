"""The forest plot: confidence intervals of ratios on a logarithmic scale that includes 1, one for each table row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 160
_ENDS = 6


@dataclass(frozen=True)
class Scale:
    """A logarithmic scale from ``low`` to ``high``, ``WIDTH`` user units of the SVG wide."""

    low: float
    high: float

    def at(self, value: Decimal) -> float:
        """Returns the x-coordinate of a value; values off the scale are moved to its end."""
        clamped = min(max(float(value), self.low), self.high)
        share = math.log(clamped / self.low) / math.log(self.high / self.low)
        return round(_ENDS + share * (WIDTH - 2 * _ENDS), 1)


def scale_for(values: Iterable[Decimal]) -> Scale | None:
    """Returns a scale that contains these ratios and 1, at most from 0.1 to 10, or ``None`` if there are no ratios."""
    positive = [float(value) for value in values if value > 0]
    if not positive:
        return None
    low, high = min(*positive, 1 / 1.2), max(*positive, 1.2)
    return Scale(max(low, 0.1), min(high, 10))
