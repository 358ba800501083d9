"""Stacked bars: counts of several sorts in a row, one bar for each subject, all on one axis from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.svg.axis import axis_shapes, linear_axis
from server.svg.drawing import SMALL, Drawing, Link, Path, Shape, Text, box, fits, width_of

_STEP, _BAR, _KEY, _LINE = 38.0, 12.0, 12.0, 20.0


@dataclass(frozen=True)
class Sort:
    """What is counted: its name, and the class name of its colour."""

    name: str
    style: str


@dataclass(frozen=True)
class Stack:
    """A bar: its name, how many there are of each sort, in the order of the sorts, and where it leads."""

    name: str
    counts: tuple[int, ...]
    iri: str


def draw_stacks(width: int, stacks: Sequence[Stack], sorts: Sequence[Sort], title: str) -> Drawing:
    """Draws the bars below a key; some bar has a count above 0."""
    shapes, top = _key(sorts, width)
    axis = linear_axis(max(sum(one.counts) for one in stacks), 8, width - 8)
    bottom = top + _STEP * len(stacks)
    shapes += axis_shapes(axis, top, bottom, title)
    for place, one in enumerate(stacks):
        y, at = top + _STEP * place, 0
        total = str(sum(one.counts))
        found: list[Path | Text] = [
            Text(8, y + 15, fits(one.name, width - 28 - width_of(total)), "label"),
            Text(width - 8, y + 15, total, "value", "end"),
        ]
        for sort, count in zip(sorts, one.counts, strict=True):
            if count:
                start = axis.at(at)
                at += count
                found.append(box(start, y + 20, axis.at(at) - start, _BAR, sort.style))
        words = ", ".join(f"{count} {sort.name}" for sort, count in zip(sorts, one.counts, strict=True) if count)
        shapes.append(Link(one.iri, f"{one.name}: {words}", tuple(found)))
    return Drawing(width, round(bottom + 40), tuple(shapes))


def _key(sorts: Sequence[Sort], width: int) -> tuple[list[Shape], float]:
    """The key, in as many lines as it needs, and where the bars may begin."""
    shapes: list[Shape] = []
    x, y = 8.0, 4.0
    for sort in sorts:
        room = _KEY + 6 + width_of(sort.name, SMALL) + 14
        if x > 8 and x + room > width:
            x, y = 8.0, y + _LINE
        shapes += [box(x, y, _KEY, _KEY, sort.style), Text(x + _KEY + 6, y + 10, sort.name, "tick")]
        x += room
    return shapes, y + _LINE + 4
