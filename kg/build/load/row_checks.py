"""Checks the entities of rows as ``ontology/shapes.ttl`` does those of curated files, one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from kg import amounts
from kg.build.load.csv_rows import RowError
from kg.build.load.mapping import EntityMapping
from kg.build.load.subjects import SubjectCheck

_CACHED = 20_000
_LABEL, _MEASUREMENT = "rdfs:label", "vitk:Measurement"
AMOUNT_FIELDS = ("minimumAmount", "maximumAmount", "unit", "referenceAmount", "referenceUnit")

# Checks the subject of a row and its values by the IRI of their property, all in N-Triples; raises RowError.
EntityCheck = Callable[[str, Mapping[str, str]], None]


def check_of(entity: EntityMapping, expand: Callable[[str], str], check_subject: SubjectCheck | None) -> EntityCheck:
    """Returns the check of the entities that a mapping makes of rows.

    It rejects a name that is not the row's alone, an entity without its label, an amount that cannot be true, and one
    without a unit or, of a measurement, without the amount of food to which it refers.
    """
    properties = {name for name, _ in entity.properties}
    label = expand(_LABEL) if entity.types and _LABEL in properties else ""
    fields = {name: expand(f"vitk:{name}") for name in AMOUNT_FIELDS if f"vitk:{name}" in properties}
    has_amounts = any(name.endswith("Amount") for name in fields)
    is_measurement = _MEASUREMENT in entity.types

    @lru_cache(_CACHED)
    def problem_of(*values: str) -> str:
        found = {name: _plain(value) for name, value in zip(fields, values, strict=True) if value}
        return _problem_of_amount(found, is_measurement=is_measurement)

    def check(subject: str, values: Mapping[str, str]) -> None:
        if check_subject:
            check_subject(subject)
        if label and label not in values:
            raise RowError(f"{_LABEL} has no value")
        if has_amounts and (problem := problem_of(*(values.get(iri, "") for iri in fields.values()))):
            raise RowError(problem)

    return check


def _problem_of_amount(fields: Mapping[str, str], *, is_measurement: bool) -> str:
    has_amount = "minimumAmount" in fields or "maximumAmount" in fields
    if has_amount and "unit" not in fields:
        return "an amount without a unit (vitk:unit)"
    if has_amount and is_measurement and "referenceAmount" not in fields:
        return "an amount without vitk:referenceAmount: per how much food?"
    if "referenceAmount" in fields and "referenceUnit" not in fields:
        return "a reference amount without a unit (vitk:referenceUnit)"
    return amounts.problem_of(fields)


def _plain(term: str) -> str:
    """The IRI, or the number in a literal."""
    return term[1:-1] if term.startswith("<") else term[1 : term.index('"', 1)]
