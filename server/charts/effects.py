"""The forest chart of an outcome: the ratios that studies report for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kg.claims import study_results
from kg.claims.study_results import EffectGroup, ReportedEffect
from server.charts.chart import Chart, GraphSource, counted, named
from server.svg.forest_chart import draw_forest, drawn_of

EFFECTS = "effects"


def of_outcome(source: GraphSource, iri: str) -> Chart | None:
    """The ratios that studies report for an outcome."""
    label = source.reader.references([], extra=[iri])[iri].label
    return forest(iri.rpartition("/")[2], label, study_results.of_outcome(source.reader, iri))


def forest(name: str, label: str, groups: Sequence[EffectGroup]) -> Chart | None:
    """The chart of the groups of effects that are ratios; the rows are all effects, also other measures.

    Args:
        name: local name of the outcome.
        label: its label.
        groups: as ``study_results.of_outcome`` returns them.
    """
    panels = [group for group in groups if group.is_ratio and drawn_of(group)]
    if not panels:
        return None
    ratios = [one for group in panels for one in drawn_of(group)]
    every = [(group.title, one) for group in groups for one in group.effects]
    return Chart(
        kind=EFFECTS,
        name=name,
        finding=f"{label[:1].upper()}{label[1:]}, {counted(len(ratios), 'ratio')}; {'; '.join(map(_found, panels))}",
        note="A ratio of 1 means no difference; lines are 95 % intervals, cut off at 0.1 and 10; a small mark has no "
        "interval; a hollow triangle stands for a study about which a warning was published. Trials, observations and "
        "markers have panels of their own: an observation shows what goes together, not what causes it.",
        source=named(one.study for one in ratios),
        columns=("sort", "study", "design", "measure", "size", "lower 95 %", "upper 95 %", "unit", "p", "found", "IRI"),
        rows=tuple(_row(title, one) for title, one in every),
        draw=partial(draw_forest, panels=panels),
    )


def _found(panel: EffectGroup) -> str:
    """What the ratios of a panel show, by their intervals; a study about which a warning was published is named."""
    effects = drawn_of(panel)
    below = sum(one.high is not None and one.high < 1 for one in effects)
    above = sum(one.low is not None and one.low > 1 for one in effects)
    with_interval = sum(one.low is not None and one.high is not None for one in effects)
    warned = sum(bool(one.notices) for one in effects)
    parts = [
        f"{count} {words}"
        for count, words in (
            (below, "below 1"),
            (above, "above 1"),
            (with_interval - below - above, "either"),
            (len(effects) - with_interval, "without an interval"),
        )
        if count
    ]
    note = f" ({warned} of a study about which a warning was published)" if warned else ""
    return f"{panel.title.partition(': ')[2] or panel.title}: {', '.join(parts)}{note}"


def _row(title: str, one: ReportedEffect) -> tuple[str, ...]:
    ends = ("" if end is None else str(end) for end in (one.low, one.high))
    return (
        *(title, one.study.label, one.design.label, one.measure.label, str(one.size), *ends, one.unit),
        *(one.p_value, one.found, one.study.iri),
    )
