"""A diet as one CSV table: a row for each source, item, total, share and difference between days."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kg.amounts import exact
from kg.diet.totals import DayTotals, Diet, FormAmount, ItemTotals, Range
from kg.reader.entity import Reference
from server.diet import wording

COLUMNS = (
    *("level", "day", "item", "food", "foodName", "grams", "form", "formName", "state", "minimum", "maximum", "unit"),
    *("isCounted", "source", "sourceName", "measuredFood", "measuredFoodName", "match", "origin", "measurement"),
    "unknownFor",
)
Row = dict[str, str]


def as_csv(diet: Diet) -> str:
    """Writes the table (RFC 4180); an unknown amount has the state ``unknown`` and no figures."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for day in diet.days:
        writer.writerows(_day(day))
    for spread in diet.spreads:
        row = _figures(spread.difference, "µg") | _named("form", spread.form.reference)
        left_out = "; ".join((*spread.incomplete, *spread.without))
        writer.writerow(row | {"level": "spread", "unknownFor": left_out})
    return buffer.getvalue()


def _day(day: DayTotals) -> Iterator[Row]:
    for number, eaten in enumerate(day.items, 1):
        own = {"day": day.name, "item": str(number), **_named("food", eaten.item.food)}
        own["grams"] = f"{exact(eaten.item.grams):f}"
        for amount_of_form in eaten.forms:
            yield from _sources(amount_of_form, eaten, own)
    for total in day.totals:
        row = {"level": "day", "day": day.name, **_named("form", total.form.reference), **_known(total.known)}
        unknown = [*total.unknown_for, *(item for item, _ in total.partly_known_for)]
        yield row | {"unknownFor": "; ".join(item.food.label for item in unknown)}
    for intake in day.intakes:
        row = {"level": "referenceIntake", "day": day.name, **_named("source", intake.intake)}
        yield row | (_figures(intake.share, "%") if intake.share else {"state": "unknown", "unit": "%"})


def _sources(amount_of_form: FormAmount, eaten: ItemTotals, own: Row) -> Iterator[Row]:
    form = _named("form", amount_of_form.form.reference)
    portion = eaten.item.grams / 100
    for amount in amount_of_form.amounts:
        row = {"level": "source", **own, **form, **_named("source", amount.source), "state": amount.state.value}
        row |= _named("measuredFood", amount.measured_food) | {"measurement": amount.measurement.iri}
        row |= {"match": amount.match.iri if amount.match else "", "origin": amount.origin.iri if amount.origin else ""}
        if wording.is_by_mass(amount):
            row |= _figures(Range(amount.low * portion, amount.high * portion), "µg")
        yield row | {"isCounted": "false" if amount.outside else "true"}
    yield {"level": "item", **own, **form, **_known(amount_of_form.known)}


def _known(interval: Range | None) -> Row:
    return {"state": "known", **_figures(interval, "µg")} if interval else {"state": "unknown", "unit": "µg"}


def _figures(interval: Range, unit: str) -> Row:
    low, high = (f"{exact(end):f}" for end in (interval.low, interval.high))
    return {"minimum": low, "maximum": high, "unit": unit}


def _named(column: str, reference: Reference) -> Row:
    return {column: reference.iri, f"{column}Name": reference.label}
