"""How far a line is from a proposition, in each of the four ways, and which facts are missing to say so."""

from __future__ import annotations

from typing import Any

import pytest

from kg.build.assess import directness
from kg.build.assess.directness import Gaps
from kg.build.assess.reading.facts import Line, Proposition
from kg.build.assess.reading.terms import Direction, Finding
from tests.kg.build.assess.small_facts import (
    ADVICE,
    ASSOCIATION,
    COMPOSITION,
    INTERACTION,
    MECHANISM,
    SAFETY,
    dose,
    facts,
    line,
    micrograms,
    proposition,
    study,
)

FOR, AGAINST = Direction.SUPPORTING, Direction.DISPUTING


def gaps(about: Proposition, one: Line, direction: Direction = FOR) -> Gaps:
    known = facts(about)
    return directness.gaps(known, about, one, directness.outcome_relation(known, about, one), direction)


@pytest.mark.parametrize(
    ("subject", "given", "expected"),
    [
        ("k2", {"exposures": ["k2"]}, 0),
        ("k2", {"exposures": ["mk7"]}, 0),
        ("k2", {"exposures": ["k2-capsule"]}, 0),
        ("k2", {"exposures": ["k"]}, 1),
        ("mk4", {"exposures": ["mk7"]}, 2),
        ("k2", {"exposures": ["k1"]}, 2),
        ("k2", {"exposures": ["k1", "mk7"]}, 0),
        ("k2", {"exposures": ["k2"], "together": ["d3"]}, 1),
        ("k2", {"exposures": ["k2"], "is_against_other": True}, 1),
        ("yolk", {"exposures": ["egg"]}, 1),
        ("d3-k2", {"exposures": ["d3-k2"]}, 0),
        ("d3-k2", {"exposures": ["mk7"], "together": ["d3"]}, 0),
        ("d3-k2", {"exposures": ["mk7"]}, 1),
        ("d3-k2", {"exposures": ["warfarin"]}, 2),
        ("somebody", {"exposures": ["k1"]}, 0),
    ],
)  # fmt: skip
def test_the_gap_of_substance(subject: str, given: dict[str, Any], expected: int) -> None:
    about = proposition(subject)
    assert gaps(about, line(about, **given)).substance == expected


def test_without_exposures_the_substances_of_the_study_count() -> None:
    about = proposition("mk7")
    assert gaps(about, line(about, by=study(substances={"mk4"}), exposures=())).substance == 2
    assert gaps(about, line(about, by=study(substances={"mk7"}), exposures=())).substance == 0
    assert gaps(about, line(about, by=study(), exposures=())).substance == 0


def test_what_depends_on_a_substance_is_compared_by_that_substance() -> None:
    about = proposition("osteocalcin", "dependsOn", "mk7", MECHANISM)
    assert gaps(about, line(about, exposures=["mk4"], outcomes=["osteocalcin"])).substance == 2


@pytest.mark.parametrize(
    ("predicate", "direction", "given", "expected"),
    [
        ("causes", FOR, "k", 0),
        ("causes", FOR, "mk4", 1),
        ("causes", AGAINST, "k", 1),
        ("causes", AGAINST, "mk4", 2),
        ("causes", Direction.NO_DIFFERENCE, "mk4", 2),
        ("hasSafety", FOR, "k", 1),
        ("hasSafety", FOR, "mk4", 2),
        ("hasSafety", AGAINST, "mk4", 1),
        ("worksTogetherWith", FOR, "mk4", 2),
    ],
)
def test_harm_of_another_form_is_closer_than_its_safety(
    predicate: str, direction: Direction, given: str, expected: int
) -> None:
    about = proposition("mk7", predicate, "side-effect", SAFETY)
    assert gaps(about, line(about, exposures=[given]), direction).substance == expected


@pytest.mark.parametrize(
    ("kind", "predicate", "direction", "given", "expected"),
    [
        (SAFETY, "hasSafety", FOR, ["mk7"], 1),
        (SAFETY, "hasSafety", FOR, ["mk7", "k2"], 0),
        (SAFETY, "hasSafety", AGAINST, ["mk7"], 0),
        (SAFETY, "causes", FOR, ["mk7"], 0),
        (SAFETY, "causes", AGAINST, ["mk7"], 1),
        (SAFETY, "causes", Direction.NO_DIFFERENCE, ["mk7"], 1),
        (INTERACTION, "weakens", FOR, ["mk7"], 0),
        (INTERACTION, "weakens", Direction.NO_DIFFERENCE, ["mk7"], 1),
        (ADVICE, "callsFor", FOR, ["mk7"], 0),
        (ADVICE, "callsFor", AGAINST, ["mk7"], 0),
    ],
)
def test_that_one_form_is_safe_is_a_step_away_from_the_safety_of_its_group(
    kind: str, predicate: str, direction: Direction, given: list[str], expected: int
) -> None:
    about = proposition("k2", predicate, "side-effect", kind)
    assert gaps(about, line(about, exposures=given), direction).substance == expected


