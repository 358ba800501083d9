"""The dose strips: of a form, and of all reference intakes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

from kg import amounts
from kg.answers import intakes as all_of
from kg.answers.cards import Intake
from kg.claims.claim_index import ClaimIndex
from kg.foods import vitamin_forms
from kg.foods.vitamin_forms import Dose
from kg.reader.entity import Reference
from server.charts.chart import Chart, GraphSource, counted, named
from server.svg.strip import Lane, StripMark, draw_doses

FORM, INTAKES = "doses", "intakes"
_AXIS = "µg per day"
_ARTICLE, _PEOPLE = "source-article", "adults"
_UPPER_LEVEL = "tolerable upper intake level"
_COLUMNS = ("lane", "amount", "lowest, µg per day", "highest, µg per day", "of", "for", "named by", "IRI")
_NO_LIMIT = "No authority recorded here has set an upper level. "


def of_form(source: GraphSource, iri: str) -> Chart | None:
    """The doses of a form: what studies gave, what authorities set for adults, what the article and others say."""
    reader = source.reader
    doses = vitamin_forms.doses(reader, iri)
    if not doses:
        return None
    every = all_of.all_intakes(reader)
    adults = Reference(reader.vocabulary.entity_iri(_PEOPLE), "")
    card = all_of.intake_card(every, all_of.groups_above(reader), adults, None, None)
    label = reader.references([], extra=[iri])[iri].label
    return strip_of_form(Reference(iri, label), doses, card.intakes if card else (), source.claim_index)


def strip_of_form(form: Reference, doses: Sequence[Dose], intakes: Iterable[Intake], index: ClaimIndex) -> Chart | None:
    """The chart of a form.

    Args:
        form: the form.
        doses: its doses.
        intakes: what authorities set for adults, of whatever nutrient.
        index: says which claims are those of the article.
    """
    daily = [dose for dose in doses if dose.days and dose.micrograms > 0]
    set_for_adults = [one for one in intakes if one.per_day]
    by_lane: dict[str, list[tuple[Dose, tuple[Reference, ...]]]] = {"trial": [], "article": [], "other": []}
    for dose in daily:
        of_article = tuple(one for one in dose.claims if _is_of_article(index, one))
        others = tuple(one for one in dose.claims if one not in of_article)
        for lane, naming in (("trial", dose.studies), ("article", of_article), ("other", others)):
            if naming:
                by_lane[lane].append((dose, naming))
    if not daily:
        return None
    limits = [one for one in set_for_adults if one.kind == _UPPER_LEVEL]
    recommended = [one for one in set_for_adults if one not in limits]
    lanes = [
        Lane("Given in studies", "trial", _dose_marks(by_lane["trial"])),
        Lane(_intake_title(recommended), "authority", _intake_marks(recommended)),
        Lane("Upper levels of authorities", "limit", _intake_marks(limits)),
        Lane("Named by the article", "article", _dose_marks(by_lane["article"])),
        Lane("Named by other sources", "other", _dose_marks(by_lane["other"])),
    ]
    lanes = [lane for lane in lanes if lane.marks]
    left_out = len(doses) - len(daily)
    note = (
        "A mark is an amount, larger where more name it; a line joins the ends of a range. Amounts per week are shown "
        "as the mean per day. That an amount was studied does not recommend it. "
        + ("" if limits else _NO_LIMIT)
        + (f"Not drawn: {counted(left_out, 'single dose')}. " if left_out else "")
    )
    rows = [
        (lane.title, dose.words, *_ends(dose), form.label, "", "; ".join(one.label for one in naming), dose.regimen.iri)
        for lane in lanes
        if lane.style in by_lane
        for dose, naming in by_lane[lane.style]
    ] + [row for lane, some in ((lanes, recommended), (lanes, limits)) for row in _intake_rows(some)]
    sources = [_source_of(index, one) for lane in by_lane.values() for _, naming in lane for one in naming]
    return Chart(
        kind=FORM,
        name=form.iri.rpartition("/")[2],
        finding=_finding(form, by_lane["trial"], recommended),
        note=note.strip(),
        source=named([*(one.authority for one in set_for_adults), *sources]),
        columns=_COLUMNS,
        rows=tuple(rows),
        draw=partial(draw_doses, lanes=lanes, title=_AXIS),
    )


def of_all_intakes(source: GraphSource, iri: str) -> Chart | None:
    """What authorities set, each group of people for itself; ``None`` for anything but vitamin K."""
    if not iri.endswith("/vitamin-k"):
        return None
    return strip_of_intakes(all_of.all_intakes(source.reader))


def strip_of_intakes(intakes: Iterable[Intake]) -> Chart | None:
    """The chart of all reference intakes that are in force and not per kg of body mass."""
    in_force = [one for one in intakes if one.per_day and not one.is_superseded]
    if not in_force:
        return None
    limits = [one for one in in_force if one.kind == _UPPER_LEVEL]
    by_authority: dict[Reference, list[Intake]] = {}
    for one in in_force:
        if one not in limits:
            by_authority.setdefault(one.authority, []).append(one)
    lanes = [
        Lane(f"{authority.label}: {_of(some)}", "authority", _intake_marks(some))
        for authority, some in by_authority.items()
    ]
    if limits:
        lanes.append(Lane("Upper levels of authorities", "limit", _intake_marks(limits)))
    least = min(in_force, key=lambda one: one.per_day or ())
    most = max(in_force, key=lambda one: (one.per_day or ())[::-1])
    return Chart(
        kind=INTAKES,
        name="vitamin-k",
        finding=f"Authorities set from {least.amount} for {least.population.label} to {most.amount} for "
        f"{most.population.label}",
        note="A mark is an amount for a group of people, larger where it holds for more groups; a line joins the ends "
        "of a range. Values per kg of body mass and superseded ones are not drawn. " + ("" if limits else _NO_LIMIT),
        source=named(by_authority),
        columns=_COLUMNS,
        rows=tuple(_intake_rows(in_force)),
        draw=partial(draw_doses, lanes=lanes, title=_AXIS),
    )


def _is_of_article(index: ClaimIndex, claim: Reference) -> bool:
    summary = index.summaries.get(claim.iri)
    return bool(summary and summary.source and summary.source.iri.endswith("/" + _ARTICLE))


def _source_of(index: ClaimIndex, naming: Reference) -> Reference:
    """The source of a claim; a study is one itself."""
    summary = index.summaries.get(naming.iri)
    return summary.source if summary and summary.source else naming


def _ends(dose: Dose) -> tuple[str, str]:
    return _number(dose.least / dose.days), _number(dose.micrograms / dose.days)


def _dose_marks(some: Iterable[tuple[Dose, tuple[Reference, ...]]]) -> tuple[StripMark, ...]:
    return tuple(
        StripMark(
            float(dose.least / dose.days),
            float(dose.micrograms / dose.days),
            len(naming),
            dose.regimen.iri,
            f"{dose.words}: {naming[0].label if len(naming) == 1 else counted(len(naming), 'source')}",
        )
        for dose, naming in some
    )


def _intake_marks(some: Iterable[Intake]) -> tuple[StripMark, ...]:
    """A mark for each amount; equal amounts of one authority for several groups are one."""
    groups: dict[tuple[str, str, str], list[Intake]] = {}
    for one in some:
        groups.setdefault((one.authority.iri, one.amount, one.nutrient.iri), []).append(one)
    marks = []
    for (_, amount, _), of_same in groups.items():
        first = of_same[0]
        assert first.per_day
        people = ", ".join(one.population.label for one in of_same)
        words = f"{amount} of {first.nutrient.label} for {people}: {first.authority.label}"
        marks.append(StripMark(float(first.per_day[0]), float(first.per_day[1]), len(of_same), first.intake.iri, words))
    return tuple(marks)


def _intake_rows(some: Iterable[Intake]) -> list[tuple[str, ...]]:
    return [
        (
            one.kind or "reference intake",
            one.amount,
            *(_number(end) for end in one.per_day or ()),
            one.nutrient.label,
            one.population.label,
            one.authority.label,
            one.intake.iri,
        )
        for one in some
    ]


def _intake_title(some: Sequence[Intake]) -> str:
    return f"Set by authorities for adults: {_of(some)}"


def _of(some: Sequence[Intake]) -> str:
    return " or ".join(dict.fromkeys(one.nutrient.label for one in some))


def _finding(form: Reference, studied: Sequence[tuple[Dose, object]], recommended: Sequence[Intake]) -> str:
    ends = [end for one in recommended if one.per_day for end in one.per_day]
    authorities = f"authorities set {_span(ends)} µg of {_of(recommended)} for adults" if ends else ""
    doses = [end / dose.days for dose, _ in studied for end in (dose.least, dose.micrograms)]
    if not doses:
        return authorities[:1].upper() + authorities[1:] if authorities else f"Daily amounts of {form.label}"
    return f"Studies gave {_span(doses)} µg of {form.label} a day" + (f"; {authorities}" if authorities else "")


def _span(ends: Sequence[Decimal]) -> str:
    low, high = _number(min(ends)), _number(max(ends))
    return low if low == high else f"{low} to {high}"


def _number(value: Decimal) -> str:
    return amounts.number(str(round(value, 1) if value < 100 else round(value)))
