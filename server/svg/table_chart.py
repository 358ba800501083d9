"""A table drawn as a chart: rows and columns, with marks or words in the cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from server.svg.drawing import SMALL, Drawing, Link, Path, Shape, box, lines, stroke, text_lines
from server.svg.strip import glyph

_LINE, _MARK, _RADIUS, _SMALL_RADIUS = 16.0, 18.0, 6.0, 3.5


@dataclass(frozen=True)
class CellMark:
    """What stands in a cell.

    Attributes:
        style: glyph and colour.
        iri: where it leads.
        words: what it shows, in full.
        text: what is written in the cell; "" draws a glyph alone.
        is_small: whether it counts less than others.
    """

    style: str
    iri: str
    words: str
    text: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class ChartRow:
    """A row with its name and as many cells as there are columns."""

    name: str
    cells: tuple[tuple[CellMark, ...], ...]


def draw_table(width: int, corner: str, columns: Sequence[str], rows: Sequence[ChartRow]) -> Drawing:
    """Draws rows below each other; ``corner`` is the heading above their names."""
    first = 0.28 * width
    each = (width - first) / len(columns)
    headings = [lines(column, each - 12, SMALL) for column in columns]
    y = _LINE * max(len(heading) for heading in headings) + 8
    shapes: list[Shape] = [*text_lines(lines(corner, first - 8, SMALL), 0, _LINE, _LINE, "tick")]
    for place, heading in enumerate(headings):
        shapes += text_lines(heading, first + place * each + 6, _LINE, _LINE, "heading")
    shapes.append(stroke("axis", (0, y), (width, y)))
    for row in rows:
        drawn, y = _row(row, y, first, each)
        shapes += [*drawn, stroke("grid", (0, y), (width, y))]
    return Drawing(width, round(y + 4), tuple(shapes))


def _row(row: ChartRow, top: float, first: float, each: float) -> tuple[list[Shape], float]:
    name = lines(row.name, first - 8)
    shapes: list[Shape] = [*text_lines(name, 0, top + _LINE, _LINE)]
    height = _LINE * len(name)
    for place, cell in enumerate(row.cells):
        drawn, of_cell = _cell(cell, first + place * each + 6, top + 4, each - 12)
        shapes += drawn
        height = max(height, of_cell)
    return shapes, top + height + 8


def _cell(cell: Sequence[CellMark], x: float, y: float, width: float) -> tuple[list[Shape], float]:
    if any(mark.text for mark in cell):
        return _written(cell, x, y, width)
    in_line = max(1, int(width / _MARK))
    shapes: list[Shape] = [
        Link(
            mark.iri,
            mark.words,
            (
                glyph(
                    mark.style,
                    x + _MARK * (place % in_line + 0.5),
                    y + _MARK * (place // in_line + 0.5),
                    _SMALL_RADIUS if mark.is_small else _RADIUS,
                ),
            ),
        )
        for place, mark in enumerate(cell)
    ]
    return shapes, _MARK * math.ceil(len(cell) / in_line)


def _written(cell: Sequence[CellMark], x: float, y: float, width: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    top = y
    for mark in cell:
        words = lines(mark.text, width, SMALL)
        ground: Path = box(x - 4, y, width + 8, _LINE * len(words) - 2, f"ground {mark.style}")
        shapes.append(Link(mark.iri, mark.words, (ground, *text_lines(words, x, y + 11, _LINE, "tick"))))
        y += _LINE * len(words)
    return shapes, y - top
