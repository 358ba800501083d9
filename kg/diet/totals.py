"""Sums of a diet by form, their share of reference intakes, and how far days differ.

Amounts are exact fractions of µg. Forms are never added to each other, since what a source sums up as vitamin K2 holds
the single menaquinones; sources that differ make a range, never a mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kg.diet.input import Day, Item
from kg.diet.sources import AmountState, Food, SourcedAmount, foods_of
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

ALWAYS_SHOWN = ("phylloquinone", "menaquinone-4", "menaquinone-7", "vitamin-k2")


class Group(StrEnum):
    """Where a form belongs; ``TOTAL`` are sums as a source gives them, which hold forms of the other groups."""

    K1 = "vitaminK1"
    MK4 = "menaquinone4"
    OTHER_MENAQUINONE = "otherMenaquinone"
    OTHER_FORM = "otherForm"
    TOTAL = "totalOfSource"


@dataclass(frozen=True)
class Form:
    """A form of vitamin K, and where it belongs."""

    reference: Reference
    group: Group


@dataclass(frozen=True)
class Range:
    """From the lowest to the highest of what sources say, in µg."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class FormAmount:
    """One form in one item: every source, the range of those that count (``None``: unknown), and how it is known.

    ``at_least`` is what single menaquinones that are known add up to where a source gives no sum of them.
    """

    form: Form
    amounts: tuple[SourcedAmount, ...]
    silent: tuple[Reference, ...]
    known: Range | None
    at_least: Fraction | None = None

    @property
    def states(self) -> set[AmountState]:
        return {amount.state for amount in self.amounts if amount.outside is None}


@dataclass(frozen=True)
class ItemTotals:
    """An item with what it holds, form by form."""

    item: Item
    forms: tuple[FormAmount, ...]


@dataclass(frozen=True)
class Total:
    """One form in a day: the range over the items of which it is known, and the items by how it is known."""

    form: Form
    known: Range | None
    known_for: tuple[Item, ...]
    unknown_for: tuple[Item, ...]
    partly_known_for: tuple[tuple[Item, Fraction], ...]
    assumed_zero_for: tuple[Item, ...]
    below_detection_for: tuple[Item, ...]

    @property
    def is_complete(self) -> bool:
        return not self.unknown_for and not self.partly_known_for


@dataclass(frozen=True)
class Intake:
    """A reference intake a day, in µg, and the share of it that the known vitamin K1 of a day is, in percent.

    ``share`` is ``None`` where it can't be told: the intake is per kilogram of body mass, or no K1 is known.
    """

    intake: Reference
    authority: Reference
    population: Reference
    nutrient: Reference
    kind: Reference | None
    study: Reference
    per_day: Range
    is_per_kilogram: bool
    share: Range | None


@dataclass(frozen=True)
class DayTotals:
    name: str
    items: tuple[ItemTotals, ...]
    totals: tuple[Total, ...]
    intakes: tuple[Intake, ...]


@dataclass(frozen=True)
class DailyVariation:
    """How far the days lie apart in one form: by the lowest figures, by the highest, and where some are unknown.

    A day of which nothing is known is in ``without``; it is not compared.
    """

    form: Form
    by_lowest: Range
    by_highest: Range
    without: tuple[str, ...]
    incomplete: tuple[str, ...]

    @property
    def difference(self) -> Range:
        """Between the lowest and the highest day: by the lowest and by the highest figures, the smaller first."""
        ends = sorted((self.by_lowest.high - self.by_lowest.low, self.by_highest.high - self.by_highest.low))
        return Range(ends[0], ends[1])


@dataclass(frozen=True)
class Diet:
    days: tuple[DayTotals, ...]
    spreads: tuple[DailyVariation, ...]


def evaluate(reader: Reader, days: Sequence[Day], population: str | None = None) -> Diet:
    """What days of eating hold; intakes are those of one population where it is given (an IRI)."""
    foods = foods_of(reader, sorted({item.food.iri for day in days for item in day.items}))
    forms = _forms(reader, foods.values())
    intakes = reader.run("reference-intakes", {})
    wanted = [row for row in intakes if population in (None, row["population"].value)]
    refer = reader.references(wanted, "intake", "authority", "population", "nutrient", "kind", "study")
    eaten = []
    for day in days:
        items = tuple(ItemTotals(item, _form_amounts(item, foods[item.food.iri], forms)) for item in day.items)
        totals = tuple(_total(form, items) for form in forms)
        k1 = next(total.known for total in totals if total.form.group is Group.K1)
        shares = tuple(_intake(group, refer, k1) for group in reader.grouped(wanted, "intake").values())
        eaten.append(DayTotals(day.name, items, totals, shares))
    spreads = [_daily_variation(form, eaten) for form in forms] if len(eaten) > 1 else []
    return Diet(tuple(eaten), tuple(spread for spread in spreads if spread))


