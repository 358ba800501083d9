"""Reads what each source reports on foods: amounts of the forms of vitamin K, and household measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kg.amounts import MICROGRAM
from kg.foods import table_matches
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_IN_MICROGRAMS = {MICROGRAM: 1, "http://qudt.org/vocab/unit/MilliGM": 1000}
_GRAM = "http://qudt.org/vocab/unit/GM"


class AmountState(StrEnum):
    """How an amount is known; a form without any amount is unknown, which is none of these states."""

    GIVEN = "given"
    BELOW_DETECTION = "belowDetection"
    BELOW_QUANTIFICATION = "belowQuantification"
    TRACE = "trace"
    ASSUMED_ZERO = "assumedZero"
    ZERO_BY_ANALYSIS = "zeroByAnalysis"
    ZERO_OF_OTHER_ORIGIN = "zeroOfOtherOrigin"


class ExclusionReason(StrEnum):
    """Why an amount is shown but not counted."""

    NEAREST_FOOD = "nearestFood"
    OTHER_BASIS = "otherBasis"
    NO_NUMBER = "noNumber"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Measure:
    """A household measure: ``amount`` times ``name`` weigh ``grams``; ``food`` is the food it belongs to."""

    iri: str
    name: str
    amount: Fraction
    grams: Fraction
    food: Reference

    @property
    def grams_of_one(self) -> Fraction:
        """The mass in grams of one such measure."""
        return self.grams / self.amount


@dataclass(frozen=True)
class SourcedAmount:
    """The amount of one form that one source reports, in µg per 100 g of food.

    Below the detection limit, ``low`` is 0 and ``high`` the limit. ``measured_food`` is the food that was measured,
    ``match`` its closeness to the requested food (``None``: the same food). ``outside`` is the reason why the amount
    does not count; one that was not reported by mass, or without a number, has ``low`` and ``high`` 0.
    """

    form: Reference
    source: Reference
    measured_food: Reference
    match: Reference | None
    measurement: Reference
    origin: Reference | None
    state: AmountState
    low: Fraction
    high: Fraction
    outside: ExclusionReason | None = None


@dataclass(frozen=True)
class Food:
    """Everything that sources report on a food; ``silent`` has the tables that cover a form but give no amount."""

    amounts: tuple[SourcedAmount, ...]
    silent: Mapping[str, tuple[Reference, ...]]


def measures_of(reader: Reader, foods: Sequence[str]) -> dict[str, list[Measure]]:
    """Returns the household measures of foods, by food, the lightest first.

    They include the measures of the same food in a table.
    """
    if not foods:
        return {}
    matches_of = _contained(reader, foods)
    exact = {food: [iri for iri, match in links.items() if match is None] for food, links in matches_of.items()}
    rows = reader.run("pages/diet-measures", {"foods": sorted({iri for iris in exact.values() for iri in iris})})
    labels = reader.references(rows, "food")
    by_food: defaultdict[str, list[Measure]] = defaultdict(list)
    for row in rows:
        iri, amount = row["food"].value, Fraction(row["amount"].value)
        if amount > 0:
            grams = Fraction(row["grams"].value)
            by_food[iri].append(Measure(row["measure"].value, row["name"].value, amount, grams, labels[iri]))
    return {
        food: sorted(
            (measure for iri in iris for measure in by_food[iri]),
            key=lambda measure: (measure.grams_of_one, measure.iri),
        )
        for food, iris in exact.items()
    }


def amounts_query(reader: Reader, foods: Sequence[str]) -> str:
    """Returns the SPARQL query for everything that sources report on foods."""
    matches_of = {iri for links in _contained(reader, foods).values() for iri in links}
    return reader.catalogue["pages/diet-amounts"].fill({"foods": sorted(matches_of)})


def foods_of(reader: Reader, foods: Sequence[str]) -> dict[str, Food]:
    """Returns what all sources report on foods, by food."""
    matches_of = _contained(reader, foods)
    everything = sorted({iri for links in matches_of.values() for iri in links})
    rows = reader.run("pages/diet-amounts", {"foods": everything})
    tables = reader.run("pages/diet-tables", {"foods": everything})
    refer = reader.references([*rows, *tables], "food", "measurement", "component", "origin", "study", "table")
    matches = {match for links in matches_of.values() for match in links.values() if match}
    refer |= reader.references([], extra=matches | set(everything))
    forms = reader.forms_of_vitamin_k
    table_of = {row["food"].value: row["table"].value for row in tables}
    covered = {(row["food"].value, row["component"].value) for row in tables if row["component"].value in forms}
    rows_by_food = reader.grouped([row for row in rows if row["component"].value in forms], "food")
    reported = {(row["food"].value, row["component"].value) for row in rows}
    result = {}
    for food, links in matches_of.items():
        present = {row["measurement"].value for iri in links for row in rows_by_food.get(iri, [])}
        amounts = [
            _amount(row, match, table_of.get(iri), refer, present)
            for iri, match in links.items()
            for row in rows_by_food.get(iri, [])
            if "study" in row or iri in table_of
        ]
        silent: defaultdict[str, set[str]] = defaultdict(set)
        for iri, form in covered - reported:
            if iri in links:
                silent[form].add(table_of[iri])
        amounts.sort(
            key=lambda each: (each.form.label, each.match is not None, each.source.label, each.measurement.iri)
        )
        silent_tables = {form: tuple(refer[iri] for iri in sorted(silent[form])) for form in sorted(silent)}
        result[food] = Food(tuple(amounts), silent_tables)
    return result


def _contained(reader: Reader, foods: Sequence[str]) -> dict[str, dict[str, str | None]]:
    """Returns, by food, the foods under which sources report on it, and how close each is (``None``: the same food)."""
    matches_of: dict[str, dict[str, str | None]] = {food: {food: None} for food in foods}
    for row in reader.run("pages/diet-same-foods", {"foods": foods}):
        matches_of[row["food"].value][row["same"].value] = None
    same = sorted({iri for links in matches_of.values() for iri in links})
    linked = reader.grouped(reader.run("pages/diet-table-foods", {"foods": same}), "food")
    for food, links in matches_of.items():
        for iri in list(links):
            for row in linked.get(iri, []):
                match = row["match"].value
                # A table food is linked only to identical foods: kinds of the broader food are other foods.
                if table_matches.is_exact(reader.vocabulary, match):
                    links[row["tableFood"].value] = None
                elif iri == food:
                    links.setdefault(row["tableFood"].value, match)
    return matches_of


def _amount(
    row: Row, match: str | None, table: str | None, refer: Mapping[str, Reference], present: Set[str]
) -> SourcedAmount:
    high = Fraction(row["high"].value) if "high" in row else None
    below = "isBelowDetection" in row and row["isBelowDetection"].value == "true"
    low = Fraction(0) if below or "low" not in row else Fraction(row["low"].value)
    factor = _IN_MICROGRAMS.get(row["unit"].value)
    outside = ExclusionReason.NEAREST_FOOD if match and match.endswith("#" + table_matches.NEAREST) else None
    if factor is None or row["perUnit"].value != _GRAM:
        outside, scale = ExclusionReason.OTHER_BASIS, Fraction(0)
    else:
        scale = factor * 100 / Fraction(row["per"].value)
        if high is None:
            outside = ExclusionReason.NO_NUMBER
        elif "supersededBy" in row and row["supersededBy"].value in present:
            # Without the later amount, the former one is the best that is known.
            outside = ExclusionReason.SUPERSEDED
    origin = row["origin"].value if "origin" in row else ""
    return SourcedAmount(
        form=refer[row["component"].value],
        source=refer[row["study"].value if "study" in row else table or row["food"].value],
        measured_food=refer[row["food"].value],
        match=refer[match] if match else None,
        measurement=refer[row["measurement"].value],
        origin=refer[origin] if origin else None,
        state=_state(row, high, below, origin),
        low=low * scale,
        high=(high or 0) * scale,
        outside=outside,
    )


def _state(row: Row, high: Fraction | None, below: bool, origin: str) -> AmountState:
    if below:
        return AmountState.BELOW_DETECTION
    if high is None:
        return AmountState.TRACE if "isTrace" in row else AmountState.BELOW_QUANTIFICATION
    if high > 0:
        return AmountState.GIVEN
    if origin.endswith("#assumedZero"):
        return AmountState.ASSUMED_ZERO
    return AmountState.ZERO_BY_ANALYSIS if origin.endswith("#analysed") else AmountState.ZERO_OF_OTHER_ORIGIN
