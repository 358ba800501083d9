"""The cases that the design of the assessment names, one by one, and contradictions planted on purpose."""

from __future__ import annotations

from typing import Any

import pytest

from kg.build.assess.assess import Assessment
from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.facts import Content, Line, Proposition, Study
from kg.build.assess.reading.terms import Assessed, Finding, Route, Standing
from tests.kg.build.assess.small_facts import (
    ASSOCIATION,
    COHORT,
    COMPOSITION,
    HIGH,
    LOW,
    POOLED,
    POOLED_COHORTS,
    SAFETY,
    TRIAL,
    all_assessed,
    assessed,
    claim,
    line,
    micrograms,
    proposition,
    reasons,
    study,
)

ANY, MK4, MK7 = proposition(), proposition("mk4"), proposition("mk7")
FOR, AGAINST, MIXED, UNCLEAR = Assessed.FOR, Assessed.AGAINST, Assessed.MIXED, Assessed.UNCLEAR
LESS, MORE, NULL = Finding.LESS, Finding.MORE, Finding.NO_DIFFERENCE


def trial(
    about: Proposition, finding: Finding, people: int, name: str = "a", design: str = TRIAL, **more: Any
) -> Assessment:
    return assessed(about, line(about, finding, study(name, design, participants=people), **more))


def standing(polarity: str, hedge: str, about: Proposition, *lines: Line) -> Standing:
    found = all_assessed(about, lines=lines, claims=[claim(about, polarity, hedge)])
    return found.standings["claim-1"]


def by(name: str, people: int = 1000, design: str = TRIAL, **more: Any) -> Study:
    return study(name, design, participants=people, risk_of_bias=RiskOfBias.LOW, **more)


def test_a_claim_denies_what_is_shown_with_high_certainty() -> None:
    assert standing("denies", "states", ANY, line(ANY, by=by("a"))) is Standing.CONTRADICTED


def test_rarely_causes_where_the_evidence_is_against_harm() -> None:
    harm = proposition(predicate="causes", target="side-effect", kind=SAFETY)
    one = line(harm, Finding.ABSENT, by("a"))
    assert standing("denies", "states", harm, one) is Standing.CONSISTENT


@pytest.mark.parametrize("findings", [(LESS, NULL), (NULL, NULL), (MORE, MORE)])
def test_some_studies_do_not_confirm(findings: tuple[Finding, Finding]) -> None:
    lines = [line(ANY, finding, by(name)) for finding, name in zip(findings, "ab", strict=True)]
    assert standing("reportsDisagreement", "states", ANY, *lines) is Standing.CONSISTENT


def test_a_null_trial_of_148_people_alone_is_never_against() -> None:
    assert trial(ANY, NULL, 148).known.direction is UNCLEAR
    assert standing("affirms", "states", ANY, line(ANY, NULL, by("a", 148))) is Standing.UNVERIFIED


def test_a_null_pooled_analysis_of_6425_people_is_against() -> None:
    assert trial(ANY, NULL, 6425, design=POOLED).known.direction is AGAINST


def test_a_trial_of_mk_7_for_mk_4_is_listed_as_another_form() -> None:
    found = trial(MK4, LESS, 1000, exposures=["mk7"])
    assert reasons(found) == {"result-a": {"otherSubstance"}}
    assert found.known.direction is UNCLEAR


def test_a_trial_of_mk_7_for_vitamin_k2_decides_without_a_gap() -> None:
    found = trial(ANY, LESS, 1000, exposures=["mk7"])
    assert found.known.direction is FOR
    assert found.weighed[0].application.gaps.total == 0


def test_harm_of_the_vitamin_reaches_mk_7_and_benefit_does_not() -> None:
    harm, of_mk7 = (proposition(form, "causes", "side-effect", SAFETY) for form in ("k", "mk7"))
    one = line(harm, MORE, exposures=["k"])
    assert assessed(of_mk7, one, others=[harm]).known.direction is FOR
    assert assessed(MK7, line(ANY), others=[ANY]).known.direction is Assessed.NOT_SEARCHED


def test_hip_fracture_decides_for_fracture_but_fracture_not_for_hip_fracture() -> None:
    hip = proposition(target="hip-fracture")
    up = assessed(ANY, line(hip), others=[hip])
    assert (up.known.direction, up.weighed[0].application.route) == (FOR, Route.FROM_NARROWER)
    assert assessed(hip, line(ANY), others=[ANY]).weighed == ()


def test_a_cohort_on_heart_disease_says_nothing_of_calcification() -> None:
    seen, parent = (
        proposition(predicate="associatedWithLess", target=target, kind=ASSOCIATION)
        for target in ("chd", "vascular-disease")
    )
    calcification = proposition(target="calcification")
    one = line(seen, by=study(design=COHORT, participants=1000))
    found = all_assessed(seen, parent, calcification, proposition(target="vascular-disease"), lines=[one])
    assert found.by_proposition[calcification.name].known.direction is Assessed.NOT_SEARCHED
    assert found.by_proposition[parent.name].known.direction is FOR


