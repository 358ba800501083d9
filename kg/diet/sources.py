"""What each source says of the foods of a diet: amounts of the forms of vitamin K, and household measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kg.amounts import MICROGRAM
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_IN_MICROGRAMS = {MICROGRAM: 1, "http://qudt.org/vocab/unit/MilliGM": 1000}
_GRAM = "http://qudt.org/vocab/unit/GM"


class AmountState(StrEnum):
    """How an amount is known; what has no amount at all is unknown, which is none of these."""

    GIVEN = "given"
    BELOW_DETECTION = "belowDetection"
    ASSUMED_ZERO = "assumedZero"
    ZERO_BY_ANALYSIS = "zeroByAnalysis"
    ZERO_OF_OTHER_ORIGIN = "zeroOfOtherOrigin"


class ExclusionReason(StrEnum):
    """Why an amount is shown and not counted."""

    NEAREST_FOOD = "nearestFood"
    OTHER_BASIS = "otherBasis"


@dataclass(frozen=True)
class Measure:
    """A household measure of a food: ``amount`` times ``name`` have a mass of ``grams``; ``food`` is whose it is."""

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
    """What one source says of one form in 100 g of a food, in µg; below detection, ``low`` is 0 and ``high`` the bound.

    ``measured_food`` is the food that was measured; ``match`` how close it is to the requested food (``None``: the
    same); ``outside`` why it does not count. Where it was not given by mass, there are no figures.
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
    """All that sources say of a food; ``silent`` has the tables that cover a form and give no amount of it."""

    amounts: tuple[SourcedAmount, ...]
    silent: Mapping[str, tuple[Reference, ...]]


def measures_of(reader: Reader, foods: Sequence[str]) -> dict[str, list[Measure]]:
    """The household measures of foods, by food: their own and those of the same food in a table, the lightest first."""
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
        food: sorted((one for iri in iris for one in by_food[iri]), key=lambda one: (one.grams_of_one, one.iri))
        for food, iris in exact.items()
    }


def amounts_query(reader: Reader, foods: Sequence[str]) -> str:
    """The query for everything that sources say of foods."""
    matches_of = {iri for links in _contained(reader, foods).values() for iri in links}
    return reader.catalogue["pages/diet-amounts"].fill({"foods": sorted(matches_of)})


def foods_of(reader: Reader, foods: Sequence[str]) -> dict[str, Food]:
    """What all sources say of foods, by food."""
    matches_of = _contained(reader, foods)
    everything = sorted({iri for links in matches_of.values() for iri in links})
    rows = reader.run("pages/diet-amounts", {"foods": everything})
    tables = reader.run("pages/diet-tables", {"foods": everything})
    refer = reader.references([*rows, *tables], "food", "measurement", "component", "origin", "study", "table")
    matches = {match for links in matches_of.values() for match in links.values() if match}
    refer |= reader.references([], extra=matches | set(everything))
    forms = reader.forms_of_vitamin_k()
    table_of = {row["food"].value: row["table"].value for row in tables}
    covered = {(row["food"].value, row["component"].value) for row in tables if row["component"].value in forms}
    rows_by_food = reader.grouped([row for row in rows if row["component"].value in forms], "food")
    given = {(row["food"].value, row["component"].value) for row in rows}
    found = {}
    for food, links in matches_of.items():
        amounts = [
            _amount(row, match, table_of.get(iri), refer)
            for iri, match in links.items()
            for row in rows_by_food.get(iri, [])
            if "study" in row or iri in table_of
        ]
        silent: defaultdict[str, set[str]] = defaultdict(set)
        for iri, form in covered - given:
            if iri in links:
                silent[form].add(table_of[iri])
        amounts.sort(key=lambda one: (one.form.label, one.match is not None, one.source.label, one.measurement.iri))
        silent_tables = {form: tuple(refer[iri] for iri in sorted(silent[form])) for form in sorted(silent)}
        found[food] = Food(tuple(amounts), silent_tables)
    return found


def _contained(reader: Reader, foods: Sequence[str]) -> dict[str, dict[str, str | None]]:
    """By food the foods under which sources speak of it, with how close each is (``None``: the same food)."""
    matches_of: dict[str, dict[str, str | None]] = {food: {food: None} for food in foods}
    for row in reader.run("pages/diet-same-foods", {"foods": foods}):
        matches_of[row["food"].value][row["same"].value] = None
    same = sorted({iri for links in matches_of.values() for iri in links})
    linked = reader.grouped(reader.run("pages/diet-table-foods", {"foods": same}), "food")
    exact = reader.vocabulary.term("hasExactTableFood")
    for food, links in matches_of.items():
        for iri in list(links):
            for row in linked.get(iri, []):
                match = row["match"].value
                # A food of a table has only its equals beside it: kinds of the wider food are other foods.
                if match == exact:
                    links[row["tableFood"].value] = None
                elif iri == food:
                    links.setdefault(row["tableFood"].value, match)
    return matches_of


def _amount(row: Row, match: str | None, table: str | None, refer: Mapping[str, Reference]) -> SourcedAmount:
    high = Fraction(row["high"].value)
    below = "isBelowDetection" in row and row["isBelowDetection"].value == "true"
    low = Fraction(0) if below or "low" not in row else Fraction(row["low"].value)
    factor = _IN_MICROGRAMS.get(row["unit"].value)
    outside = ExclusionReason.NEAREST_FOOD if match and match.endswith("#hasNearestTableFood") else None
    if factor is None or row["perUnit"].value != _GRAM:
        outside, scale = ExclusionReason.OTHER_BASIS, Fraction(0)
    else:
        scale = factor * 100 / Fraction(row["per"].value)
    origin = row["origin"].value if "origin" in row else ""
    return SourcedAmount(
        form=refer[row["component"].value],
        source=refer[row["study"].value if "study" in row else table or row["food"].value],
        measured_food=refer[row["food"].value],
        match=refer[match] if match else None,
        measurement=refer[row["measurement"].value],
        origin=refer[origin] if origin else None,
        state=_state(high, below, origin),
        low=low * scale,
        high=high * scale,
        outside=outside,
    )


def _state(high: Fraction, below: bool, origin: str) -> AmountState:
    if below:
        return AmountState.BELOW_DETECTION
    if high > 0:
        return AmountState.GIVEN
    if origin.endswith("#assumedZero"):
        return AmountState.ASSUMED_ZERO
    return AmountState.ZERO_BY_ANALYSIS if origin.endswith("#analysed") else AmountState.ZERO_OF_OTHER_ORIGIN
