"""Servings: a size with its source, amounts of foods in that state alone, ranges over independent amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.catalogue.catalogue import with_prologue
from kg.foods import composition, cooking, servings
from kg.foods.servings import ComparedIntake, Serving
from kg.reader.reader import Reader


def compared(reader: Reader) -> ComparedIntake:
    intake = servings.compared_intake(reader)
    assert intake
    return intake


def of_food(reader: Reader, food: str) -> dict[str, Serving]:
    iri = reader.vocabulary.entity_iri(food)
    beside = composition.side_by_side(reader, iri)
    found = servings.of_food(reader, iri, beside, compared(reader))
    return {one.serving.iri.rpartition("/")[2]: one for one in found}


@pytest.mark.parametrize(
    ("food", "serving", "form", "words", "percent"),
    [
        # 390 (FDC), 477 (CIQUAL) and 1,139 µg per 100 g (BLS) times 16 g, of 70 µg; the superseded 704.8 is left out.
        ("kale", "serving-raw-kale", "phylloquinone", "62.4–182", "89–260 %"),
        ("kale", "serving-boiled-kale", "phylloquinone", "544", "777 %"),
        ("natto", "serving-natto", "menaquinone-7", "850", ""),
        # 0.6 (BLS) and 0.3 (SR28) µg per 100 g times 50 g.
        ("egg", "serving-egg", "phylloquinone", "0.15–0.3", "under 1 %"),
    ],
)
def test_a_serving_has_the_amounts_of_its_own_foods(
    reader: Reader, food: str, serving: str, form: str, words: str, percent: str
) -> None:
    amounts = {one.form.iri.rpartition("/")[2]: one for one in of_food(reader, food)[serving].amounts}
    assert (amounts[form].words, amounts[form].percent) == (words, percent)


def test_every_size_has_a_source(reader: Reader) -> None:
    for food in ("kale", "natto", "gouda", "spinach", "egg"):
        found = of_food(reader, food)
        assert found
        assert all(one.size_source for one in found.values())


def test_the_share_is_that_of_the_intake_in_the_graph(reader: Reader) -> None:
    intake = compared(reader)
    assert (intake.intake.label, intake.micrograms) == (
        "EFSA: adequate intake of vitamin K1, adults, 70 µg a day",
        Decimal(70),
    )
    for one in servings.ranked(reader, reader.vocabulary.entity_iri("menaquinone-7"), intake):
        assert one.amount.percent == ""


def test_servings_are_ranked_by_their_lower_ends(reader: Reader) -> None:
    intake = compared(reader)
    ends = [one.amount.least for one in servings.ranked(reader, reader.vocabulary.entity_iri("vitamin-k"), intake)]
    assert len(ends) > 50
    assert ends == sorted(ends, reverse=True)


def test_what_may_counteract_reaches_the_share_by_its_highest_amount(reader: Reader) -> None:
    intake = compared(reader)
    found = servings.counteracting(reader, reader.vocabulary.entity_iri("warfarin"), intake)
    assert found
    least = intake.micrograms * servings.COUNTERACTING_PERCENT / 100
    assert all(one.amount.most >= least for one in found)
    assert not servings.counteracting(reader, reader.vocabulary.entity_iri("orlistat"), intake)


@pytest.mark.parametrize(
    ("food", "pair", "raw", "cooked", "change", "water"),
    [
        ("asparagus", "cooking-sr28-11012", "41.6", "50.6", "+22 %", ("93.22", "92.63")),
        ("spinach", "cooking-stfc-06268", "270", "320", "+19 %", ("", "")),
        ("sr28-11011", "cooking-sr28-11012", "41.6", "50.6", "+22 %", ("93.22", "92.63")),
    ],
)
def test_pairs_are_found_at_the_food_and_at_their_rows(
    reader: Reader, food: str, pair: str, raw: str, cooked: str, change: str, water: tuple[str, str]
) -> None:
    pairs = cooking.of_food(reader, reader.vocabulary.entity_iri(food))
    (found,) = [one for one in pairs if one.pair.iri.endswith("/" + pair)]
    assert (found.raw.micrograms, found.cooked.micrograms, found.change) == (raw, cooked, change)
    assert (found.raw.water, found.cooked.water) == water


def test_both_rows_of_every_pair_were_analysed_in_one_table(reader: Reader) -> None:
    counted = reader.select(
        with_prologue("SELECT (COUNT(?pair) AS ?n) { ?pair a vitk:CookingPair }", reader.vocabulary)
    )
    pairs = cooking.of_all(reader)
    assert len({one.pair.iri for one in pairs}) == int(counted[0]["n"].value)
    more, equal, less = cooking.changes(pairs)
    assert more + equal + less == len(pairs)
    text = (
        "SELECT DISTINCT ?origin { ?pair vitk:rawFood|vitk:cookedFood ?row . ?row vitk:hasMeasurement ?measurement . "
        "?measurement vitk:ofAnalyte ?form ; vitk:hasOrigin ?origin "
        "FILTER(?form IN (id:phylloquinone, id:phylloquinone-and-menaquinone-4)) }"
    )
    origins = reader.select(with_prologue(text, reader.vocabulary))
    assert {row["origin"].value.rpartition("#")[2] for row in origins} <= {"analysed", "aggregated"}
