"""A food raw and cooked, analysed by the same table: what the food page, search and its API compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class CookedState:
    """One row of a pair: its food, its amount in µg per 100 g, the measurement, and its water in g per 100 g or ""."""

    food: Reference
    micrograms: str
    measurement: Reference
    water: str


@dataclass(frozen=True)
class CookingPair:
    """A food raw and cooked in one table.

    ``difference`` is that of the amounts per 100 g, cooked minus raw, and ``change`` the same in percent of the raw
    food, in words, or "".
    """

    pair: Reference
    form: Reference
    table: Reference
    raw: CookedState
    cooked: CookedState
    difference: Decimal
    change: str


def of_food(reader: Reader, food: str) -> list[CookingPair]:
    """Returns the pairs of a food of the graph or of a table; only independent measurements are compared."""
    rows = reader.run("pages/food-raw-and-cooked", {"food": food})
    return _pairs(reader, rows)


def of_all(reader: Reader) -> list[CookingPair]:
    """Returns all pairs, by name."""
    return _pairs(reader, reader.run("raw-and-cooked", {"food": None}))


def changes(pairs: Iterable[CookingPair]) -> tuple[int, int, int]:
    """Returns in how many pairs 100 g of the cooked food contain more, as much, and less than 100 g of the raw one."""
    signs = [(pair.difference > 0) - (pair.difference < 0) for pair in pairs]
    return signs.count(1), signs.count(0), signs.count(-1)


def _pairs(reader: Reader, rows: list[Row]) -> list[CookingPair]:
    columns = ("pair", "form", "table", "raw", "cooked", "rawMeasurement", "cookedMeasurement")
    refer = reader.references(rows, *columns)
    foods = sorted({row[end].value for row in rows for end in ("raw", "cooked")})
    watered = reader.run("pages/water-in-foods", {"foods": foods}) if foods else []
    water = {row["food"].value: amounts.number(row["grams"].value) for row in watered}

    def state(row: Row, end: str) -> CookedState:
        food = row[end].value
        number = amounts.number(row[f"{end}Micrograms"].value)
        return CookedState(refer[food], number, refer[row[f"{end}Measurement"].value], water.get(food, ""))

    return [
        CookingPair(
            pair=refer[row["pair"].value],
            form=refer[row["form"].value],
            table=refer[row["table"].value],
            raw=state(row, "raw"),
            cooked=state(row, "cooked"),
            difference=Decimal(row["cookedMicrograms"].value) - Decimal(row["rawMicrograms"].value),
            change=_percent(row),
        )
        for row in rows
    ]


def _percent(row: Row) -> str:
    if "changeInPercent" not in row:
        return ""
    change = Decimal(row["changeInPercent"].value).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{abs(change)} %"
