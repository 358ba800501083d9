"""Parses a diet: days with foods and amounts. Every error names its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kg.amounts import number
from kg.catalogue.query_header import Parameter
from kg.diet.sources import Measure, measures_of
from kg.index.question_words import normalise
from kg.reader.entity import Reference
from kg.reader.query_parameters import FieldError, InvalidParametersError, parse_values
from kg.reader.reader import Reader

MAX_DAYS, MAX_ITEMS, MAX_GRAMS = 14, 100, 5000
GRAM = "g"
_AMOUNT = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,6})?")
FOOD = Parameter("food", "iri", "id:natto", classes=("vitk:Food",))
_OFFERED, _LOOKED_AT, _SHOWN, _MAX_NAME_LENGTH = 8, 60, 60, 100
# Four capitals or more: shorter words are abbreviations such as UHT, NFS or USA.
_BRAND = re.compile(r"\b(?!USDA\b)[A-Z][A-Z'&]{3,}\b")


@dataclass(frozen=True)
class RawItem:
    """A food and an amount as entered; ``field`` is the caller's name for this item, used in errors."""

    field: str
    food: str
    amount: str
    measure: str = GRAM


@dataclass(frozen=True)
class RawDay:
    """A day as entered."""

    name: str
    items: tuple[RawItem, ...]


@dataclass(frozen=True)
class Item:
    """A food and its amount: ``amount`` times ``measure`` (``None``: grams), which is ``grams`` in total."""

    food: Reference
    amount: Fraction
    measure: Measure | None
    grams: Fraction


@dataclass(frozen=True)
class Day:
    """The items eaten on one day."""

    name: str
    items: tuple[Item, ...]


def days_of(reader: Reader, raw: Sequence[RawDay]) -> list[Day]:
    """Parses days.

    Raises:
        InvalidParametersError: an unknown food (with the nearest ones), an invalid amount or measure, or too many
            items.
    """
    _check_size(raw)
    errors: list[FieldError] = []
    foods: dict[str, str] = {}
    for item in _items(raw):
        if item.food not in foods:
            food_iri = _food(reader, item, errors)
            if food_iri:
                foods[item.food] = food_iri
    labels = reader.references([], extra=set(foods.values()))
    measures = measures_of(reader, sorted(set(foods.values())))
    days = []
    for day in raw:
        items = []
        for item in day.items:
            iri = foods.get(item.food)
            quantity = _quantity(item, measures.get(iri, []) if iri else None, errors)
            if iri and quantity:
                items.append(Item(labels[iri], *quantity))
        days.append(Day(day.name, tuple(items)))
    if errors:
        raise InvalidParametersError(list(dict.fromkeys(errors)))
    return days


def candidates(reader: Reader, text: str) -> list[Reference]:
    """Returns the foods that a text, or its beginning, may mean: common ones first, branded ones last.

    Common are the foods that the graph describes, above all those whose name it is; the others are rows of tables.
    """
    if not text.strip():
        return []
    search = reader.search
    hits = [*search.suggest(text, _LOOKED_AT), *search.find(text, _LOOKED_AT), *search.nearest(text, 10)]
    names = list(dict.fromkeys(hit.iri for hit in hits))
    food, group, table_food = (reader.vocabulary.term(name) for name in ("Food", "FoodGroup", "TableFood"))
    types: dict[str, set[str]] = {}
    for row in reader.run("pages/kinds-of", {"entities": names}) if names else []:
        types.setdefault(row["entity"].value, set()).add(row["kind"].value)
    foods = [iri for iri in names if food in types.get(iri, ())]
    labels = reader.references([], extra=foods)

    def place(iri: str) -> tuple[bool, bool, bool, bool]:
        label = labels[iri].label
        return _is_branded(label), table_food in types[iri], group in types[iri], normalise(label) != normalise(text)

    return [labels[iri] for iri in sorted(foods, key=place)[:_OFFERED]]


def _is_branded(label: str) -> bool:
    """Whether a name of a table names a brand: tables print brands in capitals."""
    return _BRAND.search(label) is not None


def _check_size(raw: Sequence[RawDay]) -> None:
    number_of_items = sum(len(day.items) for day in raw)
    if not number_of_items:
        raise InvalidParametersError(
            [FieldError("items", "The diet is empty. Enter at least one food with an amount.")]
        )
    if len(raw) > MAX_DAYS:
        raise InvalidParametersError(
            [FieldError("days", f"The diet has {len(raw)} days; at most {MAX_DAYS} are allowed.")]
        )
    if number_of_items > MAX_ITEMS:
        raise InvalidParametersError(
            [FieldError("items", f"The diet has {number_of_items} foods; at most {MAX_ITEMS} are allowed.")]
        )
    errors = [
        FieldError(f"days[{at}].name", f"The name of a day may have at most {_MAX_NAME_LENGTH} characters.")
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
        errors.append(FieldError(field, "The food is missing; enter natto, for example."))
        return ""
    try:
        return str(parse_values(reader, [FOOD], {"food": item.food})["food"])
    except InvalidParametersError as error:
        near = [reader.vocabulary.shorten(food.iri) for food in candidates(reader, item.food)]
        nearest = tuple(dict.fromkeys([*error.errors[0].nearest, *near]))[:_OFFERED]
        # Keep the parameter's own message: it lists the names that several foods share.
        errors.append(FieldError(field, error.errors[0].detail, nearest))
        return ""


def _quantity(
    item: RawItem, measures: Sequence[Measure] | None, errors: list[FieldError]
) -> tuple[Fraction, Measure | None, Fraction] | None:
    """Returns amount, measure and grams, or ``None`` after an error; ``measures`` is ``None`` for an unknown food."""
    amount = _amount(item, errors)
    known, measure = _measure(item, measures, errors)
    if amount is None or not known:
        return None
    grams = amount * measure.grams_of_one if measure else amount
    if grams > MAX_GRAMS:
        field_name = f"{item.field}.amount"
        errors.append(FieldError(field_name, f"An item may have at most {MAX_GRAMS:,} g."))
        return None
    return amount, measure, grams


def _amount(item: RawItem, errors: list[FieldError]) -> Fraction | None:
    field, text = f"{item.field}.amount", item.amount.strip()
    if not (text.isascii() and _AMOUNT.fullmatch(text)):
        problem = f"{text[:_SHOWN]!r} is not." if text else "it is missing."
        detail = f"The amount is a number above 0 with at most six digits before and after the point; {problem}"
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
    """Returns whether the measure is valid, and the measure; ``None`` stands for grams."""
    text = item.measure.strip() or GRAM
    if normalise(text) in ("g", "gram", "grams"):
        return True, None
    if measures is None:
        return False, None
    ends = text.rpartition("/")[2].removeprefix("id:")
    by_id = [measure for measure in measures if measure.iri.rpartition("/")[2] == ends]
    by_name = [measure for measure in measures if normalise(measure.name) == normalise(text)]
    if matching := by_id or by_name:
        return True, matching[0]
    names = tuple(dict.fromkeys(measure.name for measure in measures))
    available = f"use {', '.join((GRAM, *names))}" if names else "give the amount in g"
    detail = f"This food has no measure {text[:_SHOWN]!r}; {available}."
    errors.append(FieldError(f"{item.field}.measure", detail, (GRAM, *names)[:_OFFERED]))
    return False, None
