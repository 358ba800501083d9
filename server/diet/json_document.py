"""A diet as JSON: days with their items, forms, sources, totals and shares; every figure has a unit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from kg.amounts import exact
from kg.diet.input import Item
from kg.diet.sources import SourcedAmount
from kg.diet.totals import DailyVariation, DayTotals, Diet, FormAmount, Intake, Range, Total
from server.api.cells import LANGUAGE
from server.core.references import optional_reference, reference
from server.core.urls import Urls
from server.diet import wording

MICROGRAMS, PERCENT = "µg", "%"


def figure(value: Fraction) -> int | float:
    """Returns a figure as a JSON number; its at most fifteen digits are exact as a float."""
    rounded = exact(value)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def document(diet: Diet, sparql: str, release: str, urls: Urls) -> dict[str, Any]:
    """Returns the response, in the common shape of the API; its results are the days.

    Args:
        diet: the evaluated diet.
        sparql: the query that returns the amounts behind it.
        release: the id of the release.
        urls: of the request.
    """
    writer = _Writer(urls)
    payload: dict[str, Any] = {
        "title": wording.TITLE,
        "language": LANGUAGE,
        "release": release,
        "count": len(diet.days),
        "total": len(diet.days),
        "results": [writer.day(day) for day in diet.days],
        "constancy": writer.constancy(diet) if len(diet.days) > 1 else None,
        "notes": list(wording.notes(diet)),
        "sparql": urls.sparql(sparql),
    }
    return payload


def _range(interval: Range | None, unit: str = MICROGRAMS) -> dict[str, Any] | None:
    return {"minimum": figure(interval.low), "maximum": figure(interval.high), "unit": unit} if interval else None


def _is_known(total: Total) -> bool:
    return bool(total.known or total.partly_known_for)


class _Writer:
    """Writes the parts of a diet; IRIs get the addresses of one request."""

    def __init__(self, urls: Urls) -> None:
        self._reference = partial(reference, urls=urls)
        self._optional = partial(optional_reference, urls=urls)

    def day(self, day: DayTotals) -> dict[str, Any]:
        at = {id(eaten.item): number for number, eaten in enumerate(day.items)}
        return {
            "name": day.name,
            "items": [
                {
                    **self.item(eaten.item),
                    "forms": [self.form_amounts(amount_of_form, eaten.item) for amount_of_form in eaten.forms],
                }
                for eaten in day.items
            ],
            "totals": [self.total(total, at) for total in day.totals],
            "referenceIntakes": [self.intake(intake) for intake in day.intakes],
        }

    def item(self, item: Item) -> dict[str, Any]:
        measure = item.measure
        return {
            "food": self._reference(item.food),
            "amount": figure(item.amount),
            "measure": {"iri": measure.iri, "name": measure.name, "of": self._reference(measure.food)}
            if measure
            else "g",
            "grams": figure(item.grams),
        }

    def form_amounts(self, amount_of_form: FormAmount, item: Item) -> dict[str, Any]:
        payload = {
            "form": self._reference(amount_of_form.form.reference),
            "group": amount_of_form.form.group.value,
            "known": _range(amount_of_form.known),
            "isUnknown": amount_of_form.known is None,
            "sources": [self.amount(amount, item) for amount in amount_of_form.amounts],
            "notGivenBy": [self._reference(table) for table in amount_of_form.silent],
        }
        if amount_of_form.at_least is not None:
            payload["atLeastBySingleForms"] = {"minimum": figure(amount_of_form.at_least), "unit": MICROGRAMS}
        return payload

    def amount(self, amount: SourcedAmount, item: Item) -> dict[str, Any]:
        by_mass = wording.is_by_mass(amount)
        portion = item.grams / 100
        return {
            "source": self._reference(amount.source),
            "measurement": self._reference(amount.measurement),
            "measuredFood": self._reference(amount.measured_food),
            "match": self._optional(amount.match),
            "origin": self._optional(amount.origin),
            "state": amount.state.value,
            "per100Grams": _range(Range(amount.low, amount.high)) if by_mass else None,
            "inThisAmount": _range(Range(amount.low * portion, amount.high * portion)) if by_mass else None,
            "notCountedBecause": amount.outside.value if amount.outside else None,
        }

    def total(self, total: Total, at: dict[int, int]) -> dict[str, Any]:
        def named(items: Sequence[Item]) -> list[dict[str, Any]]:
            return [{"item": at[id(item)], **self._reference(item.food)} for item in items]

        return {
            "form": self._reference(total.form.reference),
            "group": total.form.group.value,
            "known": _range(total.known),
            "isComplete": total.is_complete,
            "atLeast": {"minimum": figure(wording.at_least(total)), "unit": MICROGRAMS} if _is_known(total) else None,
            "knownFor": named(total.known_for),
            "unknownFor": named(total.unknown_for),
            "partlyKnownFor": [
                {**named([item])[0], "minimum": figure(least), "unit": MICROGRAMS}
                for item, least in total.partly_known_for
            ],
            "assumedZeroFor": named(total.assumed_zero_for),
            "belowDetectionFor": named(total.below_detection_for),
        }

    def intake(self, intake: Intake) -> dict[str, Any]:
        return {
            "intake": self._reference(intake.intake),
            "authority": self._reference(intake.authority),
            "population": self._reference(intake.population),
            "nutrient": self._reference(intake.nutrient),
            "kind": self._optional(intake.kind),
            "source": self._reference(intake.study),
            "perDay": {**(_range(intake.per_day) or {}), "isPerKilogramBodyMass": intake.is_per_kilogram},
            "shareOfKnownK1": _range(intake.share, PERCENT),
        }

    def constancy(self, diet: Diet) -> dict[str, Any]:
        return {"advice": wording.CLINICIAN, "spreads": [self.spread(spread) for spread in diet.spreads]}

    def spread(self, spread: DailyVariation) -> dict[str, Any]:
        return {
            "form": self._reference(spread.form.reference),
            "group": spread.form.group.value,
            "byLowestFigures": _range(spread.by_lowest),
            "byHighestFigures": _range(spread.by_highest),
            "difference": _range(spread.difference),
            "daysWithUnknown": list(spread.incomplete),
            "daysNotCompared": list(spread.without),
        }
