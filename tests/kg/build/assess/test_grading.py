"""How what decides becomes a direction and a certainty, step by step."""

from __future__ import annotations

from typing import Any

import pytest

from kg.build.assess.grading import Grade
from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.facts import Line, Study
from kg.build.assess.reading.terms import Assessed, Certainty, Finding
from tests.kg.build.assess.small_facts import (
    ASSOCIATION,
    CELLS,
    COHORT,
    GUIDELINE,
    HIGH,
    INTAKE,
    KINETICS,
    LOW,
    MECHANISM,
    MODERATE,
    POOLED,
    POOLED_COHORTS,
    RATS,
    REVIEW,
    TRIAL,
    VERY_LOW,
    all_assessed,
    assessed,
    line,
    proposition,
    study,
)

FOR, AGAINST, MIXED, UNCLEAR = Assessed.FOR, Assessed.AGAINST, Assessed.MIXED, Assessed.UNCLEAR
LESS, MORE, NULL = Finding.LESS, Finding.MORE, Finding.NO_DIFFERENCE
ANY = proposition()
SEEN = proposition(predicate="associatedWithLess", kind=ASSOCIATION)
ACTIVATES = proposition(predicate="activates", target="osteocalcin", kind=MECHANISM)


def of(
    finding: Finding,
    people: int = 1000,
    design: str = TRIAL,
    name: str = "",
    bias: RiskOfBias | None = None,
    **more: Any,
) -> Line:
    by = study(name or f"{design}-{finding}-{people}", design, participants=people, risk_of_bias=bias)
    return line(more.pop("about", ANY), finding, by, **more)


def low_risk(finding: Finding, people: int = 1000, **more: Any) -> Line:
    return of(finding, people, bias=RiskOfBias.LOW, **more)


def graded(*lines: Line) -> tuple[Assessed, Certainty | None]:
    grade = assessed(ANY, *lines).grade
    return grade.direction, grade.certainty


