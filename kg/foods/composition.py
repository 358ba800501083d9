"""The composition of a food, as its page shows it: every source side by side, with the origin of each number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypedDict

from kg import amounts
from kg.foods import table_matches
from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class ComponentAmount:
    """The amount of one component in one food from one source.

    ``words`` has value and unit, per 100 g edible portion; ``origin`` says how the source determined it. ``spread`` has
    the lowest and the highest single value, ``food`` the food as a table defines it, ``match`` its closeness to the
    requested food. ``micrograms`` is the value in µg per 100 g, ``None`` if only a bound is known; of a range it is the
    lower end, and ``up_to`` the upper one. ``is_measurement``
    is false for what a table calculated, borrowed or assumed; ``superseded_by`` is the later amount of the same
    publisher, and ``is_repeated`` says that the amount equals that of a table from which the table borrows.
    ``note`` is a remark of the table, ``samples`` has single laboratory results, the lowest first.
    """

    component: Reference
    words: str
    measurement: Reference
    source: Reference | None = None
    origin: Reference | None = None
    is_zero: bool = False
    points: str = ""
    spread: str = ""
    method: str = ""
    donor: Reference | None = None
    food: Reference | None = None
    match: Reference | None = None
    micrograms: Decimal | None = None
    up_to: Decimal | None = None
    is_measurement: bool = True
    superseded_by: Reference | None = None
    is_repeated: bool = False
    note: str = ""
    samples: tuple[str, ...] = ()

    @property
    def is_independent(self) -> bool:
        """Whether the amount counts as an independent measurement of the food."""
        return self.is_measurement and self.superseded_by is None and not self.is_repeated


@dataclass(frozen=True)
class Portion:
    """A household measure: its name, its mass in grams, and the vitamin K in it.

    ``micrograms`` has form, amount in µg and, if there are several sources, the source of the amount per 100 g.
    """

    words: str
    grams: str
    micrograms: tuple[tuple[Reference, str, Reference | None], ...]


def components(reader: Reader, food: str) -> list[tuple[str, str]]:
    """Returns the components of a food that a table gives, each with its measurement; forms of vitamin K first."""
    forms = reader.quantities_of_vitamin_k
    rows = reader.run("pages/food-components", {"food": food})
    pairs = [(row["component"].value, row["measurement"].value) for row in rows]
    return sorted(pairs, key=lambda pair: pair[0] not in forms)


def of_table_food(reader: Reader, measurements: list[str]) -> list[ComponentAmount]:
    """Returns the amounts of some measurements of a table food, per 100 g; forms of vitamin K first."""
    rows = reader.run("pages/table-amounts", {"measurements": measurements}) if measurements else []
    refer = reader.references(rows, "analyte", "origin", "measurement", "imputedFrom", "supersededBy")
    found = [
        ComponentAmount(
            component=refer[row["analyte"].value],
            words=_words(row, "from", "to", row["unit"].value),
            measurement=refer[row["measurement"].value],
            origin=refer[row["origin"].value],
            is_zero=_is_zero(row, "to"),
            points=_text(row, "dataPoints"),
            spread=amounts.phrase({"minimumAmount": row["lowest"].value, "maximumAmount": row["highest"].value})
            if "lowest" in row and "highest" in row
            else "",
            method=_text(row, "methodName"),
            note=_text(row, "note"),
            samples=tuple(map(amounts.number, sorted(_text(row, "samples").split(), key=Decimal))),
            donor=refer[row["imputedFrom"].value] if "imputedFrom" in row else None,
            **_in_micrograms(row),
            is_measurement=_text(row, "isMeasurement") != "false",
            superseded_by=refer[row["supersededBy"].value] if "supersededBy" in row else None,
            is_repeated=_text(row, "isRepeated") == "true",
        )
        for row in rows
    ]
    forms = reader.quantities_of_vitamin_k
    return sorted(found, key=lambda amount: (amount.component.iri not in forms, natural_key(amount.component.label)))


def not_given(reader: Reader, food: str, given: Iterable[str]) -> list[Reference]:
    """Returns the forms of vitamin K that the table covers without an amount for this food: unknown, not zero.

    Args:
        reader: the release.
        food: IRI of the table food.
        given: IRIs of the components with an amount.
    """
    rows = reader.run("pages/forms-covered", {"food": food})
    missing = {row["form"].value for row in rows}.difference(given)
    return sorted(reader.references([], extra=missing).values(), key=lambda form: natural_key(form.label))


def knows_mk4_alone(reader: Reader, table: str) -> bool:
    """Returns whether the table gives amounts of K1 and MK-4, but of no other menaquinone and no total vitamin K2."""
    rows = reader.run("what-the-food-tables-cover", {})
    covered = {row["component"].value for row in rows if row["table"].value == table}
    named = {reader.vocabulary.entity_iri(name) for name in ("phylloquinone", "menaquinone-4")}
    return named <= covered and reader.vocabulary.entity_iri("vitamin-k2") not in covered


def portions(reader: Reader, food: str) -> list[Portion]:
    """Returns the household measures of a table food, the lightest first."""
    rows = reader.run("pages/food-portions", {"food": food})
    refer = reader.references(rows, "form")
    found = []
    for group in reader.grouped(rows, "measure").values():
        row, grams = group[0], Decimal(group[0]["grams"].value)
        contents = [(refer[r["form"].value], Decimal(r["per100"].value) * grams / 100) for r in group if "form" in r]
        words = f"{amounts.number(row['amount'].value)} {row['name'].value}"
        shown = sorted(
            ((form, _rounded(value), None) for form, value in contents), key=lambda entry: natural_key(entry[0].label)
        )
        found.append((grams, Portion(words, amounts.number(row["grams"].value), tuple(shown))))
    return [portion for _, portion in sorted(found, key=lambda pair: (pair[0], pair[1].words))]


def portions_beside(reader: Reader, food: str, beside: list[ComponentAmount]) -> list[tuple[Portion, Reference]]:
    """Returns the household measures of the table foods that are exactly this food, each with its table food.

    Their vitamin K is computed from the amounts of all sources for this very food.
    """
    exact = [amount for amount in beside if amount.match is None and amount.micrograms is not None]
    rows = reader.run("pages/food-measures", {"food": food})
    refer = reader.references(rows, "row")
    found = []
    for row in rows:
        grams = Decimal(row["grams"].value)
        contents = tuple(
            (amount.component, _in_portion(amount, grams), amount.source)
            for amount in exact
            if amount.food is None or amount.food.iri == row["row"].value
        )
        words = f"{amounts.number(row['amount'].value)} {row['name'].value}"
        found.append((grams, Portion(words, amounts.number(row["grams"].value), contents), refer[row["row"].value]))
    return [
        (portion, table_food) for _, portion, table_food in sorted(found, key=lambda entry: (entry[0], entry[1].words))
    ]


def side_by_side(reader: Reader, food: str) -> list[ComponentAmount]:
    """Returns the vitamin K in a food by form, from studies and tables; sources are never mixed."""
    studied = reader.run("pages/food-in-studies", {"food": food})
    tabled = reader.run("a-food-in-all-tables", {"food": food})
    refer = reader.references(
        [*studied, *tabled], "form", "measurement", "study", "table", "origin", "tableFood", "match", "supersededBy"
    )
    found = [_studied(row, refer) for row in studied]
    found += [
        ComponentAmount(
            component=refer[row["form"].value],
            words=_words(row, "microgramsPer100Grams", "atMost", amounts.MICROGRAM),
            measurement=refer[row["measurement"].value],
            source=refer[row["table"].value],
            origin=refer[row["origin"].value],
            is_zero=_is_zero(row, "atMost"),
            food=refer[row["tableFood"].value],
            match=None if table_matches.is_exact(reader.vocabulary, row["match"].value) else refer[row["match"].value],
            micrograms=_decimal(row, "microgramsPer100Grams"),
            is_measurement=_text(row, "isMeasurement") == "true",
            superseded_by=refer[row["supersededBy"].value] if "supersededBy" in row else None,
            is_repeated=_text(row, "isRepeated") == "true",
        )
        for row in tabled
    ]
    return sorted(found, key=lambda amount: (natural_key(amount.component.label), amount.match is not None))


def _studied(row: Row, refer: dict[str, Reference]) -> ComponentAmount:
    fields = {"maximumAmount": row["high"].value, "unit": row["unit"].value}
    fields |= {"referenceAmount": row["per"].value, "referenceUnit": row["perUnit"].value}
    if "low" in row:
        fields["minimumAmount"] = row["low"].value
    printed = amounts.phrase(fields)
    as_100_grams = row["per"].value in ("100", "100.0") and row["perUnit"].value.endswith("/GM")
    words = printed.partition(" per 100 g")[0]
    if not as_100_grams:
        ends = [_rounded(Decimal(row[column].value)) for column in ("micrograms", "upTo") if column in row]
        words = f"{'–'.join(ends)} µg ({printed})" if ends else printed
    return ComponentAmount(
        component=refer[row["form"].value],
        words=words,
        measurement=refer[row["measurement"].value],
        source=refer[row["study"].value],
        is_zero=Decimal(row["high"].value) == 0,
        micrograms=_decimal(row, "micrograms"),
        up_to=_decimal(row, "upTo"),
    )


def _words(row: Row, low: str, high: str, unit: str) -> str:
    columns = {"minimumAmount": low, "maximumAmount": high} | {mark: mark for mark in amounts.WITHOUT_NUMBER}
    fields = {name: row[column].value for name, column in columns.items() if column in row}
    return amounts.phrase({**fields, "unit": unit})


def _is_zero(row: Row, high: str) -> bool:
    return high in row and Decimal(row[high].value) == 0


def _decimal(row: Row, column: str) -> Decimal | None:
    return Decimal(row[column].value) if column in row else None


class _Ends(TypedDict):
    micrograms: Decimal | None
    up_to: Decimal | None


def _in_micrograms(row: Row) -> _Ends:
    """Returns the amount of a table row in µg per 100 g; ``None`` for a bound or another unit."""
    if row["unit"].value != amounts.MICROGRAM or "from" not in row or "to" not in row:
        return {"micrograms": None, "up_to": None}
    low, high = Decimal(row["from"].value), Decimal(row["to"].value)
    return {"micrograms": low, "up_to": high if high > low else None}


def _in_portion(amount: ComponentAmount, grams: Decimal) -> str:
    """Returns the µg in a portion, as a number or a range."""
    ends = [end for end in (amount.micrograms, amount.up_to) if end is not None]
    return "–".join(_rounded(end * grams / 100) for end in ends)


def _text(row: Row, column: str) -> str:
    return row[column].value if column in row else ""


def _rounded(value: Decimal) -> str:
    """Formats with at least three significant figures, since a portion's amount is computed from a rounded one."""
    exponent = Decimal("0.01") if value < 1 else Decimal("0.1") if value < 100 else Decimal(1)
    return amounts.number(str(value.quantize(exponent, ROUND_HALF_UP)))
