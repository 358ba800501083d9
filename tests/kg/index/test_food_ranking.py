"""A page of the amounts of a form has the rows that the whole answer has in its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.catalogue.catalogue import Value
from kg.index.food_ranking import QUESTION
from kg.reader.reader import Reader

FILTERS: list[dict[str, str | Decimal]] = [
    {"form": "phylloquinone"},
    {"form": "phylloquinone", "sort": "lowest"},
    {"form": "phylloquinone", "sort": "name", "source": "ciqual-2020"},
    {"form": "phylloquinone", "group": "sr28-group-0100"},
    {"form": "menaquinone-4", "min": Decimal("3.9"), "max": Decimal("29.8")},
    {"form": "menaquinone-7"},
    {"form": "vitamin-k2", "sort": "lowest", "source": "usda-sr28", "group": "sr28-group-0500"},
    {"form": "vitamin-k", "min": Decimal(100), "sort": "name"},
    {"form": "vitamin-k2", "source": "study-knapen-2015"},
    {"form": "vitamin-k2", "include": "all"},
    {"form": "phylloquinone", "include": "all", "source": "bls-4", "sort": "lowest"},
    {"form": "phylloquinone-and-menaquinone-4"},
    {"form": "vitamin-d"},
]


def _values(reader: Reader, filters: dict[str, str | Decimal]) -> dict[str, Value]:
    query, vocabulary = reader.catalogue[QUESTION], reader.vocabulary
    entities = {
        name: vocabulary.entity_iri(str(given))
        for name, given in filters.items()
        if name in ("form", "group", "source")
    }
    numbers = {name: Decimal(0 if name == "min" else 1_000_000) for name in ("min", "max")}
    free: dict[str, Value] = {parameter.name: None for parameter in query.parameters}
    return {**free, **numbers, "sort": "highest", "include": "measurements", **filters, **entities}


@pytest.mark.system
@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: " ".join(map(str, filters.values())))
def test_pages_by_rank_are_those_of_the_whole_answer(reader: Reader, filters: dict[str, str | Decimal]) -> None:
    query, values = reader.catalogue[QUESTION], _values(reader, filters)
    whole, total = reader.page(query, values, 0, None)
    assert total == len(whole)
    for offset in sorted({0, 7, max(0, total // 2), max(0, total - 5), total, total + 10}):
        assert reader.page(query, values, offset, 10) == (whole[offset : offset + 10], total)


def test_the_examples_have_rows_of_many_pages_and_of_none(reader: Reader) -> None:
    totals = [reader.page(reader.catalogue[QUESTION], _values(reader, filters), 0, 1)[1] for filters in FILTERS]
    assert max(totals) > 6000 and min(totals) == 0


def test_chosen_amounts_are_the_only_ones(reader: Reader) -> None:
    query = reader.catalogue[QUESTION]
    values = _values(reader, {"form": "phylloquinone"})
    rows, _ = reader.page(query, values, 100, 3)
    chosen = [row["measurement"].value for row in rows]
    assert reader.page(query, {**values, "measurement": chosen}, 0, 2) == (rows[:2], 3)
