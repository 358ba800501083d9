"""A form of vitamin K in numbers: circulation times, doses, and food sources."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

MAX_FOODS = 15
_HOURS = {"http://qudt.org/vocab/unit/HR": Decimal(1), "http://qudt.org/vocab/unit/DAY": Decimal(24)}


@dataclass(frozen=True)
class Time:
    """A circulation time or half-life of a form, in hours; ``stated`` is the claim or result that states it."""

    measure: Reference
    words: str
    hours: Decimal
    stated: Reference
    study: Reference | None


@dataclass(frozen=True)
class Dose:
    """A dose, the claims that mention it and the trials that gave it.

    ``micrograms`` is its upper end. ``least`` is its lower end, or the upper one where it has no other. ``days`` is the
    number of days in which it is taken; 0 for a single dose, and where that is not stated.
    """

    regimen: Reference
    words: str
    least: Decimal
    micrograms: Decimal
    days: int
    claims: tuple[Reference, ...]
    studies: tuple[Reference, ...]


@dataclass(frozen=True)
class FoodContent:
    """The amount of a form in a food, in µg per 100 g, with measurement and source.

    ``form`` is the form that was measured: the given one, or a subform of it. ``least`` and ``most`` are the ends of a
    range; they are equal if the source gives one number.
    """

    food: Reference
    form: Reference
    least: Decimal
    most: Decimal
    measurement: Reference
    source: Reference
    table_food: Reference | None

    @property
    def words(self) -> str:
        """The number alone, or the range."""
        return range_words(self.least, self.most)


def times(reader: Reader, form: str) -> list[Time]:
    """Returns circulation times and half-lives, the longest first."""
    rows = [row for row in reader.run("pages/form-times", {"form": form}) if row["unit"].value in _HOURS]
    refer = reader.references(rows, "measure", "stated", "study")
    found = [
        Time(
            measure=refer[row["measure"].value],
            words=amounts.phrase(_fields(row)),
            hours=Decimal((row.get("maximum") or row.get("size") or row["minimum"]).value) * _HOURS[row["unit"].value],
            stated=refer[row["stated"].value],
            study=refer[row["study"].value] if "study" in row else None,
        )
        for row in rows
        if {"minimum", "maximum", "size"} & row.keys()
    ]
    return sorted(found, key=lambda time: (-time.hours, time.stated.iri))


def doses(reader: Reader, form: str) -> list[Dose]:
    """Returns the doses of a substance, the smallest first."""
    rows = reader.run("pages/form-doses", {"form": form})
    refer = reader.references(rows, "regimen", "by")
    studied = reader.vocabulary.term("studiedRegimen")
    found = []
    for group in reader.grouped(rows, "regimen").values():
        row = group[0]
        giving = {r["by"].value for r in group if r["named"].value == studied}
        naming = {r["by"].value for r in group} - giving
        found.append(
            Dose(
                regimen=refer[row["regimen"].value],
                words=amounts.in_micrograms(_fields(row)),
                least=_micrograms(row, "minimum"),
                micrograms=_micrograms(row, "maximum"),
                days=_days(row),
                claims=tuple(refer[iri] for iri in sorted(naming)),
                studies=tuple(refer[iri] for iri in sorted(giving)),
            )
        )
    return sorted(found, key=lambda dose: (dose.micrograms, dose.regimen.label))


def foods(reader: Reader, form: str) -> list[FoodContent]:
    """Returns the foods richest in a form or a subform of it, one entry per source, without zeros.

    They are sorted by the amount; of a range, by the lower end.
    """
    rows = [
        row
        for row in reader.run("pages/form-foods", {"form": form})
        if Decimal(row.get("most", row["least"]).value) > 0
    ]
    refer = reader.references(rows, "food", "form", "measurement", "source", "row")
    found = [content_of(row, refer) for row in rows]
    return sorted(found, key=lambda content: (-content.least, content.food.label))[:MAX_FOODS]


def range_words(least: Decimal, most: Decimal) -> str:
    """Returns a number alone if both ends are equal, or else the range."""
    low, high = (amounts.number(str(end)) for end in (least, most))
    return low if least == most else f"{low}–{high}"


def content_of(row: Row, refer: dict[str, Reference], form: str = "form") -> FoodContent:
    """Returns the content that a row describes; ``form`` is the column with what was measured."""
    return FoodContent(
        food=refer[row["food"].value],
        form=refer[row[form].value],
        least=Decimal(row["least"].value),
        most=Decimal(row.get("most", row["least"]).value),
        measurement=refer[row["measurement"].value],
        source=refer[row["source"].value],
        table_food=refer[row["row"].value] if "row" in row else None,
    )


_FIELDS = {
    "minimum": "minimumAmount", "maximum": "maximumAmount", "unit": "unit", "perDays": "perDays",
    "isSingleDose": "isSingleDose", "isDivided": "isDivided", "exclusive": "isMinimumExclusive",
    "approximate": "isApproximate",
}  # fmt: skip


def _fields(row: Row) -> dict[str, str]:
    fields = {name: row[column].value for column, name in _FIELDS.items() if column in row}
    if "size" in row:
        fields["minimumAmount"] = fields["maximumAmount"] = row["size"].value
    return fields


def _micrograms(row: Row, end: str) -> Decimal:
    stated = row.get(end) or row.get("maximum") or row.get("minimum")
    value = Decimal(stated.value) if stated else Decimal(0)
    return value * (1000 if row["unit"].value.endswith("/MilliGM") else 1)


def _days(row: Row) -> int:
    is_single = "isSingleDose" in row and row["isSingleDose"].value == "true"
    return 0 if is_single or "perDays" not in row else int(row["perDays"].value)