@pytest.mark.parametrize(
    ("case", "lines", "direction", "certainty"),
    [
        ("a large trial of low risk", [low_risk(LESS)], FOR, HIGH),
        ("a large trial whose risk nobody assessed", [of(LESS)], FOR, MODERATE),
        ("a large trial of some concern", [of(LESS, bias=RiskOfBias.SOME_CONCERNS)], FOR, MODERATE),
        ("a large trial of high risk", [of(LESS, bias=RiskOfBias.HIGH)], FOR, MODERATE),
        ("399 people", [low_risk(LESS, 399)], FOR, MODERATE),
        ("400 people", [low_risk(LESS, 400)], FOR, HIGH),
        ("99 people", [low_risk(LESS, 99)], FOR, LOW),
        ("100 people", [low_risk(LESS, 100)], FOR, MODERATE),
        ("no number of people", [low_risk(LESS, 0)], FOR, LOW),
        ("two trials of 200", [low_risk(LESS, 200), low_risk(LESS, 200, name="b")], FOR, HIGH),
        ("no interval", [low_risk(LESS, has_interval=False)], FOR, MODERATE),
        ("a pooled analysis of unknown size", [low_risk(LESS, 0, design=POOLED)], FOR, HIGH),
        ("a pooled analysis of few people", [low_risk(LESS, 80, design=POOLED)], FOR, LOW),
        ("half of two at low risk", [low_risk(LESS), of(LESS, name="b")], FOR, HIGH),
        ("one of three at low risk", [low_risk(LESS), of(LESS, name="b"), of(LESS, name="c")], FOR, MODERATE),
        ("a marker", [low_risk(MORE, outcomes=["bmd"])], FOR, MODERATE),
        ("given with another substance", [low_risk(LESS, together=["d3"])], FOR, MODERATE),
        ("two gaps", [low_risk(MORE, outcomes=["bmd"], together=["d3"])], FOR, LOW),
        ("a small trial without difference", [low_risk(NULL, 148)], UNCLEAR, None),
        ("two small trials without difference", [low_risk(NULL, 148), low_risk(NULL, 148, name="b")], UNCLEAR, None),
        ("a large trial without difference", [low_risk(NULL, 400)], AGAINST, HIGH),
        ("a pooled analysis without difference", [low_risk(NULL, 6425, design=POOLED)], AGAINST, HIGH),
        ("one of unknown size", [low_risk(NULL, 0, design=POOLED)], UNCLEAR, None),
        (
            "one given together with something else",
            [low_risk(NULL, 6425, design=POOLED, together=["d3"])],
            UNCLEAR,
            None,
        ),
        ("one of 120 people", [low_risk(NULL, 120, design=POOLED)], UNCLEAR, None),
        ("a small trial that found the opposite", [low_risk(MORE, 60)], AGAINST, LOW),
        ("a large trial that found the opposite", [low_risk(MORE)], AGAINST, HIGH),
        ("opposite and null", [low_risk(MORE), low_risk(NULL)], AGAINST, HIGH),
        ("two opposite trials", [low_risk(LESS), low_risk(MORE)], MIXED, LOW),
        ("for and null", [low_risk(LESS), low_risk(NULL)], MIXED, LOW),
        ("two opposite trials, nobody assessed", [of(LESS), of(MORE)], MIXED, LOW),
        ("two opposite small trials", [low_risk(LESS, 40), low_risk(MORE, 40)], MIXED, VERY_LOW),
        ("a cohort", [of(LESS, design=COHORT)], FOR, LOW),
        ("a null cohort never refutes an effect", [of(NULL, 90_000, design=COHORT)], UNCLEAR, None),
        ("nor do pooled cohorts", [of(NULL, 90_000, design=POOLED_COHORTS)], UNCLEAR, None),
        ("a cohort that found the opposite", [of(MORE, 90_000, design=COHORT)], AGAINST, LOW),
        ("nothing is below very low", [of(LESS, 50, design=RATS, together=["d3"])], FOR, VERY_LOW),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_an_effect(case: str, lines: list[Line], direction: Assessed, certainty: Certainty | None) -> None:
    assert graded(*lines) == (direction, certainty), case


def test_each_step_is_recorded() -> None:
    one = of(LESS, 80, outcomes=["hip-fracture"], has_interval=False, together=["d3"])
    grade = assessed(ANY, one, of(MORE, 10, together=["d3"], name="b")).grade
    expected = Grade(
        MIXED, VERY_LOW, start=HIGH, tier=1, bias=1, imprecision=2, inconsistency=1, indirectness=1, agreement=0,
        cap=None, studies_for=1, studies_against=1, without_difference=0, in_part=0, people=90,
    )  # fmt: skip
    assert grade == expected


def test_mixed_is_low_at_best_and_the_cap_is_recorded_only_where_it_matters() -> None:
    capped = assessed(ANY, low_risk(LESS), low_risk(MORE)).grade
    assert (capped.certainty, capped.inconsistency, capped.cap) == (LOW, 1, LOW)
    assert assessed(ANY, of(LESS), of(MORE)).grade.cap is None
    assert assessed(ANY, of(LESS, has_interval=False), of(MORE, has_interval=False)).grade.imprecision == 0


@pytest.mark.parametrize(
    ("findings", "direction", "counts"),
    [
        ([LESS, LESS], FOR, (1, 0, 0, 0)),
        ([LESS, NULL], MIXED, (0, 0, 0, 1)),
        ([LESS, MORE], MIXED, (0, 0, 0, 1)),
        ([NULL, NULL], AGAINST, (0, 0, 1, 0)),
        ([MORE, NULL], AGAINST, (0, 1, 0, 0)),
    ],
)
def test_a_study_has_one_voice(findings: list[Finding], direction: Assessed, counts: tuple[int, ...]) -> None:
    lines = [of(finding, name="a", result=f"result-{number}") for number, finding in enumerate(findings)]
    grade = assessed(ANY, *lines).grade
    assert grade.direction is direction
    assert (grade.studies_for, grade.studies_against, grade.without_difference, grade.in_part) == counts


def test_support_in_part_beside_full_support_is_for_and_beside_a_null_study_mixed() -> None:
    part = [of(LESS, name="a", result="one"), of(NULL, name="a", result="two")]
    assert graded(*part, of(LESS, name="b"))[0] is FOR
    assert graded(*part, of(NULL, name="b"))[0] is MIXED


def test_two_papers_of_one_trial_are_one_study_and_its_people_are_counted_once() -> None:
    papers = [study("a", participants=300, same_trial={"b"}), study("b", participants=310, same_trial={"a"})]
    grade = assessed(ANY, *(line(ANY, by=paper) for paper in papers)).grade
    assert (grade.studies_for, grade.people) == (1, 310)


def test_indirectness_is_the_mean_of_the_studies_rounded_half_down() -> None:
    def indirectness(*gaps: int) -> int:
        lines = []
        for place, gap in enumerate(gaps):
            more: dict[str, Any] = {"together": ["d3"]} if gap else {}
            by = study(str(place), participants=1000, populations={"men"} if gap > 1 else ())
            lines.append(line(women, by=by, **more))
        return assessed(women, *lines).grade.indirectness

    women = proposition(populations={"women"})
    assert indirectness(0, 1) == 0
    assert indirectness(0, 1, 1) == 1
    assert indirectness(1, 1) == 1
    assert indirectness(2, 2) == 2
    assert indirectness(1, 2) == 1


def test_the_closest_result_of_a_study_says_how_indirect_it_is() -> None:
    lines = [of(LESS, name="a", result="near"), of(LESS, name="a", result="far", together=["d3"])]
    assert assessed(ANY, *lines).grade.indirectness == 0


@pytest.mark.parametrize(
    ("case", "lines", "direction", "certainty"),
    [
        ("a cohort", [(LESS, 1000, COHORT)], FOR, MODERATE),
        ("pooled cohorts", [(LESS, 1000, POOLED_COHORTS)], FOR, HIGH),
        ("a small cohort", [(LESS, 300, COHORT)], FOR, LOW),
        ("a null cohort", [(NULL, 1000, COHORT)], AGAINST, MODERATE),
        ("a small null cohort", [(NULL, 300, COHORT)], UNCLEAR, None),
        ("two that differ", [(LESS, 1000, COHORT), (NULL, 1001, COHORT)], MIXED, LOW),
    ],
)
def test_an_association(case: str, lines: list[Any], direction: Assessed, certainty: Certainty | None) -> None:
    grade = assessed(
        SEEN, *(low_risk(*some[:2], design=some[2], about=SEEN, has_interval=False) for some in lines)
    ).grade
    assert (grade.direction, grade.certainty) == (direction, certainty), case


def test_an_association_whose_studies_nobody_assessed_is_one_step_lower() -> None:
    grade = assessed(SEEN, of(LESS, 1000, COHORT, about=SEEN)).grade
    assert (grade.bias, grade.certainty) == (1, LOW)


@pytest.mark.parametrize(
    ("designs", "finding", "certainty", "agreement"),
    [
        ([TRIAL], Finding.PRESENT, MODERATE, 0),
        ([TRIAL, RATS], Finding.PRESENT, HIGH, 1),
        ([RATS, CELLS], Finding.PRESENT, HIGH, 1),
        ([TRIAL, TRIAL], Finding.PRESENT, MODERATE, 0),
        ([TRIAL, REVIEW], Finding.PRESENT, MODERATE, 0),
        ([CELLS, REVIEW], Finding.PRESENT, LOW, 0),
        ([RATS, CELLS], Finding.ABSENT, MODERATE, 0),
    ],
)
def test_a_mechanism_that_independent_strands_show_is_one_step_firmer(
    designs: list[str], finding: Finding, certainty: Certainty, agreement: int
) -> None:
    lines = [
        of(finding, 20, design, f"{design}-{place}", about=ACTIVATES, has_interval=False)
        for place, design in enumerate(designs)
    ]
    grade = assessed(ACTIVATES, *lines).grade
    assert (grade.certainty, grade.agreement, grade.bias, grade.imprecision) == (certainty, agreement, 0, 0)


def test_strands_that_disagree_do_not_raise_certainty() -> None:
    lines = [of(MORE, 20, about=ACTIVATES), of(LESS, 20, RATS, about=ACTIVATES)]
    grade = assessed(ACTIVATES, *lines).grade
    assert (grade.direction, grade.agreement, grade.certainty) == (MIXED, 0, LOW)


def test_small_null_results_refute_neither_a_mechanism_nor_an_effect_in_animals() -> None:
    in_rats = proposition(models={"rat"})
    rats: list[Study] = [study(name, RATS, models={"rat"}, participants=30) for name in "ab"]
    assert assessed(in_rats, *(line(in_rats, NULL, by=by) for by in rats)).grade.direction is UNCLEAR
    found = assessed(in_rats, line(in_rats, MORE, by=rats[0])).grade
    assert (found.direction, found.certainty, found.imprecision) == (AGAINST, MODERATE, 0)
    assert assessed(ACTIVATES, of(NULL, 20, about=ACTIVATES)).grade.direction is UNCLEAR


@pytest.mark.parametrize(("people", "imprecision", "certainty"), [(19, 1, LOW), (20, 0, MODERATE)])
def test_kinetics_needs_twenty_people(people: int, imprecision: int, certainty: Certainty) -> None:
    about = proposition("mk7", "raises", "absorption", KINETICS)
    grade = assessed(about, of(Finding.PRESENT, people, about=about, exposures=["mk7"])).grade
    assert (grade.imprecision, grade.certainty) == (imprecision, certainty)


def test_what_an_authority_sets_is_not_indirect() -> None:
    intake = proposition("mk7", "hasRecommendedIntake", "120-ug", INTAKE)
    one = line(intake, Finding.ABSENT, by=study(design=GUIDELINE), exposures=["k"])
    assert assessed(intake, one).grade.certainty is HIGH


def test_nothing_searched_nothing_found_nothing_that_settles_and_too_vague() -> None:
    assert assessed(ANY).grade.direction is Assessed.NOT_SEARCHED
    assert assessed(ANY, searched={ANY.name}).grade.direction is Assessed.NONE_FOUND
    assert assessed(ANY, of(LESS, outcomes=["mood"])).grade.direction is UNCLEAR
    vague = proposition(kind="VagueProposition")
    found = all_assessed(vague, lines=[line(vague)], searched={vague.name}).by_proposition[vague.name]
    assert found.known.direction is Assessed.TOO_VAGUE
    assert found.known.certainty is None
