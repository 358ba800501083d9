"""Reads a diet from the fields of the form, which are also those of the URL, or from a JSON body."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from kg.catalogue.query_header import Parameter
from kg.diet import Day, RawDay, RawItem, days_of
from kg.reader.query_parameters import FieldError, InvalidParametersError, parse_values
from kg.reader.reader import Reader

MAX_BYTES = 256 << 10
FIRST_DAY = "Day 1"
# Chosen in a blank form.
DEFAULT_POPULATION = "adults"
_ROW = ("day", "food", "amount", "measure")
_OWN = ("population", "format", "release")
_MAX_NUMBER_LENGTH = 40
POPULATION = Parameter(
    "population",
    "iri",
    "id:adults",
    optional=True,
    classes=("vitk:Population",),
    description="population whose reference intakes are reported; by default all",
)


@dataclass(frozen=True)
class FormRow:
    """A line of the form as submitted."""

    day: str
    food: str
    amount: str
    measure: str

    @property
    def is_blank(self) -> bool:
        """Whether no food is given; such lines are ignored."""
        return not self.food.strip()


@dataclass(frozen=True)
class DietRequest:
    """A diet as submitted, not validated yet.

    Attributes:
        days: its days with their items.
        population: name, CURIE or IRI of a population, or "".
    """

    days: tuple[RawDay, ...]
    population: str = ""

    def read(self, reader: Reader) -> tuple[list[Day], str | None]:
        """Validates the diet and returns its days, and the IRI of the population or ``None``.

        Raises:
            InvalidParametersError: with every invalid field.
        """
        errors: list[FieldError] = []
        days: list[Day] = []
        population = None
        try:
            population = parse_values(reader, [POPULATION], {"population": self.population})["population"]
        except InvalidParametersError as invalid:
            errors += invalid.errors
        try:
            days = days_of(reader, self.days)
        except InvalidParametersError as invalid:
            errors += invalid.errors
        if errors:
            raise InvalidParametersError(errors)
        return days, None if population is None else str(population)


def rows_of(fields: MultiDict[str, str]) -> list[FormRow]:
    """Returns the lines of the form, including blank ones.

    Raises:
        InvalidParametersError: a field is unknown or repeated, or the lists of values differ in length.
    """
    errors = [_unknown(name, (*_ROW, *_OWN)) for name in fields if name not in (*_ROW, *_OWN)]
    errors += [
        FieldError(name, f"{name} occurs {len(fields.getlist(name))} times. Give it once.")
        for name in _OWN
        if len(fields.getlist(name)) > 1
    ]
    foods, amounts = fields.getlist("food"), fields.getlist("amount")
    measures = fields.getlist("measure") or ["g"] * len(foods)
    days = fields.getlist("day") or [FIRST_DAY] * len(foods)
    for name, values in (("amount", amounts), ("measure", measures), ("day", days)):
        if len(values) != len(foods):
            message = f"There are {len(foods)} foods, but {len(values)} values of {name}. Give one for each food."
            errors.append(FieldError(name, message))
    if errors:
        raise InvalidParametersError(errors)
    return [FormRow(*cells) for cells in zip(days, foods, amounts, measures, strict=True)]


def from_rows(rows: Sequence[FormRow], population: str) -> DietRequest:
    """Returns the diet of a form: lines are grouped by day, blank ones are ignored."""
    days: dict[str, list[RawItem]] = {}
    for at, row in enumerate(rows):
        if not row.is_blank:
            item = RawItem(f"items[{at}]", row.food, row.amount, row.measure)
            days.setdefault(row.day.strip() or FIRST_DAY, []).append(item)
    return DietRequest(tuple(RawDay(name, tuple(items)) for name, items in days.items()), population)


def from_body(body: bytes) -> DietRequest:
    """Reads the diet in a JSON body: ``items`` of one day, or ``days`` with a ``name`` and ``items`` each.

    Raises:
        InvalidParametersError: the body is not such a document; with every invalid field.
    """
    try:
        document = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_int=Decimal, parse_constant=str)
    except (ValueError, RecursionError):
        raise InvalidParametersError([FieldError("body", "The body is not JSON in UTF-8.")]) from None
    errors: list[FieldError] = []
    document_object = _object(document, "body", ("items", "days", "population"), errors)
    if ("items" in document_object) == ("days" in document_object):
        message = "Give either items (foods of one day) or days (each with a name and items)."
        errors.append(FieldError("items", message))
    days = []
    if "days" in document_object:
        for at, day in enumerate(_list(document_object["days"], "days", errors)):
            members = _object(day, f"days[{at}]", ("name", "items"), errors)
            name = _text(members, "name", f"days[{at}].name", errors, f"Day {at + 1}")
            days.append(RawDay(name, _items(members.get("items", []), f"days[{at}].items", errors)))
    elif "items" in document_object:
        days.append(RawDay(FIRST_DAY, _items(document_object["items"], "items", errors)))
    population = _text(document_object, "population", "population", errors, "")
    names = [day.name for day in days]
    errors += [
        FieldError(f"days[{at}].name", f"Another day is named {name[:60]!r}. Give each day a name of its own.")
        for at, name in enumerate(names)
        if name in names[:at]
    ]
    if errors:
        raise InvalidParametersError(errors)
    return DietRequest(tuple(days), population)


def _items(given: object, field: str, errors: list[FieldError]) -> tuple[RawItem, ...]:
    found = []
    for at, item in enumerate(_list(given, field, errors)):
        own = f"{field}[{at}]"
        members = _object(item, own, ("food", "amount", "measure"), errors)
        food = _text(members, "food", f"{own}.food", errors, "")
        measure = _text(members, "measure", f"{own}.measure", errors, "g")
        found.append(RawItem(own, food, _number(members.get("amount", ""), f"{own}.amount", errors), measure))
    return tuple(found)


def _list(given: object, field: str, errors: list[FieldError]) -> list[Any]:
    if isinstance(given, list):
        return given
    errors.append(FieldError(field, f"{field} must be a list."))
    return []


def _object(given: object, field: str, names: Sequence[str], errors: list[FieldError]) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        errors.append(FieldError(field, f"{field} must be an object with {', '.join(names)}."))
        return {}
    at = "" if field == "body" else field + "."
    errors += [_unknown(name, names, at) for name in given if name not in names]
    return given


def _unknown(name: str, names: Sequence[str], at: str = "") -> FieldError:
    shown = name[:60].encode("utf-8", "replace").decode()
    near = tuple(difflib.get_close_matches(shown, names, 3, 0.4))
    return FieldError(at + shown, f"Unknown field {shown!r}. Fields: {', '.join(names)}.", near)


def _text(members: Mapping[str, Any], name: str, field: str, errors: list[FieldError], default: str) -> str:
    given = members.get(name, default)
    # Half a surrogate pair is valid JSON, but not text that could be looked up.
    if isinstance(given, str) and given.encode("utf-8", "replace").decode() == given:
        return given
    errors.append(FieldError(field, f"{name} must be text."))
    return default


def _number(given: object, field: str, errors: list[FieldError]) -> str:
    """The digits of a number, or of text with a number, unchanged."""
    if isinstance(given, Decimal):
        if -_MAX_NUMBER_LENGTH < given.adjusted() < _MAX_NUMBER_LENGTH:
            return format(given, "f")[: 2 * _MAX_NUMBER_LENGTH]
        return str(given)[:_MAX_NUMBER_LENGTH]
    if isinstance(given, str):
        return given.encode("utf-8", "replace").decode()
    errors.append(FieldError(field, "The amount must be a number, or text with a number."))
    return ""
