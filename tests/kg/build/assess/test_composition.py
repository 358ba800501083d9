"""What rows of food tables, and amounts in studies, decide on the contents of foods."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.build.assess.reading.facts import Amount, Content, Proposition
from kg.build.assess.reading.terms import Assessed, Certainty, Finding
from tests.kg.build.assess.small_facts import (
    ANALYSIS,
    COMPOSITION,
    HIGH,
    LOW,
    MODERATE,
    assessed,
    below,
    decided,
    level,
    line,
    micrograms,
    proposition,
    reasons,
    row,
    study,
)

FOR, AGAINST, MIXED, UNCLEAR = Assessed.FOR, Assessed.AGAINST, Assessed.MIXED, Assessed.UNCLEAR


def amount(stated: Amount, portion: float | None = None) -> Proposition:
    return proposition("cheese", "contains", "k2", COMPOSITION, amount=stated, portion=portion)


def floor(low: float, of: str = "mk4", name: str = "r") -> Content:
    return Content("cheese", name, of, low, low)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("anyLevel", row(0.1), FOR),
        ("anyLevel", row(0.0), AGAINST),
        ("anyLevel", below(1.4), AGAINST),
        ("anyLevel", below(1.5), UNCLEAR),
        ("anyLevel", floor(0.2), FOR),
        ("anyLevel", floor(0.0), UNCLEAR),
        ("traceLevel", row(1.4), FOR),
        ("traceLevel", row(1.5), AGAINST),
        ("traceLevel", row(0.0), UNCLEAR),
        ("traceLevel", floor(1.4), UNCLEAR),
        ("traceLevel", floor(1.6), AGAINST),
        ("smallLevel", row(1.5), FOR),
        ("smallLevel", row(11.24), FOR),
        ("smallLevel", row(1.4), AGAINST),
        ("smallLevel", row(11.25), AGAINST),
        ("smallLevel", row(1.0, 12.0), UNCLEAR),
        ("smallLevel", floor(5.0), UNCLEAR),
        ("sourceLevel", row(11.25), FOR),
        ("sourceLevel", row(11.24), AGAINST),
        ("sourceLevel", row(10.0, 12.0), UNCLEAR),
        ("richLevel", row(22.5), FOR),
        ("richLevel", row(22.4), AGAINST),
        ("richLevel", floor(22.5), FOR),
        ("richLevel", floor(22.4), UNCLEAR),
        ("richLevel", below(5.0), AGAINST),
        ("richLevel", below(30.0), UNCLEAR),
        ("unknownLevel", row(50.0), UNCLEAR),
    ],
)
def test_a_level_is_reached_or_missed(name: str, content: Content, expected: Assessed) -> None:
    assert decided(level(name), content)[0] is expected


@pytest.mark.parametrize(
    ("stated", "content", "expected"),
    [
        (micrograms(50.0, 90.0), row(60.0), FOR),
        (micrograms(50.0, 90.0), row(40.0), AGAINST),
        (micrograms(50.0, 90.0), row(91.0), AGAINST),
        (micrograms(50.0, 90.0), row(40.0, 55.0), FOR),
        (micrograms(50.0, 90.0), floor(60.0), UNCLEAR),
        (micrograms(50.0, 90.0), floor(91.0), AGAINST),
        (micrograms(50.0, None), row(900.0), FOR),
        (micrograms(None, 50.0), row(51.0), AGAINST),
        (micrograms(40.0, 40.0), row(30.0), FOR),
        (micrograms(40.0, 40.0), row(29.9), AGAINST),
        (micrograms(40.0, 40.0), row(50.0), FOR),
        (micrograms(40.0, 40.0), row(50.1), AGAINST),
        (micrograms(4.0, 4.0, 10.0), row(40.0), FOR),
        (micrograms(0.04, 0.04, 100.0, "MilliGM"), row(40.0), FOR),
        (micrograms(40.0, 40.0, None), row(40.0), UNCLEAR),
        (micrograms(40.0, 40.0, 100.0, "PERCENT"), row(40.0), UNCLEAR),
        (Amount(None, None, "MicroGM", 100.0, "GM"), row(40.0), UNCLEAR),
        (Amount(40.0, 40.0, "MicroGM", 1.0, "TABLESPOON"), row(40.0), UNCLEAR),
    ],
)
def test_a_stated_amount_is_met_or_missed(stated: Amount, content: Content, expected: Assessed) -> None:
    assert decided(amount(stated), content)[0] is expected


def test_what_is_said_of_a_portion_is_compared_with_a_portion() -> None:
    small = level("smallLevel", portion=17.0)
    assert decided(small, row(32.1))[0] is FOR
    assert decided(level("smallLevel"), row(32.1))[0] is AGAINST
    assert decided(small, row(70.0))[0] is AGAINST
    assert decided(amount(micrograms(5.0, 6.0, None), portion=17.0), row(32.1))[0] is FOR
    assert decided(amount(micrograms(30.0, 35.0, None), portion=17.0), row(32.1))[0] is AGAINST
    assert decided(amount(micrograms(30.0, 35.0), portion=17.0), row(32.1))[0] is FOR


def test_a_study_is_compared_with_a_portion_as_a_row_is() -> None:
    small = level("smallLevel", portion=17.0)
    one = line(small, Finding.PRESENT, study(design=ANALYSIS), amount=micrograms(32.1, 32.1))
    assert assessed(small, one).known.direction is FOR


def test_menaquinones_of_a_row_are_added_and_parts_are_not_added_to_their_total() -> None:
    assert decided(level("richLevel"), floor(12.0, "mk4"), floor(11.0, "mk7"))[0] is FOR
    of_k = level("richLevel", of="k")
    assert decided(of_k, row(12.0, of="k2"), floor(11.0, "mk4"))[0] is UNCLEAR
    assert decided(of_k, row(12.0, of="k2"), row(11.0, of="k1"))[0] is FOR
    assert decided(level("richLevel"), floor(12.0), floor(12.0))[0] is UNCLEAR
    assert decided(level("richLevel"), row(20.0), floor(23.0))[0] is FOR


def test_a_row_of_the_whole_vitamin_or_of_another_form_decides_nothing_for_a_form() -> None:
    assert assessed(level("richLevel"), contents=[row(60.0, of="k"), row(60.0, of="k1")]).by_rows is None
    assert decided(level("richLevel"), row(60.0, of="k")) == (Assessed.NOT_SEARCHED, None)


def test_a_row_of_another_food_or_of_a_broader_one_decides_nothing() -> None:
    assert assessed(level("richLevel"), contents=[row(60.0, food="natto"), row(60.0, food="dairy")]).by_rows is None


def test_rows_of_types_of_the_food_decide() -> None:
    assert decided(level("richLevel"), row(60.0, food="brie"), row(50.0, name="g", food="gouda"))[0] is FOR


def test_nearest_rows_decide_only_if_there_is_no_other_and_only_for_the_food_itself() -> None:
    near = row(60.0, name="near", near=True)
    assert decided(level("richLevel"), near) == (FOR, LOW)
    assert decided(level("richLevel"), near, row(3.0)) == (AGAINST, MODERATE)
    of_brie = row(60.0, name="near", food="brie", near=True)
    assert assessed(level("richLevel"), contents=[of_brie]).by_rows is None


def test_how_certain_rows_make_it() -> None:
    rich = level("richLevel")
    assert decided(rich, row(60.0)) == (FOR, MODERATE)
    assert decided(rich, row(60.0), row(50.0, name="s")) == (FOR, HIGH)
    assert decided(level("anyLevel"), row(60.0)) == (FOR, HIGH)
    assert decided(rich, row(60.0), row(3.0, name="s")) == (MIXED, LOW)


def test_a_small_minority_of_rows_is_no_disagreement() -> None:
    rows = [row(60.0, name=str(number)) for number in range(9)]
    assert decided(level("richLevel"), *rows[:4], row(7.0, name="less"))[0] is MIXED
    assert decided(level("richLevel"), *rows[:5], row(7.0, name="less"))[0] is FOR


def test_one_row_of_one_type_says_little_of_a_class_of_foods() -> None:
    brie = row(60.0, food="brie")
    assert decided(level("richLevel"), brie) == (FOR, LOW)
    assert decided(level("richLevel", extent="someOfThem"), brie) == (FOR, MODERATE)


def test_a_row_that_two_foods_share_counts_once() -> None:
    shared = [row(60.0, food="brie"), row(60.0, food="cheese")]
    found = assessed(level("richLevel"), contents=shared).by_rows
    assert found
    assert (found.rows_for, found.certainty) == (1, MODERATE)


def test_tables_that_differ_tenfold_lower_certainty() -> None:
    def certainty(*values: float) -> Certainty | None:
        return decided(level("anyLevel"), *(row(value, name=str(value)) for value in values))[1]

    assert certainty(53.6, 3.1) is MODERATE
    assert certainty(30.0, 3.0) is HIGH
    assert certainty(30.0, 0.0) is LOW


def test_some_of_them() -> None:
    some = level("richLevel", extent="someOfThem")
    rich, poor, unknown = row(60.0, name="a"), row(3.0, name="b"), floor(3.0, name="c")
    assert decided(some, rich, poor, unknown)[0] is FOR
    assert decided(some, poor) == (AGAINST, LOW)
    assert decided(some, poor, unknown)[0] is UNCLEAR
    assert decided(some, unknown)[0] is UNCLEAR


def test_counts_of_rows_are_recorded() -> None:
    contents = [row(60.0, name="a"), row(3.0, name="b"), floor(3.0, name="c"), row(40.0, name="d")]
    found = assessed(level("richLevel"), contents=contents).by_rows
    assert found
    assert (found.rows_for, found.rows_against, found.rows_open) == (2, 1, 1)


def not_counted(content: Content) -> Content:
    """A row of another table, which that table passes on."""
    return replace(content, is_passed_on=True, table="lends")


def of_table(content: Content, table: str, name: str) -> Content:
    return replace(content, table=table, row=name)


ANY, RICH = level("anyLevel"), level("richLevel")
BORROWED_800, BORROWED_NONE = not_counted(row(800.0, name="b")), not_counted(below(0.8, name="b"))
FIVE_NONE = [below(0.8, name=f"none {number}") for number in range(5)]


@pytest.mark.parametrize(
    ("about", "contents", "expected"),
    [
        (ANY, [below(0.8), BORROWED_800], MIXED),
        (ANY, [row(180.0), BORROWED_NONE], MIXED),
        (RICH, [row(3.0), BORROWED_800], MIXED),
        # Two rows of one table are one table still; of two tables, they confirm each other.
        (ANY, [below(0.8), below(0.8, name="c"), BORROWED_800], MIXED),
        (ANY, [of_table(below(0.8), "one", "a"), of_table(below(0.8), "two", "c"), BORROWED_800], AGAINST),
        # A row that leaves it open is not a second table that refutes.
        (RICH, [of_table(row(3.0), "one", "a"), of_table(row(3.0, 60.0), "two", "c"), BORROWED_800], MIXED),
        # A small minority is no disagreement here either; a large majority is.
        (ANY, [*FIVE_NONE, BORROWED_800], AGAINST),
        (ANY, [below(0.8), *(replace(BORROWED_800, row=str(number)) for number in range(9))], MIXED),
        # What a table passes on beside its own measurements does not count against them.
        (ANY, [below(0.8), replace(BORROWED_800, table="")], AGAINST),
        (ANY, [below(0.8), BORROWED_NONE], AGAINST),
        (ANY, [below(0.8), replace(BORROWED_800, is_nearest=True)], AGAINST),
        (ANY, [below(0.8), replace(BORROWED_800, food="spinach")], AGAINST),
        (level("anyLevel", extent="someOfThem"), [row(180.0), BORROWED_NONE], FOR),
    ],
)
def test_one_table_does_not_refute_what_other_tables_pass_on(
    about: Proposition, contents: list[Content], expected: Assessed
) -> None:
    direction, certainty = decided(about, *contents)
    assert direction is expected
    assert certainty is LOW or expected is not MIXED


def test_what_tables_pass_on_decides_nothing_by_itself() -> None:
    assert assessed(ANY, contents=[BORROWED_800]).by_rows is None


def test_a_usable_row_comes_before_studies_and_an_open_one_does_not() -> None:
    rich = level("richLevel")
    one = line(rich, Finding.PRESENT, study(design=ANALYSIS), amount=micrograms(60.0, 60.0))
    assert assessed(rich, one, contents=[row(3.0)]).known.direction is AGAINST
    assert assessed(rich, one, contents=[floor(3.0)]).known.direction is FOR
    assert assessed(rich, contents=[floor(3.0)]).known.direction is UNCLEAR
    assert assessed(rich, one, contents=[row(3.0)]).sensitivities == ()
    assert reasons(assessed(rich, one, contents=[row(3.0)])) == {"result-a": {"tableRowsDecide"}}
    assert reasons(assessed(rich, one, contents=[floor(3.0)])) == {"result-a": set()}


def passed_on(low: float, name: str, table: str, lender: str = "family") -> Content:
    """A row that its table did not analyse; tables of one lender borrow from each other."""
    return Content("cheese", name, "k2", low, low, table=table, lender=lender)


@pytest.mark.parametrize(
    ("contents", "certainty"),
    [
        # Two tables that borrow from each other may pass on one measurement.
        ([passed_on(60.0, "a", "one"), passed_on(50.0, "b", "other")], Certainty.MODERATE),
        ([passed_on(60.0, "a", "one"), passed_on(50.0, "b", "one")], Certainty.HIGH),
        ([passed_on(60.0, "a", "one"), passed_on(50.0, "b", "other", "another family")], Certainty.HIGH),
        ([passed_on(60.0, "a", "one"), row(50.0, name="b")], Certainty.HIGH),
        ([row(60.0, name="a"), row(50.0, name="b")], Certainty.HIGH),
    ],
)
def test_only_independent_rows_confirm_each_other(contents: list[Content], certainty: Certainty) -> None:
    assert decided(level("richLevel"), *contents) == (FOR, certainty)
