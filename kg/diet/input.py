"""Reads what somebody ate: days with foods and amounts, each mistake told by its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kg.amounts import number
from kg.catalogue.query_header import Parameter
from kg.diet.sources import Measure, measures_of
from kg.index.search import normalise
from kg.reader.entity import Reference
from kg.reader.query_parameters import FieldError, InvalidParametersError, parse_values
from kg.reader.reader import Reader

MAX_DAYS, MAX_ITEMS, MAX_GRAMS = 14, 100, 5000
GRAM = "g"
_AMOUNT = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,6})?")
FOOD = Parameter("food", "iri", "id:natto", classes=("vitk:Food",))
_OFFERED, _SHOWN, _MAX_NAME_LENGTH = 8, 60, 100


@dataclass(frozen=True)
class RawItem:
    """A food and an amount of it as they were given; ``field`` is how the caller calls this item."""

    field: str
    food: str
    amount: str
    measure: str = GRAM


@dataclass(frozen=True)
class RawDay:
    """A day as it was given."""

    name: str
    items: tuple[RawItem, ...]


@dataclass(frozen=True)
class Item:
    """A food and how much of it: ``amount`` times ``measure`` (grams where there is none), ``grams`` in all."""

    food: Reference
    amount: Fraction
    measure: Measure | None
    grams: Fraction


@dataclass(frozen=True)
class Day:
    """What was eaten on one day."""

    name: str
    items: tuple[Item, ...]


def days_of(reader: Reader, raw: Sequence[RawDay]) -> list[Day]:
    """The days as they are meant.

    Raises:
        BadValues: every food that does not exist, with the nearest; every amount and measure that can't be; too many.
    """
    _check_size(raw)
    errors: list[FieldError] = []
    foods: dict[str, str] = {}
    for item in _items(raw):
        if item.food not in foods:
            iri = _food(reader, item, errors)
            if iri:
                foods[item.food] = iri
    labels = reader.references([], extra=set(foods.values()))
    measures = measures_of(reader, sorted(set(foods.values())))
    found = []
    for day in raw:
        read_items = []
        for item in day.items:
            meant = foods.get(item.food)
            quantity = _quantity(item, measures.get(meant, []) if meant else None, errors)
            if meant and quantity:
                read_items.append(Item(labels[meant], *quantity))
        found.append(Day(day.name, tuple(read_items)))
    if errors:
        raise InvalidParametersError(list(dict.fromkeys(errors)))
    return found


def candidates(reader: Reader, text: str) -> list[Reference]:
    """The foods that somebody may have meant by some words, the likeliest first."""
    hits = [*reader.search.find(text, 60), *reader.search.nearest(text, 10)] if text.strip() else []
    names = list(dict.fromkeys(hit.iri for hit in hits))
    food = reader.vocabulary.term("Food")
    rows = reader.run("pages/kinds-of", {"entities": names}) if names else []
    fitting = {row["entity"].value for row in rows if row["kind"].value == food}
    chosen = [iri for iri in names if iri in fitting][:_OFFERED]
    labels = reader.references([], extra=chosen)
    return [labels[iri] for iri in chosen]


def _check_size(raw: Sequence[RawDay]) -> None:
    number_of_items = sum(len(day.items) for day in raw)
    if not number_of_items:
        raise InvalidParametersError([FieldError("items", "There is no food. Give at least one with an amount.")])
    if len(raw) > MAX_DAYS:
        raise InvalidParametersError(
            [FieldError("days", f"There are {len(raw)} days; at most {MAX_DAYS} are compared.")]
        )
    if number_of_items > MAX_ITEMS:
        raise InvalidParametersError(
            [FieldError("items", f"There are {number_of_items} foods; at most {MAX_ITEMS} are read.")]
        )
    errors = [
        FieldError(f"days[{at}].name", f"The name of a day has at most {_MAX_NAME_LENGTH} characters.")
        for at, day in enumerate(raw)
        if len(day.name) > _MAX_NAME_LENGTH
    ]
    if errors:
        raise InvalidParametersError(errors)


def _items(raw: Sequence[RawDay]) -> Iterable[RawItem]:
    return (item for day in raw for item in day.items)


def _food(reader: Reader, item: RawItem, errors: list[FieldError]) -> str:
    field = f"{item.field}.food"
    if not item.food.strip():
        errors.append(FieldError(field, "The food is missing; give, for instance, natto."))
        return ""
    try:
        return str(parse_values(reader, [FOOD], {"food": item.food})["food"])
    except InvalidParametersError as wrong:
        near = [reader.vocabulary.shorten(food.iri) for food in candidates(reader, item.food)]
        nearest = tuple(dict.fromkeys([*wrong.errors[0].nearest, *near]))[:_OFFERED]
        # The words of the parameter's own error are kept: they tell names that several foods share.
        errors.append(FieldError(field, wrong.errors[0].detail, nearest))
        return ""


def _quantity(
    item: RawItem, measures: Sequence[Measure] | None, errors: list[FieldError]
) -> tuple[Fraction, Measure | None, Fraction] | None:
    """Amount, measure and grams; ``measures`` is ``None`` where the food is not known."""
    amount = _amount(item, errors)
    known, measure = _measure(item, measures, errors)
    if amount is None or not known:
        return None
    grams = amount * measure.grams_of_one if measure else amount
    if grams > MAX_GRAMS:
        field_name = f"{item.field}.amount"
        errors.append(FieldError(field_name, f"More than {MAX_GRAMS:,} g of one food can't be meant; give less."))
        return None
    return amount, measure, grams


def _amount(item: RawItem, errors: list[FieldError]) -> Fraction | None:
    field, text = f"{item.field}.amount", item.amount.strip()
    if not (text.isascii() and _AMOUNT.fullmatch(text)):
        given = f"{text[:_SHOWN]!r} is not." if text else "it is missing."
        detail = f"The amount is a number above 0 with at most six digits before and after the point; {given}"
        errors.append(FieldError(field, detail))
        return None
    amount = Fraction(text)
    if amount <= 0:
        errors.append(FieldError(field, f"The amount must be above 0; {number(text)} is not."))
        return None
    return amount


def _measure(
    item: RawItem, measures: Sequence[Measure] | None, errors: list[FieldError]
) -> tuple[bool, Measure | None]:
    """Whether the measure is known, and which it is; grams are no measure of a food's own."""
    text = item.measure.strip() or GRAM
    if normalise(text) in ("g", "gram", "grams"):
        return True, None
    if measures is None:
        return False, None
    ends = text.rpartition("/")[2].removeprefix("id:")
    by_id = [measure for measure in measures if measure.iri.rpartition("/")[2] == ends]
    by_name = [measure for measure in measures if normalise(measure.name) == normalise(text)]
    if found := by_id or by_name:
        return True, found[0]
    names = tuple(dict.fromkeys(measure.name for measure in measures))
    has = f"it has {', '.join((GRAM, *names))}" if names else "amounts of it are in g"
    detail = f"This food has no measure {text[:_SHOWN]!r}; {has}."
    errors.append(FieldError(f"{item.field}.measure", detail, (GRAM, *names)[:_OFFERED]))
    return False, None
