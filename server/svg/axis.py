"""Axes: where a value stands, and which values have a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from server.svg.drawing import SMALL, Path, Text, stroke, width_of

_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Axis:
    """A horizontal axis from ``low`` at ``left`` to ``high`` at ``right``, linear or logarithmic, or of years."""

    low: float
    high: float
    left: float
    right: float
    is_log: bool = False
    is_of_years: bool = False

    def at(self, value: float) -> float:
        """Returns the x-coordinate of a value; a value off the axis is moved to its end."""
        value = min(max(value, self.low), self.high)
        if self.is_log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 1)

    @property
    def ticks(self) -> list[float]:
        """The values with a tick and a number: as many as have room."""
        for step in _log_ticks(self.low, self.high) if self.is_log else _linear_ticks(self.low, self.high):
            places = [self.at(value) for value in step]
            rooms = [width_of(self.words_of(value), SMALL) + 10 for value in step]
            if all(b - a >= room for a, b, room in zip(places, places[1:], rooms[1:], strict=False)):
                return step
        return [self.low, self.high]

    def words_of(self, value: float) -> str:
        """Returns a value as it stands at a tick."""
        if self.is_of_years:
            return f"{value:.0f}"
        return f"{value:,.0f}" if value >= 1 and value == round(value) else f"{value:.6g}"


def log_axis(values: Iterable[float], left: float, right: float) -> Axis:
    """Returns a logarithmic axis on which all values stand, which are positive, and that ends at round numbers."""
    found = list(values)
    low, high = _round_down(min(found)), _round_up(max(found))
    return Axis(low, high if high > low else 10 * low, left, right, is_log=True)


def linear_axis(most: float, left: float, right: float) -> Axis:
    """Returns a linear axis from 0 to the first round number that is not below ``most``."""
    return Axis(0.0, _round_up(most, fine=True) if most > 0 else 1.0, left, right)


def axis_shapes(axis: Axis, top: float, bottom: float, title: str) -> list[Path | Text]:
    """Returns grid lines from top to bottom, their numbers below, and the title of the axis below these."""
    places = [(axis.at(value), axis.words_of(value)) for value in axis.ticks]
    grid = "".join(stroke("", (x, top), (x, bottom + 4)).d for x, _ in places)
    shapes: list[Path | Text] = [stroke("axis", (axis.left, bottom), (axis.right, bottom)), Path(grid, "grid")]
    shapes += [Text(x, bottom + 17, words, "tick", "middle") for x, words in places]
    return [*shapes, Text((axis.left + axis.right) / 2, bottom + 34, title, "axis-title", "middle")]


def year_axis(years: Iterable[float], left: float, right: float) -> Axis:
    """Returns an axis of years, with room at both ends."""
    found = list(years)
    return Axis(min(found) - 1, max(found) + 1, left, right, is_of_years=True)


def _log_ticks(low: float, high: float) -> list[list[float]]:
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    sets = [_STEPS, (1, 3), (1,)]
    found = [[factor * 10.0**power for power in powers for factor in factors] for factors in sets]
    found.append([10.0**power for power in powers if power % 2 == 0])
    return [[round(value, 9) for value in one if low * 0.999 <= value <= high * 1.001] for one in found]


def _linear_ticks(low: float, high: float) -> list[list[float]]:
    power = 10.0 ** math.floor(math.log10((high - low) / 10))
    steps = [factor * power for factor in (1, 2, 5, 10, 20, 50, 100) if factor * power >= 1 or high - low < 10]
    ends = ((math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)) for step in steps)
    return [
        [round(place * step, 9) for place in range(first, last + 1)]
        for step, (first, last) in zip(steps, ends, strict=True)
    ]


def _round_down(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return max(factor * power for factor in _STEPS if factor * power <= value * 1.000001)


def _round_up(value: float, *, fine: bool = False) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    factors = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if fine else (*_STEPS, 10)
    return min(factor * power for factor in factors if factor * power >= value * 0.999999)
