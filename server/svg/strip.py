"""Strips: values on one axis, in a lane for each sort. Doses stand on a logarithmic axis, studies on one of years.

A lane has a glyph and a colour of its own. The more sources a mark stands for, the larger it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from server.svg.axis import Axis, axis_shapes, log_axis, year_axis
from server.svg.drawing import SMALL, TEXT, Drawing, Link, Path, Shape, Text, disc, lines, polygon, stroke, text_lines

_SMALLEST, _LARGEST = 5.0, 10.0
_HEAD, _SUBLANE, _BETWEEN, _SMALL_RADIUS = 20.0, 16.0, 5.0, 3.0
# Corners of the glyph of a style, its turn, and how much larger it is than a disc; all others are discs.
_POLYGONS = {
    "authority": (4, 1 / 8, 1.2),
    "article": (4, 0.0, 1.25),
    "other": (4, 0.0, 1.25),
    "limit": (3, 0.0, 1.3),
    "warned": (3, 0.0, 1.4),
    "helps": (3, 0.0, 1.3),
    "for": (3, 0.0, 1.3),
    "harms": (3, 1 / 2, 1.3),
    "against": (3, 1 / 2, 1.3),
    "noDifference": (4, 1 / 8, 1.2),
}


@dataclass(frozen=True)
class StripMark:
    """A value, or a range from ``low`` to ``high``.

    Attributes:
        count: how many sources it stands for.
        iri: where it leads.
        words: what it shows, in full.
        is_small: whether it counts less than others, such as a study that is set aside.
        style: glyph and colour, where they are not those of the lane.
    """

    low: float
    high: float
    count: int
    iri: str
    words: str
    is_small: bool = False
    style: str = ""


@dataclass(frozen=True)
class Lane:
    """The values of one sort.

    Attributes:
        title: what they are.
        style: ``trial``, ``authority``, ``limit``, ``article``, ``other``, or a side of the evidence: decides glyph
            and colour.
        marks: the values.
    """

    title: str
    style: str
    marks: tuple[StripMark, ...]


def draw_doses(width: int, lanes: Sequence[Lane], title: str) -> Drawing:
    """Draws amounts on a logarithmic axis, lane below lane; there is at least one mark."""
    return _draw(width, lanes, f"{title}, logarithmic scale", log_axis)


def draw_years(width: int, lanes: Sequence[Lane], title: str) -> Drawing:
    """Draws years, lane below lane; there is at least one mark."""
    return _draw(width, lanes, title, year_axis)


def _draw(
    width: int, lanes: Sequence[Lane], title: str, axis_of: Callable[[Iterable[float], float, float], Axis]
) -> Drawing:
    axis = axis_of([end for lane in lanes for mark in lane.marks for end in (mark.low, mark.high)], 16, width - 16)
    y, shapes = 4.0, []
    for lane in lanes:
        drawn, y = _lane(lane, axis, y, width)
        shapes += drawn
    return Drawing(width, round(y + 40), (*axis_shapes(axis, 4, y, title), *shapes))


def glyph(style: str, x: float, y: float, radius: float) -> Path:
    """Returns a mark; the first word of its style decides its shape, which alone says of which sort it is."""
    corners, turn, larger = _POLYGONS.get(style.partition(" ")[0], (0, 0.0, 1.0))
    return polygon(x, y, radius * larger, corners, style, turn) if corners else disc(x, y, radius, style)


def _lane(lane: Lane, axis: Axis, y: float, width: int) -> tuple[list[Shape], float]:
    title = lines(lane.title, width - 36, TEXT)
    shapes: list[Shape] = [glyph(lane.style, 13, y + 11, 5)]
    shapes += text_lines(title, 26, y + 16, SMALL + 4, "label")
    y += _HEAD + (len(title) - 1) * (SMALL + 4)
    ends: list[float] = []
    for mark in sorted(lane.marks, key=lambda one: (one.low, one.high)):
        radius = _SMALL_RADIUS if mark.is_small else min(_SMALLEST + 1.6 * (math.sqrt(mark.count) - 1), _LARGEST)
        left, right = axis.at(mark.low) - radius - 1, axis.at(mark.high) + radius + 1
        row = next((place for place, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        shapes.append(_mark(mark, mark.style or lane.style, axis, y + _SUBLANE * (row + 0.5), radius))
    return shapes, y + _SUBLANE * max(1, len(ends)) + _BETWEEN


def _mark(mark: StripMark, style: str, axis: Axis, y: float, radius: float) -> Link:
    start, end = axis.at(mark.low), axis.at(mark.high)
    found: list[Path | Text] = [stroke(f"reach {style}", (start, y), (end, y))] if end > start else []
    found.append(glyph(style, start, y, radius))
    if end > start:
        found.append(glyph(style, end, y, radius))
    return Link(mark.iri, mark.words, tuple(found))