def _forms(reader: Reader, foods: Iterable[Food]) -> list[Form]:
    """The forms that are told: those that are always shown, and those of which some source says something."""
    entity_iri = reader.vocabulary.entity_iri
    named = {amount.form.iri for food in foods for amount in food.amounts}
    rows = reader.run("forms-of-a-vitamin", {"vitamin": entity_iri("vitamin-k2")})
    menaquinones = {row["form"].value for row in rows}
    first = [entity_iri(name) for name in ALWAYS_SHOWN[:2]]
    last = [entity_iri("vitamin-k2"), entity_iri("vitamin-k")]
    labels = reader.references([], extra=named.union(map(entity_iri, ALWAYS_SHOWN)))

    def group(iri: str) -> Group:
        if iri in last:
            return Group.TOTAL
        if iri in first:
            return Group.K1 if iri == first[0] else Group.MK4
        return Group.OTHER_MENAQUINONE if iri in menaquinones else Group.OTHER_FORM

    order = list(Group)
    found = [Form(reference, group(iri)) for iri, reference in labels.items()]
    return sorted(
        found, key=lambda form: (order.index(form.group), form.reference.iri == last[1], form.reference.label)
    )


def _form_amounts(item: Item, food: Food, forms: Sequence[Form]) -> tuple[FormAmount, ...]:
    portion = item.grams / 100
    found = []
    for form in forms:
        amounts = tuple(amount for amount in food.amounts if amount.form.iri == form.reference.iri)
        counted = [amount for amount in amounts if amount.outside is None]
        low, high = min((a.low for a in counted), default=None), max((a.high for a in counted), default=None)
        known = None if low is None or high is None else Range(low * portion, high * portion)
        found.append(FormAmount(form, amounts, food.silent.get(form.reference.iri, ()), known))
    return tuple(_with_minimum(amount_of_form, found) for amount_of_form in found)


def _with_minimum(amount_of_form: FormAmount, all_forms: Sequence[FormAmount]) -> FormAmount:
    """What single forms add up to, where no source gives their sum: the least that there is of it."""
    if amount_of_form.form.group is not Group.TOTAL or amount_of_form.known is not None:
        return amount_of_form
    of_k2 = (Group.MK4, Group.OTHER_MENAQUINONE)
    is_k2 = amount_of_form.form.reference.iri.endswith("/vitamin-k2")
    wanted = of_k2 if is_k2 else (Group.K1, Group.OTHER_FORM, *of_k2)
    parts = [one.known.low for one in all_forms if one.form.group in wanted and one.known and one.known.low > 0]
    at_least = sum(parts, Fraction(0))
    return (
        FormAmount(amount_of_form.form, amount_of_form.amounts, amount_of_form.silent, None, at_least)
        if parts
        else amount_of_form
    )


def _total(form: Form, items: Sequence[ItemTotals]) -> Total:
    amount_of_form = [(eaten.item, next(one for one in eaten.forms if one.form is form)) for eaten in items]
    known = [one.known for _, one in amount_of_form if one.known]
    low, high = sum((one.low for one in known), Fraction(0)), sum((one.high for one in known), Fraction(0))
    return Total(
        form=form,
        known=Range(low, high) if known else None,
        known_for=tuple(item for item, one in amount_of_form if one.known),
        unknown_for=tuple(item for item, one in amount_of_form if one.known is None and one.at_least is None),
        partly_known_for=tuple((item, one.at_least) for item, one in amount_of_form if one.at_least is not None),
        assumed_zero_for=tuple(item for item, one in amount_of_form if AmountState.ASSUMED_ZERO in one.states),
        below_detection_for=tuple(item for item, one in amount_of_form if AmountState.BELOW_DETECTION in one.states),
    )


def _intake(rows: Sequence[Row], refer: Mapping[str, Reference], k1: Range | None) -> Intake:
    row = {name: term.value for name, term in rows[0].items()}
    factor = {"MicroGM": 1, "MilliGM": 1000}[row["unit"].rpartition("/")[2]]
    days = Fraction(row["perDays"])
    per_day = Range(Fraction(row["minimum"]) * factor / days, Fraction(row["maximum"]) * factor / days)
    per_kilogram = row["isPerKilogram"] == "true"
    share = None if k1 is None or per_kilogram else Range(100 * k1.low / per_day.high, 100 * k1.high / per_day.low)
    return Intake(
        intake=refer[row["intake"]],
        authority=refer[row["authority"]],
        population=refer[row["population"]],
        nutrient=refer[row["nutrient"]],
        kind=refer[row["kind"]] if "kind" in row else None,
        study=refer[row["study"]],
        per_day=per_day,
        is_per_kilogram=per_kilogram,
        share=share,
    )


def _daily_variation(form: Form, days: Sequence[DayTotals]) -> DailyVariation | None:
    totals = [(day.name, next(total for total in day.totals if total.form is form)) for day in days]
    known = [total.known for _, total in totals if total.known]
    if len(known) < 2:
        return None
    lows, highs = [one.low for one in known], [one.high for one in known]
    return DailyVariation(
        form=form,
        by_lowest=Range(min(lows), max(lows)),
        by_highest=Range(min(highs), max(highs)),
        without=tuple(name for name, total in totals if total.known is None),
        incomplete=tuple(name for name, total in totals if total.known and not total.is_complete),
    )
