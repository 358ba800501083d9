"""The forest plot: confidence intervals of ratios on a logarithmic scale that includes 1, one for each table row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kg.claims.study_results import EffectGroup
from server.svg.forest_chart import ForestPanel

WIDTH = 160
_ENDS = 6
_MARKS = tuple(Decimal(text) for text in ("0.1", "0.2", "0.5", "1", "2", "5", "10"))


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

    @property
    def marks(self) -> tuple[Decimal, ...]:
        """The values with a tick and a number."""
        return tuple(mark for mark in _MARKS if self.low <= float(mark) <= self.high)


@dataclass(frozen=True)
class ForestPlot:
    """Effects of one group with the scale that all ratios share; ``None`` where they are not ratios."""

    panel: ForestPanel
    scale: Scale | None

    @property
    def group(self) -> EffectGroup:
        """The effects."""
        return self.panel.group


def scale_for(values: Iterable[Decimal]) -> Scale | None:
    """Returns a scale that contains these ratios and 1, at most from 0.1 to 10, or ``None`` if there are no ratios."""
    positive = [float(value) for value in values if value > 0]
    if not positive:
        return None
    low, high = min(*positive, 1 / 1.2), max(*positive, 1.2)
    return Scale(max(low, 0.1), min(high, 10))


def plot_effects(panels: Iterable[ForestPanel]) -> list[ForestPlot]:
    """Returns a plot of each group; groups of ratios have the same scale, so that they can be compared by eye."""
    every = list(panels)
    scale = scale_for(end for one in every if one.group.is_ratio for end in _ends(one.group))
    return [ForestPlot(one, scale if one.group.is_ratio else None) for one in every]


def _ends(group: EffectGroup) -> list[Decimal]:
    ends = (end for effect in group.effects for end in (effect.size, effect.low, effect.high))
    return [end for end in ends if end is not None]
