"""Totals of a diet by form, their share of reference intakes, and the variation between days.

Amounts are exact fractions of µg. Forms are never added to each other, since a source's total of vitamin K2 contains
the single menaquinones. Sources that differ make a range, never a mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kg.diet.input import Day, Item
from kg.diet.sources import AmountState, Food, SourcedAmount, foods_of
from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

ALWAYS_SHOWN = ("phylloquinone", "menaquinone-4", "menaquinone-7", "vitamin-k2")


class Group(StrEnum):
    """The group of a form; ``TOTAL`` are totals as a source gives them, which contain forms of the other groups."""

    K1 = "vitaminK1"
    MK4 = "menaquinone4"
    OTHER_MENAQUINONE = "otherMenaquinone"
    OTHER_FORM = "otherForm"
    TOTAL = "totalOfSource"


@dataclass(frozen=True)
class Form:
    """A form of vitamin K and its group."""

    reference: Reference
    group: Group


@dataclass(frozen=True)
class Range:
    """The lowest and the highest amount that sources report, in µg."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class FormAmount:
    """One form in one item: the amounts of every source, and the range of those that count (``None``: unknown).

    ``at_least`` is the sum of the known single menaquinones, if no source gives their total.
    """

    form: Form
    amounts: tuple[SourcedAmount, ...]
    silent: tuple[Reference, ...]
    known: Range | None
    at_least: Fraction | None = None

    @property
    def states(self) -> set[AmountState]:
        """How the amounts that count are known."""
        return {amount.state for amount in self.amounts if amount.outside is None}


@dataclass(frozen=True)
class ItemTotals:
    """An item with the amount of each form."""

    item: Item
    forms: tuple[FormAmount, ...]


@dataclass(frozen=True)
class Total:
    """One form in a day: the range over the items for which it is known, and the items by how it is known."""

    form: Form
    known: Range | None
    known_for: tuple[Item, ...]
    unknown_for: tuple[Item, ...]
    partly_known_for: tuple[tuple[Item, Fraction], ...]
    assumed_zero_for: tuple[Item, ...]
    below_detection_for: tuple[Item, ...]

    @property
    def is_complete(self) -> bool:
        """Whether the amount is known for every item."""
        return not self.unknown_for and not self.partly_known_for


@dataclass(frozen=True)
class Intake:
    """A reference intake per day, in µg, and the known vitamin K1 of a day as a share of it, in percent.

    ``share`` is ``None`` if the intake is per kilogram of body mass, or if no K1 is known.
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
    """A day with its items, the totals of each form, and the reference intakes."""

    name: str
    items: tuple[ItemTotals, ...]
    totals: tuple[Total, ...]
    intakes: tuple[Intake, ...]


@dataclass(frozen=True)
class DailyVariation:
    """The variation of one form between days: by the lowest figures, by the highest, and the days with unknown amounts.

    ``without`` are the days without any known amount, which are not compared.
    """

    form: Form
    by_lowest: Range
    by_highest: Range
    without: tuple[str, ...]
    incomplete: tuple[str, ...]

    @property
    def difference(self) -> Range:
        """The highest minus the lowest day, by the lowest and by the highest figures, in ascending order."""
        ends = sorted((self.by_lowest.high - self.by_lowest.low, self.by_highest.high - self.by_highest.low))
        return Range(ends[0], ends[1])


@dataclass(frozen=True)
class Diet:
    """The result of a diet: its days, and the variation of each form between them."""

    days: tuple[DayTotals, ...]
    spreads: tuple[DailyVariation, ...]


def evaluate(reader: Reader, days: Sequence[Day], population: str | None = None) -> Diet:
    """Computes the totals of days; ``population`` (an IRI) restricts the reference intakes to one population."""
    foods = foods_of(reader, sorted({item.food.iri for day in days for item in day.items}))
    forms = _forms(reader, foods.values())
    intakes = reader.run("reference-intakes", {})
    selected = [row for row in intakes if population in (None, row["population"].value)]
    refer = reader.references(selected, "intake", "authority", "population", "nutrient", "kind", "study")
    eaten = []
    for day in days:
        items = tuple(ItemTotals(item, _form_amounts(item, foods[item.food.iri], forms)) for item in day.items)
        totals = tuple(_total(form, items) for form in forms)
        k1 = next(total.known for total in totals if total.form.group is Group.K1)
        shares = tuple(_intake(group, refer, k1) for group in reader.grouped(selected, "intake").values())
        eaten.append(DayTotals(day.name, items, totals, shares))
    spreads = [_daily_variation(form, eaten) for form in forms] if len(eaten) > 1 else []
    return Diet(tuple(eaten), tuple(spread for spread in spreads if spread))


def _forms(reader: Reader, foods: Iterable[Food]) -> list[Form]:
    """Returns the forms to report: those always shown, and those that some source reports."""
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
    result = [Form(reference, group(iri)) for iri, reference in labels.items()]
    return sorted(
        result,
        key=lambda form: (order.index(form.group), form.reference.iri == last[1], natural_key(form.reference.label)),
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
    """Sets ``at_least`` of a total that no source gives: the sum of its known single forms."""
    if amount_of_form.form.group is not Group.TOTAL or amount_of_form.known is not None:
        return amount_of_form
    of_k2 = (Group.MK4, Group.OTHER_MENAQUINONE)
    is_k2 = amount_of_form.form.reference.iri.endswith("/vitamin-k2")
    groups = of_k2 if is_k2 else (Group.K1, Group.OTHER_FORM, *of_k2)
    parts = [
        amount.known.low
        for amount in all_forms
        if amount.form.group in groups and amount.known and amount.known.low > 0
    ]
    at_least = sum(parts, Fraction(0))
    return (
        FormAmount(amount_of_form.form, amount_of_form.amounts, amount_of_form.silent, None, at_least)
        if parts
        else amount_of_form
    )


def _total(form: Form, items: Sequence[ItemTotals]) -> Total:
    amount_of_form = [(eaten.item, next(amount for amount in eaten.forms if amount.form is form)) for eaten in items]
    known = [amount.known for _, amount in amount_of_form if amount.known]
    low, high = sum((amount.low for amount in known), Fraction(0)), sum((amount.high for amount in known), Fraction(0))
    return Total(
        form=form,
        known=Range(low, high) if known else None,
        known_for=tuple(item for item, amount in amount_of_form if amount.known),
        unknown_for=tuple(item for item, amount in amount_of_form if amount.known is None and amount.at_least is None),
        partly_known_for=tuple(
            (item, amount.at_least) for item, amount in amount_of_form if amount.at_least is not None
        ),
        assumed_zero_for=tuple(item for item, amount in amount_of_form if AmountState.ASSUMED_ZERO in amount.states),
        below_detection_for=tuple(
            item for item, amount in amount_of_form if AmountState.BELOW_DETECTION in amount.states
        ),
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
    lows, highs = [total_range.low for total_range in known], [total_range.high for total_range in known]
    return DailyVariation(
        form=form,
        by_lowest=Range(min(lows), max(lows)),
        by_highest=Range(min(highs), max(highs)),
        without=tuple(name for name, total in totals if total.known is None),
        incomplete=tuple(name for name, total in totals if total.known and not total.is_complete),
    )
