"""What a diet's figures mean, in words that the page and the API share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kg.amounts import exact, number
from kg.diet.sources import AmountState, ExclusionReason, SourcedAmount
from kg.diet.totals import Diet, Range, Total

TITLE = "The vitamin K of a diet, known and unknown"
CLINICIAN = (
    "Those who take a vitamin K antagonist such as warfarin: this shows how far the days lie apart and says nothing "
    "of what to eat. Talk to your clinician before you change your diet."
)
STATES = {
    AmountState.GIVEN: "",
    AmountState.BELOW_DETECTION: "below detection",
    AmountState.ASSUMED_ZERO: "assumed zero, not measured",
    AmountState.ZERO_BY_ANALYSIS: "zero by analysis",
    AmountState.ZERO_OF_OTHER_ORIGIN: "zero, not by analysis",
}
OUTSIDE = {
    ExclusionReason.NEAREST_FOOD: "another food, the nearest in that table: not counted",
    ExclusionReason.OTHER_BASIS: "by volume or in another unit: not counted",
}
_UNKNOWN = (
    "Where no source gives an amount of a form in a food, it is unknown, not zero: it is left out of the sum and named."
)
_RANGES = "Where sources differ, a range goes from the lowest to the highest of them; no mean is made."
_FORMS = (
    "What USDA SR28 calls vitamin K is K1; beside it the table has MK-4 and dihydrophylloquinone only, so it can't "
    "tell of MK-7 or other menaquinones."
)
_TOTALS = "Vitamin K2 as a whole holds the single menaquinones: the lines can't be added to each other."
_INTAKES = (
    "Authorities set intakes for vitamin K1, or for vitamin K without naming its forms; none here sets one for vitamin "
    "K2. The share is that of the known K1 alone."
)
_DETECTION = "Below detection counts as anything from 0 to the bound. An assumed zero counts as 0 and is named."


def notes(diet: Diet) -> Iterator[str]:
    """What has to be known to read the figures."""
    yield from (_UNKNOWN, _RANGES, _FORMS, _TOTALS, _DETECTION, _INTAKES)
    if len(diet.days) > 1:
        yield CLINICIAN


def is_by_mass(amount: SourcedAmount) -> bool:
    """Whether the amount is given by mass of food, so that there are figures."""
    return amount.outside is not ExclusionReason.OTHER_BASIS


def shown(value: Fraction) -> str:
    """A figure to two decimals as people read it."""
    if 0 < value < Fraction(1, 100):
        return "less than 0.01"
    return number(str(exact(value, "0.01")))


def between(interval: Range, unit: str = "µg") -> str:
    """A range as people read it, with its unit."""
    low, high = shown(interval.low), shown(interval.high)
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"


def at_least(total: Total) -> Fraction:
    """What there is of a form for certain: the lowest figures, and what is known in part."""
    return sum((least for _, least in total.partly_known_for), total.known.low if total.known else Fraction(0))


def percent(interval: Range) -> str:
    """A share to whole percents, or to tenths below ten."""
    ends = [_percent(interval.low), _percent(interval.high)]
    return f"{'–'.join(dict.fromkeys(ends))} %"


def _percent(value: Fraction) -> str:
    return number(str(exact(value, "1" if value >= 10 else "0.1")))


def by_source(amount: SourcedAmount, grams: Fraction) -> str:
    """What one source says of an amount of a food."""
    if not is_by_mass(amount):
        return ""
    if amount.state is AmountState.BELOW_DETECTION:
        return f"less than {shown(amount.high * grams / 100)} µg"
    return between(Range(amount.low * grams / 100, amount.high * grams / 100))


def per_100_grams(amount: SourcedAmount) -> str:
    """What one source says of 100 g."""
    return by_source(amount, Fraction(100))
