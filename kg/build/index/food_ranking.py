"""Sorts the amounts of forms of vitamin K at build time, since sorting thousands for each page takes long.

The rows are those of the catalogue's query ``foods-by-amount``; a test compares them.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.index.food_ranking import SCHEMA


class Amount(NamedTuple):
    """The amount of a component in a food, in µg per 100 g: the indexed columns, in the order in which they sort."""

    food_name: str
    food: str
    measurement: str
    source: str
    is_independent: bool
    analyte: str
    micrograms: float


class Grouped(NamedTuple):
    """A food in a food group, by IRIs."""

    group: str
    food: str


def amounts_of(store: Store, catalogue: Catalogue) -> list[Amount]:
    """Returns the amounts in a store, sorted."""
    rows = EmbeddedEngine(store).rows(catalogue["pages/amounts-to-rank"].fill({}))
    return sorted(
        Amount(
            row["foodName"].value,
            row["food"].value,
            row["measurement"].value,
            row["source"].value,
            row["isIndependent"].value == "true",
            row["analyte"].value,
            float(row["microgramsPer100Grams"].value),
        )
        for row in rows
    )


def groups_of(store: Store, catalogue: Catalogue) -> list[Grouped]:
    """Returns the foods in groups in a store, sorted."""
    return sorted({Grouped(*pair) for pair in _ask(store, catalogue, "pages/foods-in-groups", "group", "food")})


def write(
    amounts: Iterable[Amount],
    groups: Iterable[Grouped],
    curated: Store,
    catalogue: Catalogue,
    connection: sqlite3.Connection,
) -> None:
    """Writes the ranking into the side index.

    Args:
        amounts: those of all foods.
        groups: all foods in groups.
        curated: all graphs but those of tables; it says which forms there are, and which amounts do not count.
        catalogue: the catalogue, which has the queries.
        connection: to the side index.
    """
    by_analyte: defaultdict[str, list[Amount]] = defaultdict(list)
    for amount in amounts:
        by_analyte[amount.analyte].append(amount)
    forms: defaultdict[str, list[Amount]] = defaultdict(list)
    for form, analyte in sorted(set(_ask(curated, catalogue, "pages/forms-of-forms", "form", "analyte"))):
        forms[form] += by_analyte[analyte]
    # A measurement with several rows has no single rank; such a form is not indexed, and its query is evaluated each
    # time.
    ranked = {form: rows for form, rows in forms.items() if len({row.measurement for row in rows}) == len(rows)}
    lent = {iri for (iri,) in _ask(curated, catalogue, "pages/amounts-that-do-not-count", "measurement")}
    keys = sorted({row[:4] for rows in ranked.values() for row in rows})
    numbers = {key: number for number, key in enumerate(keys, 1)}
    independent = {row[:4]: row.is_independent for rows in ranked.values() for row in rows}
    connection.executescript(SCHEMA)
    connection.executemany(
        "INSERT INTO amount VALUES (?, ?, ?, ?, ?)",
        (
            (number, measurement, source, food, independent[key] and measurement not in lent)
            for key, number in numbers.items()
            for _, food, measurement, source in [key]
        ),
    )
    for form, rows in ranked.items():
        places = sorted((row.micrograms, numbers[row[:4]]) for row in rows)
        connection.executemany("INSERT INTO ranked VALUES (?, ?, ?)", ((form, *place) for place in places))
    connection.executemany("INSERT INTO grouped VALUES (?, ?)", sorted(set(groups)))


def _ask(store: Store, catalogue: Catalogue, query: str, *columns: str) -> Iterator[tuple[str, ...]]:
    rows = EmbeddedEngine(store).rows(catalogue[query].fill({}))
    return (tuple(row[column].value for column in columns) for row in rows)
