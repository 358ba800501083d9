"""Puts the amounts of forms of vitamin K in order at build time, since sorting thousands for each page takes long."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pyoxigraph import Store

from kg.catalogue import Catalogue
from kg.engine.embedded import EmbeddedEngine, Row
from kg.ranking import QUESTION, SCHEMA


def write(store: Store, catalogue: Catalogue, path: Path) -> int:
    """Writes the order beside the search index and returns the number of amounts.

    Args:
        store: of the release.
        catalogue: holds the question, which is asked for every form as people ask it.
        path: the side index of the release.
    """
    engine = EmbeddedEngine(store)
    forms = [row["form"].value for row in engine.select(catalogue["pages/vitamins-and-forms"].fill({}))]
    asked = {form: engine.select(catalogue[QUESTION].fill({"form": form, "sort": "name"})) for form in sorted(forms)}
    # A measurement that comes in several rows has no place of its own; such a form is asked for each time.
    asked = {form: rows for form, rows in asked.items() if len({_measurement(row) for row in rows}) == len(rows)}
    by_name = {_key(row): row for rows in asked.values() for row in rows}
    numbers = {_measurement(by_name[key]): number for number, key in enumerate(sorted(by_name), 1)}
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO amount VALUES (?, ?, ?, ?)",
            [(numbers[iri], iri, row["source"].value, food) for (_, food, iri), row in sorted(by_name.items())],
        )
        for form, rows in asked.items():
            amounts = [(float(row["microgramsPer100Grams"].value), numbers[_measurement(row)]) for row in rows]
            connection.executemany("INSERT INTO ranked VALUES (?, ?, ?)", [(form, *one) for one in sorted(amounts)])
        groups = engine.select(catalogue["pages/foods-in-groups"].fill({}))
        connection.executemany(
            "INSERT INTO grouped VALUES (?, ?)",
            sorted({(row["group"].value, row["food"].value) for row in groups}),
        )
    connection.close()
    return len(numbers)


def _measurement(row: Row) -> str:
    return row["measurement"].value


def _key(row: Row) -> tuple[str, str, str]:
    """What the question sorts by after the amount."""
    return row["foodName"].value, row["food"].value, row["measurement"].value