def test_the_only_study_is_under_notice() -> None:
    found = assessed(ANY, line(ANY, by=study(is_under_notice=True, participants=1000)))
    assert found.known.direction is UNCLEAR
    assert reasons(found) == {"result-a": {"underNotice"}}


def test_one_study_for_and_against_is_mixed_only_alone() -> None:
    both = [line(ANY, LESS, by("a"), result="one"), line(ANY, MORE, by("a"), result="two")]
    assert assessed(ANY, *both).known.direction is MIXED
    assert assessed(ANY, *both, line(ANY, LESS, by("b"))).known.direction is FOR


def test_two_papers_of_one_trial_count_once() -> None:
    papers = [by("a", same_trial={"b"}), by("b", same_trial={"a"})]
    grade = assessed(ANY, *(line(ANY, by=paper) for paper in papers)).grade
    assert (grade.studies_for, grade.people) == (1, 1000)


def test_a_cohort_inside_a_pooled_analysis_is_set_aside() -> None:
    seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION)
    pooled = line(seen, by=by("p", design=POOLED_COHORTS, pools={"a"}))
    found = assessed(seen, pooled, line(seen, by=by("a", design=COHORT)))
    assert reasons(found) == {"result-p": set(), "result-a": {"pooledElsewhere"}}


def test_a_row_of_total_vitamin_k_decides_nothing_for_k2() -> None:
    rich = proposition("cheese", "contains", "k2", COMPOSITION, level="richLevel")
    found = assessed(rich, contents=[Content("cheese", "r", "k", 60.0, 60.0)])
    assert found.by_rows is None


@pytest.mark.parametrize(("limit", "expected"), [(0.5, AGAINST), (2.0, UNCLEAR)])
def test_a_row_below_detection_is_against_only_if_the_limit_is_less_than_a_trace(
    limit: float, expected: Assessed
) -> None:
    some = proposition("cheese", "contains", "k2", COMPOSITION, level="anyLevel")
    assert assessed(some, contents=[Content("cheese", "r", "k2", None, limit)]).known.direction is expected


def test_a_claim_on_ten_grams_where_the_study_has_ten_micrograms() -> None:
    ten_grams = proposition(amount=micrograms(7.0, 7.0, 10.0))
    one = line(ten_grams, amount=micrograms(7.0, 7.0, 0.00001))
    assert reasons(assessed(ten_grams, one)) == {"result-a": {"otherDoseStudied"}}


def test_two_opposite_trials() -> None:
    """A contradiction planted on purpose; the other rows of the design are in the other modules."""
    lines = [line(ANY, LESS, by("a")), line(ANY, MORE, by("b"))]
    found = assessed(ANY, *lines)
    assert (found.known.direction, found.known.certainty) == (MIXED, LOW)
    assert [(one.without.name, one.direction) for one in found.sensitivities if one.without] == [
        ("a", AGAINST),
        ("b", FOR),
    ]
    assert standing("affirms", "states", ANY, *lines) is Standing.OVERSTATED
    assert standing("denies", "states", ANY, *lines) is Standing.OVERSTATED
    assert standing("reportsDisagreement", "states", ANY, *lines) is Standing.CONSISTENT


def test_a_trial_and_cohorts_that_say_the_opposite() -> None:
    seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION)
    cause = line(ANY, MORE, by("t"))
    cohorts = line(seen, LESS, by("c", 90_000, POOLED_COHORTS))
    found = all_assessed(ANY, seen, lines=[cause, cohorts])
    assert found.by_proposition[ANY.name].known.direction is AGAINST
    assert found.by_proposition[seen.name].known.direction is FOR
    assert reasons(found.by_proposition[ANY.name])["result-c"] == {"lowerTier"}


def test_opposite_propositions_are_never_both_shown_by_one_result() -> None:
    lowers, raises = ANY, proposition(predicate="raises")
    for finding in Finding:
        pair = [assessed(one, line(one, finding, by("a"))).known.is_shown for one in (lowers, raises)]
        described = finding in (Finding.PRESENT,)
        assert described or not all(pair), finding


def test_safety_shown_for_one_form_is_not_safety_of_another() -> None:
    harms = [proposition(form, "causes", "side-effect", SAFETY) for form in ("mk4", "k2", "mk7")]
    safe = line(harms[0], Finding.ABSENT, by("a"), exposures=["mk4"])
    found = all_assessed(*harms, lines=[safe])
    assert [found.by_proposition[one.name].known.direction for one in harms[::2]] == [AGAINST, Assessed.NOT_SEARCHED]


def test_tables_that_contradict_a_study_decide_and_high_certainty_needs_two_rows() -> None:
    rich = proposition("cheese", "contains", "k2", COMPOSITION, level="richLevel")
    one = line(rich, Finding.PRESENT, study(design="food-analysis"), amount=micrograms(60.0, 60.0))
    rows = [Content("cheese", name, "k2", 3.0, 3.0) for name in "rs"]
    found = assessed(rich, one, contents=rows)
    assert (found.known.direction, found.known.certainty, found.rows_decide) == (AGAINST, HIGH, True)
