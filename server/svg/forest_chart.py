"""The forest chart: ratios with their intervals on a logarithmic axis, in a panel for each sort of study."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kg.claims.study_results import EffectGroup, ReportedEffect
from server.svg.axis import Axis, axis_shapes, log_axis
from server.svg.drawing import Drawing, Link, Path, Shape, Text, disc, fits, polygon, stroke, width_of

_STEP, _HEAD, _LEAST, _MOST = 36.0, 26.0, 0.1, 10.0


def draw_forest(width: int, panels: Sequence[EffectGroup]) -> Drawing:
    """Draws groups of ratios below each other, each with an axis of its own; every group has an effect above 0."""
    y, shapes = 0.0, []
    for panel in panels:
        drawn, y = _panel(panel, y, width)
        shapes += drawn
    return Drawing(width, round(y), tuple(shapes))


def drawn_of(group: EffectGroup) -> list[ReportedEffect]:
    """Returns the effects of a group that a logarithmic axis can show."""
    return [one for one in group.effects if one.size > 0]


def _panel(panel: EffectGroup, y: float, width: int) -> tuple[list[Shape], float]:
    effects = drawn_of(panel)
    ends = [float(end) for one in effects for end in (one.size, one.low, one.high) if end]
    clamped = [min(max(end, _LEAST), _MOST) for end in (*ends, 0.8, 1.25)]
    axis = log_axis(clamped, 8, width - 8)
    top = y + _HEAD
    bottom = top + _STEP * len(effects)
    shapes: list[Shape] = [Text(0, y + 16, fits(panel.title, width), "strong")]
    shapes += axis_shapes(axis, top, bottom, "ratio, logarithmic scale; left of 1: less of it, right of 1: more of it")
    shapes.append(stroke("reference", (axis.at(1), top), (axis.at(1), bottom)))
    for place, effect in enumerate(effects):
        shapes.append(_effect(effect, axis, top + _STEP * place, width))
    return shapes, bottom + 48


def _effect(effect: ReportedEffect, axis: Axis, y: float, width: int) -> Link:
    words = words_of(effect)
    x, style = axis.at(float(effect.size)), "warned" if effect.notices else "effect"
    has_interval = effect.low is not None and effect.high is not None
    found: list[Path | Text] = [
        Text(0, y + 14, fits(f"{effect.study.label}, {effect.design.label}", width - width_of(words) - 14), "tick"),
        Text(width, y + 14, words, "value", "end"),
    ]
    if has_interval:
        found.append(
            stroke("interval", *((axis.at(float(end or Decimal(1))), y + 25) for end in (effect.low, effect.high)))
        )
    found.append(
        polygon(x, y + 25, 6, 3, style) if effect.notices else disc(x, y + 25, 5 if has_interval else 3, style)
    )
    return Link(effect.study.iri, f"{effect.found} {words}", tuple(found))


def words_of(effect: ReportedEffect) -> str:
    """Returns measure, size and interval of an effect."""
    interval = f" ({effect.low} to {effect.high})" if effect.low is not None and effect.high is not None else ""
    return f"{effect.measure.label} {effect.size}{interval}"
