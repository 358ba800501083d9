"""What charts are drawn of: paths, texts and links, in user units of the SVG. Templates write the markup.

Styles are class names of ``static/chart.css``. Widths of letters are those of DejaVu Sans, which is wider than most
fonts, so that a text that fits here fits everywhere.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

# The mean width of a letter, as a share of the size of the font.
_LETTER = 0.6
TEXT, SMALL = 13.0, 12.0


@dataclass(frozen=True)
class Path:
    """A line or an area; ``d`` is its path as in SVG."""

    d: str
    style: str


@dataclass(frozen=True)
class Text:
    """A line of text; ``y`` is its baseline, ``anchor`` is ``start``, ``middle`` or ``end``."""

    x: float
    y: float
    text: str
    style: str = "label"
    anchor: str = "start"


@dataclass(frozen=True)
class Link:
    """Shapes that lead to an entity; ``words`` says in full what they show."""

    iri: str
    words: str
    shapes: tuple[Path | Text, ...]


Shape = Path | Text | Link


@dataclass(frozen=True)
class Drawing:
    """A complete drawing."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def fits(text: str, width: float, size: float = TEXT) -> str:
    """Returns a text, shortened where it is wider than ``width``."""
    most = max(4, int(width / (_LETTER * size)))
    return text if len(text) <= most else text[: most - 1].rstrip(" ,;:") + "…"


def lines(text: str, width: float, size: float = TEXT) -> list[str]:
    """Returns a text in lines that fit into ``width``."""
    return textwrap.wrap(text, max(8, int(width / (_LETTER * size)))) or [""]


def width_of(text: str, size: float = TEXT) -> float:
    """Returns about how wide a text is."""
    return len(text) * _LETTER * size


def stroke(style: str, *points: tuple[float, float]) -> Path:
    """Returns a line through some points."""
    return Path("M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points), style)


def box(x: float, y: float, width: float, height: float, style: str) -> Path:
    """Returns a rectangle."""
    return Path(f"M{_short(x)} {_short(y)}h{_short(width)}v{_short(height)}h{_short(-width)}z", style)


def disc(x: float, y: float, radius: float, style: str) -> Path:
    """Returns a disc."""
    r = _short(radius)
    across = _short(2 * radius)
    return Path(f"M{_short(x - radius)} {_short(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z", style)


def polygon(x: float, y: float, radius: float, corners: int, style: str, turn: float = 0.0) -> Path:
    """Returns a regular polygon about a point: a diamond with four corners, a triangle with three.

    Args:
        x, y: the centre.
        radius: from there to a corner.
        corners: how many; the first is above the centre.
        style: class name.
        turn: by which share of a full turn the first corner is further on.
    """
    angles = (2 * math.pi * (place / corners + turn) for place in range(corners))
    points = (f"{_short(x + radius * math.sin(angle))} {_short(y - radius * math.cos(angle))}" for angle in angles)
    return Path("M" + "L".join(points) + "z", style)


def text_lines(
    found: Iterable[str], x: float, y: float, step: float, style: str = "label", anchor: str = "start"
) -> list[Text]:
    """Returns lines of text below each other; ``y`` is the baseline of the first."""
    return [Text(x, y + place * step, line, style, anchor) for place, line in enumerate(found)]


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
