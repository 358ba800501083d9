"""What decides a proposition, and for which reason each other line is set aside."""

from __future__ import annotations

from typing import Any

import pytest

from kg.build.assess.assess import Assessment
from kg.build.assess.reading.facts import Proposition, Study
from kg.build.assess.reading.terms import Assessed, Direction, Finding, SetAside
from tests.kg.build.assess.small_facts import (
    ADVICE,
    ANALYSIS,
    ASSOCIATION,
    CASE_REPORT,
    COHORT,
    GUIDELINE,
    INTAKE,
    POOLED,
    POOLED_COHORTS,
    RATS,
    TRIAL,
    all_assessed,
    assessed,
    level,
    line,
    micrograms,
    proposition,
    reasons,
    study,
)

ANY, MK4 = proposition(), proposition("mk4")
IN_RATS = proposition(models={"rat"})
PER_AMOUNT = proposition(amount=micrograms(None, None, 10.0))


@pytest.mark.parametrize(
    ("about", "given", "by", "expected"),
    [
        (ANY, {}, study(), set()),
        (ANY, {}, study(is_under_notice=True), {SetAside.UNDER_NOTICE}),
        (MK4, {"exposures": ["mk7"]}, study(), {SetAside.OTHER_SUBSTANCE}),
        (ANY, {"outcomes": ["mood"]}, study(), {SetAside.OTHER_OUTCOME}),
        (ANY, {"outcomes": ["inr"]}, study(), {SetAside.UNKNOWN_RELATION}),
        (PER_AMOUNT, {}, study(), {SetAside.OTHER_DOSE}),
        (IN_RATS, {}, study(design=RATS), {SetAside.OTHER_PEOPLE}),
        (IN_RATS, {}, study(models={"rat"}), {SetAside.NOT_ON_LADDER}),
        (ANY, {"judged": Direction.INCONCLUSIVE}, study(), {SetAside.DOES_NOT_SETTLE}),
        (ANY, {}, study(design="survey"), {SetAside.NOT_ON_LADDER}),
        (MK4, {"exposures": ["mk7"], "outcomes": ["mood"]}, study(is_under_notice=True, design="survey"),
         {SetAside.UNDER_NOTICE, SetAside.OTHER_SUBSTANCE, SetAside.OTHER_OUTCOME, SetAside.NOT_ON_LADDER}),
    ],
)  # fmt: skip
def test_a_line_is_set_aside_for_every_reason_that_holds(
    about: Any, given: dict[str, Any], by: Study, expected: set[SetAside]
) -> None:
    assert reasons(assessed(about, line(about, by=by, **given))) == {"result-a": {str(one) for one in expected}}


def test_the_best_tier_decides() -> None:
    trial, cohort, case = (line(ANY, by=study(design, design)) for design in (TRIAL, COHORT, CASE_REPORT))
    lower = {"lowerTier"}
    assert reasons(assessed(ANY, trial, cohort, case)) == {
        "result-trial": set(),
        "result-cohort": lower,
        "result-case-report": lower,
    }
    assert reasons(assessed(ANY, cohort, case)) == {"result-cohort": set(), "result-case-report": lower}


def test_a_better_design_that_decides_nothing_hides_no_other() -> None:
    other_form = line(MK4, by=study("t"), exposures=["mk7"])
    cohort = line(MK4, by=study("c", COHORT), exposures=["mk4"])
    assert reasons(assessed(MK4, other_form, cohort)) == {"result-t": {"otherSubstance"}, "result-c": set()}


def test_the_outcome_itself_comes_before_markers() -> None:
    marker, itself = line(ANY, by=study("m"), outcomes=["bmd"]), line(ANY, by=study("i"))
    assert reasons(assessed(ANY, marker, itself)) == {"result-m": {"markerOnly"}, "result-i": set()}
    assert reasons(assessed(ANY, marker)) == {"result-m": set()}


def test_a_marker_in_a_better_tier_comes_before_the_outcome_in_a_lower_one() -> None:
    marker, itself = line(ANY, Finding.MORE, by=study("m"), outcomes=["bmd"]), line(ANY, by=study("i", COHORT))
    assert reasons(assessed(ANY, marker, itself)) == {"result-m": set(), "result-i": {"lowerTier"}}


@pytest.mark.parametrize(
    ("pools", "same_trial", "pooled_outcome", "expected"),
    [
        ({"a"}, (), "fracture", {"pooledElsewhere"}),
        ({"a"}, (), "bone-disease", {"pooledElsewhere"}),
        ({"a"}, (), "hip-fracture", set()),
        ({"a"}, (), "bmd", set()),
        ({"other"}, (), "fracture", set()),
        ({"first-paper"}, ("first-paper",), "fracture", {"pooledElsewhere"}),
    ],
)
def test_a_study_inside_a_pooled_analysis_of_its_outcome_is_counted_there(
    pools: set[str], same_trial: tuple[str, ...], pooled_outcome: str, expected: set[str]
) -> None:
    about = proposition(kind=ASSOCIATION, predicate="associatedWithLess", target="bone-disease")
    by = study("a", COHORT, same_trial=same_trial)
    pooled = line(about, by=study("p", POOLED_COHORTS, pools=pools), outcomes=[pooled_outcome])
    found = reasons(assessed(about, line(about, by=by, outcomes=["fracture"]), pooled))
    assert found["result-a"] - {"markerOnly"} == expected


