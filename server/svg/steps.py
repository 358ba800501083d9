"""Steps from a start to an end, below each other: how a certainty was computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.svg.drawing import SMALL, Drawing, Shape, box, lines, stroke, text_lines

_PADDING, _LINE, _BETWEEN, _LEVELS = 10.0, 17.0, 20.0, 190.0


@dataclass(frozen=True)
class Step:
    """A step: what it does in a word or two, and why; ``style`` is ``start``, ``lower``, ``raise`` or ``end``."""

    title: str
    why: str
    style: str


def draw_steps(width: int, steps: Sequence[Step]) -> Drawing:
    """Draws the steps with arrows between them."""
    y, shapes = 2.0, []
    for place, step in enumerate(steps):
        drawn, end = _step(step, y, width)
        shapes += drawn
        if place < len(steps) - 1:
            x, tip = 28.0, end + _BETWEEN - 2
            shapes += [
                stroke("arrow", (x, end + 2), (x, tip)),
                stroke("arrow", (x - 4, tip - 5), (x, tip), (x + 4, tip - 5)),
            ]
            y = end + _BETWEEN
        else:
            y = end
    return Drawing(width, round(y + 3), tuple(shapes))


def _step(step: Step, y: float, width: int) -> tuple[list[Shape], float]:
    is_wide = width > 2.5 * _LEVELS
    left = _LEVELS if is_wide else _PADDING
    title = lines(step.title, (_LEVELS - 2 * _PADDING) if is_wide else width - 3 * _PADDING)
    why = lines(step.why, width - left - 2 * _PADDING, SMALL)
    above = 0 if is_wide else len(title)
    count = max(len(title), len(why)) if is_wide else len(title) + len(why)
    height = _LINE * count + _PADDING
    shapes: list[Shape] = [
        box(1, y, width - 2, height, f"step {step.style}"),
        *text_lines(title, _PADDING + 2, y + _LINE, _LINE, "strong"),
        *text_lines(why, left + 2, y + _LINE * (1 + above), _LINE, "tick"),
    ]
    return shapes, y + height
