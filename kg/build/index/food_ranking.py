"""Sorts the amounts of forms of vitamin K at build time, since sorting thousands for each page takes long."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue, Value
from kg.engine.embedded.engine import EmbeddedEngine
from kg.index.food_ranking import QUESTION, SCHEMA


class _Amount(NamedTuple):
    """The indexed columns of a row, in the order in which the query sorts rows of equal amount."""

    food_name: str
    food: str
    measurement: str
    source: str
    is_independent: str


def write(store: Store, catalogue: Catalogue, path: Path) -> int:
    """Writes the ranking into the side index and returns the number of amounts.

    Args:
        store: the store of the release.
        catalogue: the catalogue; its query is evaluated for every form with its public parameters.
        path: the side index of the release.
    """
    micrograms: dict[str, dict[_Amount, float]] = {}
    for form in sorted(form for (form,) in _ask(store, catalogue, "pages/vitamins-and-forms", {}, "form")):
        rows = list(_amounts(store, catalogue, form))
        # A measurement with several rows has no single rank; such a form is not indexed, and its query is evaluated
        # each time.
        if len({amount.measurement for amount, _ in rows}) == len(rows):
            micrograms[form] = dict(rows)
    numbers = {amount: number for number, amount in enumerate(sorted(set().union(*micrograms.values())), 1)}
    groups = _ask(store, catalogue, "pages/foods-in-groups", {}, "group", "food")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO amount VALUES (?, ?, ?, ?, ?)",
            (
                (number, amount.measurement, amount.source, amount.food, amount.is_independent == "true")
                for amount, number in numbers.items()
            ),
        )
        for form, amounts in micrograms.items():
            ranked = sorted((value, numbers[amount]) for amount, value in amounts.items())
            connection.executemany("INSERT INTO ranked VALUES (?, ?, ?)", ((form, *place) for place in ranked))
        connection.executemany("INSERT INTO grouped VALUES (?, ?)", sorted(set(groups)))
    return len(numbers)


def _amounts(store: Store, catalogue: Catalogue, form: str) -> Iterator[tuple[_Amount, float]]:
    columns = ("microgramsPer100Grams", "foodName", "food", "measurement", "source", "isIndependent")
    for value, *rest in _ask(store, catalogue, QUESTION, {"form": form, "include": "all", "sort": "name"}, *columns):
        yield _Amount(*rest), float(value)


def _ask(
    store: Store, catalogue: Catalogue, query: str, values: dict[str, Value], *columns: str
) -> Iterator[tuple[str, ...]]:
    rows = EmbeddedEngine(store).rows(catalogue[query].fill(values))
    return (tuple(row[column].value for column in columns) for row in rows)
