"""Amounts as horizontal bars: from 0, or from the lowest to the highest amount of a range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.svg.axis import Axis, axis_shapes, linear_axis, log_axis
from server.svg.drawing import TEXT, Drawing, Link, Path, Shape, Text, box, fits, stroke, width_of

_STEP, _BAR, _LEAST = 38.0, 10.0, 2.0
# From this ratio of the highest to the lowest amount on, most bars of a linear axis could not be seen.
_LOG_FROM = 50


@dataclass(frozen=True)
class Range:
    """An amount from ``low`` to ``high``, both the same where it is one number.

    Attributes:
        name: what has the amount.
        words: the amount with its unit.
        iri: where the bar leads; "" for nowhere.
    """

    name: str
    words: str
    low: float
    high: float
    iri: str = ""


@dataclass(frozen=True)
class Line:
    """A value to compare with, drawn across all bars."""

    name: str
    value: float


def is_logarithmic(ranges: Sequence[Range]) -> bool:
    """Whether these amounts are drawn on a logarithmic axis, as dots and ranges: a bar has no length there."""
    amounts = [end for one in ranges for end in (one.low, one.high)]
    return bool(amounts) and min(amounts) > 0 and max(amounts) / min(amounts) >= _LOG_FROM


def draw_ranges(width: int, ranges: Sequence[Range], title: str, line: Line | None = None) -> Drawing:
    """Draws amounts below each other, all on one axis.

    Args:
        width: of the drawing.
        ranges: the amounts; there is at least one.
        title: of the axis, with the unit.
        line: a value to compare with.
    """
    ends = [end for one in ranges for end in (one.low, one.high)] + ([line.value] if line else [])
    is_log = is_logarithmic(ranges)
    axis = log_axis(ends, 8, width - 8) if is_log else linear_axis(max(ends), 8, width - 8)
    top = 22.0 if line else 4.0
    bottom = top + _STEP * len(ranges)
    shapes: list[Shape] = [*axis_shapes(axis, top, bottom, f"{title}, {'logarithmic' if is_log else 'linear'} scale")]
    for place, one in enumerate(ranges):
        shapes += _row(one, axis, top + _STEP * place, width)
    if line:
        shapes += _line(line, axis, top, bottom, width)
    return Drawing(width, round(bottom + 40), tuple(shapes))


def _row(one: Range, axis: Axis, y: float, width: int) -> list[Shape]:
    start = axis.at(one.low) if axis.is_log or one.low != one.high else axis.left
    length = max(axis.at(one.high) - start, _LEAST)
    if axis.is_log and one.low == one.high:
        start, length = start - 3, 6.0
    room = width - 16 - width_of(one.words) - 12
    found: tuple[Path | Text, ...] = (
        Text(8, y + 15, fits(one.name, room), "label"),
        Text(width - 8, y + 15, one.words, "value", "end"),
        box(start, y + 20, length, _BAR, "bar"),
    )
    return [Link(one.iri, f"{one.name}: {one.words}", found)] if one.iri else list(found)


def _line(line: Line, axis: Axis, top: float, bottom: float, width: int) -> list[Shape]:
    x = axis.at(line.value)
    name = fits(line.name, width - 16)
    half = width_of(name, TEXT) / 2
    middle = min(max(x, 8 + half), width - 8 - half)
    return [stroke("reference", (x, top - 4), (x, bottom)), Text(middle, top - 8, name, "reference-name", "middle")]