@pytest.mark.parametrize(
    ("stated", "studied", "expected"),
    [
        ({}, {"populations": ["men"]}, 0),
        ({"populations": ["women"]}, {"populations": ["women-after-menopause"]}, 0),
        ({"populations": ["women"]}, {"populations": ["adults"]}, 0),
        ({"populations": ["women"]}, {"populations": ["men"]}, 1),
        ({"populations": ["women"]}, {}, 0),
        ({"models": ["rat"]}, {"models": ["ovx-rat"]}, 0),
        ({}, {"models": ["rat"]}, 1),
        ({"populations": ["women"]}, {"models": ["rat"]}, 1),
        ({"kind": MECHANISM}, {"models": ["rat"]}, 0),
        ({"models": ["ovx-rat"]}, {"models": ["mouse"]}, 1),
        ({"models": ["ovx-rat"]}, {"populations": ["women"]}, 2),
    ],
)
def test_the_gap_of_population(stated: dict[str, Any], studied: dict[str, Any], expected: int) -> None:
    about = proposition(**stated)
    assert gaps(about, line(about, by=study(**studied))).population == expected


@pytest.mark.parametrize(
    ("target", "outcome", "expected", "missing"),
    [
        ("fracture", "fracture", 0, ()),
        ("fracture", "hip-fracture", 0, ()),
        ("hip-fracture", "fracture", 1, ()),
        ("fracture", "bmd", 1, ()),
        ("osteocalcin", "active-osteocalcin", 0, ()),
        ("osteocalcin", "ucoc", 0, ()),
        ("clotting", "clotting-time", 1, ()),
        ("bone-health", "osteoporosis", 0, ()),
        ("osteoporosis", "bone-health", 0, ()),
        ("fracture", "mood", 2, ()),
        ("hip-fracture", "mood", 2, ()),
        ("fracture", "inr", 2, ("how inr relates to fracture",)),
        ("calcification", "chd", 2, ("how chd relates to calcification",)),
    ],
)
def test_the_gap_of_outcome(target: str, outcome: str, expected: int, missing: tuple[str, ...]) -> None:
    found = gaps(proposition(target=target), line(proposition(target=target), outcomes=[outcome]))
    assert (found.outcome, found.missing) == (expected, missing)


def test_the_closest_of_several_outcomes_counts() -> None:
    about = proposition()
    assert gaps(about, line(about, outcomes=["bmd", "hip-fracture", "inr"])).outcome == 0


def test_types_without_an_outcome_have_no_gap_of_it() -> None:
    about = proposition("natto", "contains", "k2", COMPOSITION)
    assert gaps(about, line(about, Finding.PRESENT, outcomes=["inr"])).outcome == 0


@pytest.mark.parametrize(
    ("stated", "studied", "expected"),
    [
        ([], [dose(45.0, 45.0)], 0),
        ([dose(90.0, 90.0)], [], 0),
        ([dose(90.0, 90.0)], [dose(100.0, 120.0)], 0),
        ([dose(90.0, 90.0)], [dose(135.0, 135.0)], 0),
        ([dose(90.0, 90.0)], [dose(136.0, 136.0)], 1),
        ([dose(90.0, 90.0)], [dose(45_000.0, 45_000.0)], 1),
        ([dose(100.0, None)], [dose(360.0, 360.0)], 0),
        ([dose(100.0, None)], [dose(50.0, 50.0)], 1),
        ([dose(None, 100.0)], [dose(20.0, 20.0)], 0),
        ([dose(90.0, 90.0)], [dose(10.0, 10.0), dose(80.0, 80.0)], 0),
    ],
)
def test_the_gap_of_dose(stated: list[Any], studied: list[Any], expected: int) -> None:
    about = proposition(doses=tuple(stated))
    assert gaps(about, line(about, by=study(doses=tuple(studied)))).dose == expected
    assert gaps(about, line(about, doses=tuple(studied))).dose == expected


@pytest.mark.parametrize(("found", "expected"), [(10.0, 0), (10_000_000.0, 2), (None, 2)])
def test_what_is_said_of_an_amount_of_exposure_holds_for_that_amount_alone(found: float | None, expected: int) -> None:
    """A claim on 10 g where the study has 10 µg."""
    about = proposition(kind=ASSOCIATION, amount=micrograms(7.0, 7.0, 10.0))
    amount = micrograms(7.0, 7.0, found) if found else None
    assert gaps(about, line(about, amount=amount)).dose == expected


def test_the_sum_and_the_largest_of_the_gaps() -> None:
    assert (Gaps(1, 0, 2, 1).total, Gaps(1, 0, 2, 1).worst) == (4, 2)
