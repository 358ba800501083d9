"""The charts of an outcome: the ratios that studies report for it, and all studies with a result for it by year.

What it means to lie on one side of 1 follows from data: in trials from the desirability of the outcome, elsewhere only
that there was less or more of it, since what goes together favours nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial

from kg.claims import study_results
from kg.claims.study_results import EffectGroup, OutcomeStudy, ReportedEffect
from kg.reader.entity import Reference
from server.charts.chart import Chart, GraphSource, counted, named
from server.charts.evidence import LEAST_STUDIES, TIMELINE
from server.svg.forest_chart import ForestPanel, draw_forest, drawn_of
from server.svg.strip import Lane, StripMark, draw_years

EFFECTS = "effects"
_SORTS = {
    study_results.TREATMENT: "Trials",
    study_results.OBSERVED: "Intake or status",
    study_results.MARKER: "Markers in the blood",
    study_results.OTHER: "Other",
}
_PLACEBO = "#placebo"
_STYLES = {
    study_results.TREATMENT: "trial",
    study_results.OBSERVED: "authority",
    study_results.MARKER: "article",
    study_results.OTHER: "other",
}


def of_outcome(source: GraphSource, iri: str) -> Chart | None:
    """The ratios that studies report for an outcome."""
    outcome = source.reader.references([], extra=[iri])[iri]
    return forest(outcome, panels(source, outcome, study_results.of_outcome(source.reader, iri)))


def of_years(source: GraphSource, iri: str) -> Chart | None:
    """The studies with a result for an outcome by year; ``None`` with fewer than ``LEAST_STUDIES`` of known year."""
    studies = study_results.studies_of(source.reader, iri)
    dated = [one for one in studies if one.year]
    if len({one.study.iri for one in dated}) < LEAST_STUDIES:
        return None
    label = source.reader.references([], extra=[iri])[iri].label
    lanes = [
        Lane(f"{title}: {len(some)}", _STYLES[sort], tuple(map(_year_mark, some)))
        for sort, title in study_results.TITLES.items()
        if (some := [one for one in dated if one.sort == sort])
    ]
    years, undated = [one.year for one in dated], {one.study.iri for one in studies if not one.year}
    return Chart(
        kind=TIMELINE,
        name=iri.rpartition("/")[2],
        finding=f"{label[:1].upper()}{label[1:]}: {len({one.study.iri for one in dated})} studies with results, "
        f"from {min(years)} to {max(years)}",
        note="A mark is a study in the year of its publication; a hollow triangle stands for one about which a warning "
        "was published. Where a mark stands says when, not what was found. A study of two sorts has a mark in both. "
        + (f"Not drawn, since their year is not recorded: {len(undated)}. " if undated else ""),
        source=named(one.study for one in dated),
        columns=("year", "sort", "study", "design", "found", "IRI"),
        rows=tuple(
            (
                *(str(one.year or ""), study_results.TITLES[one.sort], one.study.label, one.design.label),
                *(" ".join(one.found), one.study.iri),
            )
            for one in studies
        ),
        draw=partial(draw_years, lanes=lanes, title="year of publication"),
    )


def _year_mark(one: OutcomeStudy) -> StripMark:
    words = f"{one.year}: {one.study.label} ({one.design.label}). {' '.join(one.found)}"
    style = "warned" if one.notices else ""
    return StripMark(float(one.year), float(one.year), 1, one.study.iri, words, style=style)


def panels(source: GraphSource, outcome: Reference, groups: Iterable[EffectGroup]) -> list[ForestPanel]:
    """Each group of effects with what it means to lie on either side of 1.

    Args:
        source: says whether people are better off with more of the outcome, and what is a form of vitamin K.
        outcome: of which the effects are.
        groups: as ``study_results.of_outcome`` returns them.
    """
    desirability = source.claim_index.propositions.desirability.get(outcome.iri, 0)
    return [ForestPanel(one, *sides(one, desirability, source.reader.forms_of_vitamin_k)) for one in groups]


def forest(outcome: Reference, every: Sequence[ForestPanel]) -> Chart | None:
    """The chart of the panels with ratios; the rows are all effects, also other measures."""
    drawn = [panel for panel in every if panel.group.is_ratio and drawn_of(panel.group)]
    if not drawn:
        return None
    ratios = [one for panel in drawn for one in drawn_of(panel.group)]
    rows = [(panel.group.title, one) for panel in every for one in panel.group.effects]
    return Chart(
        kind=EFFECTS,
        name=outcome.iri.rpartition("/")[2],
        finding=f"{outcome.label[:1].upper()}{outcome.label[1:]}, {counted(len(ratios), 'ratio')}. "
        + ". ".join(_found(panel.group) for panel in drawn),
        note="A ratio of 1 means no difference; lines are 95 % intervals, cut off at 0.1 and 10; a small mark has no "
        "interval; a hollow triangle stands for a study about which a warning was published. Trials, observations and "
        "markers have panels of their own: an observation shows what goes together, not what causes it.",
        source=named(one.study for one in ratios),
        columns=(
            *("sort", "study", "design", "people", "exposure", "against", "measure", "size", "lower 95 %"),
            *("upper 95 %", "unit", "p", "found", "IRI"),
        ),
        rows=tuple(_row(title, one) for title, one in rows),
        draw=partial(draw_forest, panels=drawn),
    )


def sides(group: EffectGroup, desirability: int, forms: Collection[str]) -> tuple[str, str]:
    """Returns what it means that a ratio of a group is below 1, and that it is above.

    Args:
        group: of one sort of studies.
        desirability: 1 if people are better off with more of the outcome, -1 if they are worse off, 0 if neither is
            recorded.
        forms: IRIs of vitamin K and its forms.
    """
    given = _shared([one.exposures for one in group.effects], forms)
    if group.sort == study_results.MARKER:
        exposure = f"higher {given}" if given else "more of the marker"
        return f"less often with {exposure}", f"more often with {exposure}"
    if group.sort != study_results.TREATMENT or not desirability:
        exposure = f" with {given}" if given else ""
        return f"less often{exposure}", f"more often{exposure}"
    compared = [against.iri for one in group.effects for against in one.against or (Reference("", ""),)]
    favoured = f"favours {given or 'what was given'}"
    other = f"favours {'placebo' if all(iri.endswith(_PLACEBO) for iri in compared) else 'comparator'}"
    return (favoured, other) if desirability < 0 else (other, favoured)


def _shared(exposures: Iterable[tuple[Reference, ...]], forms: Collection[str]) -> str:
    """The name of what all effects are of: of one exposure, or of forms of vitamin K; "" where they differ."""
    every = {one.iri: one.label for some in exposures for one in some} if all(exposures) else {}
    if len(every) == 1:
        return next(iter(every.values()))
    return "vitamin K" if every and every.keys() <= set(forms) else ""


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
            (with_interval - below - above, "with an interval around 1"),
            (len(effects) - with_interval, "without an interval"),
        )
        if count
    ]
    note = f" ({warned} of a study about which a warning was published)" if warned else ""
    return f"{_SORTS[panel.sort]}: {', '.join(parts)}{note}"


def _row(title: str, one: ReportedEffect) -> tuple[str, ...]:
    ends = ("" if end is None else str(end) for end in (one.low, one.high))
    return (
        *(title, one.study.label, one.design.label),
        *("; ".join(each.label for each in some) for some in (one.people, one.exposures, one.against)),
        *(one.measure.label, str(one.size), *ends, one.unit, one.p_value, one.found, one.study.iri),
    )