def test_a_study_inside_a_pooled_analysis_that_does_not_decide_is_counted_itself() -> None:
    pooled = line(ANY, by=study("p", POOLED, pools={"a"}, is_under_notice=True))
    assert reasons(assessed(ANY, line(ANY), pooled)) == {"result-a": set(), "result-p": {"underNotice"}}


def test_a_subgroup_gives_way_to_the_main_result_of_its_study() -> None:
    main, group = line(ANY, Finding.NO_DIFFERENCE), line(ANY, result="group", is_secondary=True)
    assert reasons(assessed(ANY, main, group)) == {"result-a": set(), "group": {"secondaryResult"}}
    assert reasons(assessed(ANY, group)) == {"group": set()}
    in_another = line(ANY, by=study("b"), result="main-of-b")
    assert reasons(assessed(ANY, group, in_another)) == {"group": set(), "main-of-b": set()}
    open_main = line(ANY, None)
    assert reasons(assessed(ANY, group, open_main)) == {"group": set(), "result-a": {"doesNotSettle"}}


def test_a_main_result_on_a_marker_does_not_hide_another_analysis_of_the_outcome_itself() -> None:
    marker, itself = line(ANY, Finding.MORE, outcomes=["bmd"]), line(ANY, result="itself", is_secondary=True)
    assert reasons(assessed(ANY, marker, itself)) == {"itself": set(), "result-a": {"markerOnly"}}


def test_what_an_authority_sets_for_the_vitamin_answers_what_it_sets_for_a_form() -> None:
    intake = proposition("mk7", "hasRecommendedIntake", "120-ug", INTAKE)
    one = line(intake, Finding.ABSENT, by=study(design=GUIDELINE), exposures=["k1"])
    assert reasons(assessed(intake, one)) == {"result-a": set()}
    advice = proposition("mk7", "improves", "bone-health", ADVICE)
    other = line(advice, Finding.ABSENT, by=study(design=GUIDELINE), exposures=["k1"])
    assert reasons(assessed(advice, other)) == {"result-a": {"otherSubstance"}}


def test_every_application_decides_or_has_a_reason() -> None:
    lines = [line(ANY, by=study(design, design), outcomes=[outcome], result=f"{design}-{outcome}")
             for design in (TRIAL, COHORT, RATS, "survey") for outcome in ("fracture", "bmd", "mood", "inr")]  # fmt: skip
    found = all_assessed(ANY, lines=lines).by_proposition[ANY.name]
    assert len(found.weighed) == len(lines)
    assert [one.application.line.result.name for one in found.weighed if one.decides] == ["trial-fracture"]
    assert all(one.decides or one.reasons for one in found.weighed)


def test_the_only_study_is_under_notice() -> None:
    found = assessed(ANY, line(ANY, by=study(is_under_notice=True)))
    assert found.known.direction is Assessed.UNCLEAR
    assert reasons(found) == {"result-a": {"underNotice"}}


def by_study(about: Proposition, finding: Finding = Finding.PRESENT, **more: Any) -> Assessment:
    return assessed(about, line(about, finding, study(design=ANALYSIS), **more))


@pytest.mark.parametrize(
    ("about", "given", "expected"),
    [
        (level("anyLevel"), {}, Assessed.FOR),
        (level("richLevel"), {}, Assessed.UNCLEAR),
        (level("richLevel"), {"amount": micrograms(60.0, 60.0)}, Assessed.FOR),
        (level("richLevel"), {"amount": micrograms(6.0, 8.0)}, Assessed.AGAINST),
        (level("richLevel"), {"amount": micrograms(6.0, 8.0), "outcomes": ["mk7"]}, Assessed.UNCLEAR),
        (level("richLevel"), {"amount": micrograms(60.0, 80.0), "outcomes": ["mk7"]}, Assessed.FOR),
        (level("richLevel"), {"amount": micrograms(60.0, 80.0), "outcomes": ["k1"]}, Assessed.UNCLEAR),
        (level("richLevel"), {"amount": micrograms(60.0, 80.0), "outcomes": ["k"]}, Assessed.UNCLEAR),
        (level("richLevel"), {"amount": micrograms(60.0, 80.0), "outcomes": ["k2", "natto"]}, Assessed.UNCLEAR),
        (level("richLevel"), {"amount": micrograms(60.0, 80.0), "outcomes": ["k2", "brie"]}, Assessed.FOR),
        (level("richLevel"), {"amount": micrograms(None, 8.0)}, Assessed.AGAINST),
        (level("anyLevel"), {"finding": Finding.MORE}, Assessed.UNCLEAR),
        (level("anyLevel"), {"finding": Finding.ABSENT}, Assessed.AGAINST),
        (level("richLevel", extent="someOfThem"), {"amount": micrograms(6.0, 8.0)}, Assessed.UNCLEAR),
        (level("richLevel", extent="someOfThem"), {"amount": micrograms(60.0, 80.0)}, Assessed.FOR),
        (level("anyLevel", extent="someOfThem"), {"finding": Finding.ABSENT}, Assessed.UNCLEAR),
    ],
)
def test_an_amount_that_a_study_found(about: Proposition, given: dict[str, Any], expected: Assessed) -> None:
    assert by_study(about, **given).known.direction is expected


def test_a_study_of_another_food_does_not_settle_it() -> None:
    found = by_study(level("anyLevel"), outcomes=["natto", "k2"])
    assert reasons(found) == {"result-a": {"doesNotSettle"}}
