"""The forest chart: ratios with their intervals on one logarithmic axis, in a panel for each sort of study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.claims.study_results import EffectGroup, ReportedEffect
from server.svg.axis import Axis, axis_shapes, log_axis
from server.svg.drawing import SMALL, Drawing, Link, Path, Shape, Text, disc, fits, polygon, stroke, width_of

_STEP, _HEAD, _LINE, _LEAST, _MOST = 54.0, 26.0, 17.0, 0.1, 10.0


@dataclass(frozen=True)
class ForestPanel:
    """A group of ratios, at least one above 0, and what it means to lie below and above 1, in words."""

    group: EffectGroup
    below: str
    above: str


def draw_forest(width: int, panels: Sequence[ForestPanel]) -> Drawing:
    """Draws groups of ratios below each other, all on the same scale."""
    effects = [one for panel in panels for one in drawn_of(panel.group)]
    ends = [float(end) for one in effects for end in (one.size, one.low, one.high) if end]
    axis = log_axis([min(max(end, _LEAST), _MOST) for end in (*ends, 0.8, 1.25)], 8, width - 8)
    y, shapes = 0.0, []
    for panel in panels:
        drawn, y = _panel(panel, axis, y, width)
        shapes += drawn
    return Drawing(width, round(y), tuple(shapes))


def drawn_of(group: EffectGroup) -> list[ReportedEffect]:
    """Returns the effects of a group that a logarithmic axis can show."""
    return [one for one in group.effects if one.size > 0]


def _panel(panel: ForestPanel, axis: Axis, y: float, width: int) -> tuple[list[Shape], float]:
    effects = drawn_of(panel.group)
    top = y + _HEAD
    bottom = top + _STEP * len(effects)
    shapes: list[Shape] = [Text(0, y + 16, fits(panel.group.title, width), "strong")]
    shapes += axis_shapes(axis, top, bottom, "ratio, logarithmic scale; 1: no difference")
    shapes.append(stroke("reference", (axis.at(1), top), (axis.at(1), bottom)))
    for place, effect in enumerate(effects):
        shapes.append(_effect(effect, axis, top + _STEP * place, width))
    below, above = f"← {panel.below}", f"{panel.above} →"
    line = bottom + 34 + _LINE
    shapes.append(Text(0, line, fits(below, width), "heading"))
    if width_of(below + above, SMALL) > width - 20:
        line += _LINE
    shapes.append(Text(width, line, fits(above, width), "heading", "end"))
    return shapes, line + 22


def _effect(effect: ReportedEffect, axis: Axis, y: float, width: int) -> Link:
    words = words_of(effect)
    x, style = axis.at(float(effect.size)), "warned" if effect.notices else "effect"
    has_interval = effect.low is not None and effect.high is not None
    found: list[Path | Text] = [
        Text(0, y + 14, fits(f"{effect.study.label}, {effect.design.label}", width - width_of(words) - 14), "tick"),
        Text(width, y + 14, words, "value", "end"),
        Text(0, y + 30, fits(of_whom(effect), width, SMALL), "tick"),
    ]
    if has_interval:
        found.append(
            stroke("interval", *((axis.at(float(end or Decimal(1))), y + 43) for end in (effect.low, effect.high)))
        )
    found.append(
        polygon(x, y + 43, 6, 3, style) if effect.notices else disc(x, y + 43, 5 if has_interval else 3, style)
    )
    return Link(effect.study.iri, f"{effect.found} {words}", tuple(found))


def of_whom(effect: ReportedEffect) -> str:
    """Returns what was compared with what, and in whom; "" where neither is recorded."""
    people = ", ".join(one.label for one in effect.people)
    return "; ".join(part for part in (effect.compared, people) if part)


def words_of(effect: ReportedEffect) -> str:
    """Returns measure, size and interval of an effect."""
    interval = f" ({effect.low} to {effect.high})" if effect.low is not None and effect.high is not None else ""
    return f"{effect.measure.label} {effect.size}{interval}"
