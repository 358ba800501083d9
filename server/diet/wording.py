"""Explanations of a diet's figures, shared by the page and the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kg.amounts import exact, number
from kg.diet.sources import AmountState, ExclusionReason, SourcedAmount
from kg.diet.totals import DayTotals, Diet, Intake, Range, Total

TITLE = "Vitamin K diet calculator"
CLINICIAN = (
    "If you take a vitamin K antagonist such as warfarin: this shows how much your days differ, not what to eat. Talk "
    "to your clinician before you change your diet."
)
STATES = {
    AmountState.GIVEN: "",
    AmountState.BELOW_DETECTION: "below detection",
    AmountState.BELOW_QUANTIFICATION: "below quantification",
    AmountState.TRACE: "traces",
    AmountState.ASSUMED_ZERO: "assumed zero, not measured",
    AmountState.ZERO_BY_ANALYSIS: "zero by analysis",
    AmountState.ZERO_OF_OTHER_ORIGIN: "zero, not by analysis",
}
OUTSIDE = {
    ExclusionReason.NEAREST_FOOD: "another food, the nearest in that table: not counted",
    ExclusionReason.OTHER_BASIS: "by volume or in another unit: not counted",
    ExclusionReason.NO_NUMBER: "no number given: not counted",
    ExclusionReason.SUPERSEDED: "superseded by a later amount of the same publisher: not counted",
}
_UNKNOWN = (
    "If no source reports an amount of a form in a food, it is unknown, not zero: it is listed and not part of the "
    "total."
)
_RANGES = "Where sources differ, a range shows the lowest and the highest amount. No averages are calculated."
_FORMS = (
    "USDA SR28 reports K1 (as vitamin K), MK-4 and dihydrophylloquinone only. Amounts of MK-7 and other menaquinones "
    "are unknown for its foods."
)
_TOTALS = "Total vitamin K2 includes the single menaquinones, so the lines must not be added up."
_INTAKES = (
    "Reference intakes are for vitamin K1, or for vitamin K without specifying its forms; none is for vitamin K2. The "
    "share is that of the known K1 alone."
)
_DETECTION = (
    "Below detection counts as anything from 0 to the detection limit. An assumed zero counts as 0 and is listed."
)


def notes(diet: Diet) -> Iterator[str]:
    """Returns the notes that a reader of the figures needs."""
    yield from (_UNKNOWN, _RANGES, _FORMS, _TOTALS, _DETECTION, _INTAKES)
    if len(diet.days) > 1:
        yield CLINICIAN


@dataclass(frozen=True)
class Bar:
    """A bar of a day's chart: what it stands for, its amount in words and in µg, and its start and width in percent."""

    label: str
    words: str
    span: Range
    start: float
    width: float


def summary(day: DayTotals) -> str:
    """Says in a sentence how much vitamin K1 and K2 of a day is known, and what the K1 is of an intake."""
    k1, k2 = (_total(day, name) for name in ("phylloquinone", "vitamin-k2"))
    if k1 is None or k1.known is None:
        first = "No source here gives the vitamin K1 of these foods"
    else:
        first = f"Known vitamin K1: {between(k1.known)}"
        if intake := _of_adults(day):
            of = f"{intake.authority.label}, {intake.population.label}, {between(intake.per_day)} a day"
            first += f", {percent(intake.share)} of the reference intake ({of})" if intake.share else ""
        first += f"; unknown for {len(k1.unknown_for)} of {len(day.items)} foods" if k1.unknown_for else ""
    second = "no source gives their vitamin K2"
    if k2 and k2.partly_known_for:
        second = f"vitamin K2: at least {shown(at_least(k2))} µg"
    elif k2 and k2.known:
        second = f"vitamin K2: {between(k2.known)}"
        second += f", unknown for {len(k2.unknown_for)} of {len(day.items)} foods" if k2.unknown_for else ""
    return f"{first}. {second[0].upper()}{second[1:]}."


def bars(day: DayTotals) -> list[Bar]:
    """Returns the chart of a day: each known form from its lowest to its highest amount, and an intake of adults."""
    spans = [(total.form.reference.label, total.known) for total in day.totals if total.known and total.known.high]
    if intake := _of_adults(day):
        spans.append((f"{intake.authority.label}: {intake.kind.label if intake.kind else 'intake'}", intake.per_day))
    most = max((span.high for _, span in spans), default=Fraction(1))
    return [
        # A single number is a bar from zero; of a range, the bar spans it.
        Bar(
            label,
            between(span),
            span,
            float(100 * span.low / most) if span.low < span.high else 0.0,
            max(float(100 * (span.high - span.low if span.low < span.high else span.high) / most), 0.6),
        )
        for label, span in spans
    ]


def _total(day: DayTotals, name: str) -> Total | None:
    return next((total for total in day.totals if total.form.reference.iri.endswith("/" + name)), None)


def _of_adults(day: DayTotals) -> Intake | None:
    """Returns the intake that is compared: of adults if there is one, and of vitamin K1 rather than of vitamin K."""
    usable = [one for one in day.intakes if not one.is_per_kilogram]
    return min(
        usable,
        key=lambda one: (
            not one.population.iri.endswith("/adults"),
            not one.nutrient.iri.endswith("/phylloquinone"),
            one.intake.iri,
        ),
        default=None,
    )


def is_by_mass(amount: SourcedAmount) -> bool:
    """Reports whether an amount is given as a number by mass of food, so that it can be calculated for a portion."""
    return amount.outside not in (ExclusionReason.OTHER_BASIS, ExclusionReason.NO_NUMBER)


def shown(value: Fraction) -> str:
    """Formats a figure with two decimals."""
    if 0 < value < Fraction(1, 100):
        return "less than 0.01"
    return number(str(exact(value, "0.01")))


def between(interval: Range, unit: str = "µg") -> str:
    """Formats a range with its unit."""
    low, high = shown(interval.low), shown(interval.high)
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"


def at_least(total: Total) -> Fraction:
    """Returns the certain amount of a form in micrograms: the lowest figures, and those known in part."""
    return sum((least for _, least in total.partly_known_for), total.known.low if total.known else Fraction(0))


def percent(interval: Range) -> str:
    """Formats a share in whole percent, or in tenths of a percent below ten."""
    ends = [_percent(interval.low), _percent(interval.high)]
    return f"{'–'.join(dict.fromkeys(ends))} %"


def _percent(value: Fraction) -> str:
    return number(str(exact(value, "1" if value >= 10 else "0.1")))


def by_source(amount: SourcedAmount, grams: Fraction) -> str:
    """Formats the amount in a portion by one source, or returns "" if it is not given by mass.

    Args:
        amount: the amount per 100 g.
        grams: mass of the portion in grams.
    """
    if not is_by_mass(amount):
        return ""
    if amount.state is AmountState.BELOW_DETECTION:
        return f"less than {shown(amount.high * grams / 100)} µg"
    return between(Range(amount.low * grams / 100, amount.high * grams / 100))


def per_100_grams(amount: SourcedAmount) -> str:
    """Formats the amount in 100 g by one source."""
    return by_source(amount, Fraction(100))
