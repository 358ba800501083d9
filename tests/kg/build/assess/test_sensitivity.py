"""What would change an assessment."""

from __future__ import annotations

from typing import Any

from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.facts import Line, Study
from kg.build.assess.reading.terms import Assessed, Finding
from kg.build.assess.sensitivity import LOW_RISK
from tests.kg.build.assess.small_facts import COHORT, HIGH, LOW, MODERATE, POOLED, assessed, line, proposition, study

ANY = proposition()


def found(*lines: Line) -> list[tuple[str, str, Assessed, object]]:
    some = assessed(ANY, *lines).sensitivities
    return [(one.without.name if one.without else "", one.fact, one.direction, one.certainty) for one in some]


def by(name: str, **more: Any) -> Study:
    return study(name, participants=1000, risk_of_bias=RiskOfBias.LOW, **more)


def test_leaving_out_either_of_two_opposite_trials_settles_it() -> None:
    lines = line(ANY, by=by("a")), line(ANY, Finding.MORE, by("b"))
    assert found(*lines) == [("a", "", Assessed.AGAINST, HIGH), ("b", "", Assessed.FOR, HIGH)]


def test_a_study_without_which_nothing_changes_is_not_named() -> None:
    assert found(line(ANY, by=by("a")), line(ANY, by=by("b"))) == []


def test_all_publications_of_a_trial_are_left_out_together() -> None:
    lines = line(ANY, by=by("a", same_trial={"b"})), line(ANY, by=by("b", same_trial={"a"}))
    assert found(*lines) == [("a", "", Assessed.NOT_SEARCHED, None)]


def test_without_the_best_tier_the_next_one_decides() -> None:
    lines = line(ANY, by=by("a")), line(ANY, Finding.MORE, by("c", design=COHORT))
    assert found(*lines) == [("a", "", Assessed.AGAINST, LOW)]


def test_without_a_pooled_analysis_its_studies_count() -> None:
    pooled = line(ANY, Finding.NO_DIFFERENCE, by("p", design=POOLED, pools={"a"}))
    assert found(pooled, line(ANY, by=by("a"))) == [("p", "", Assessed.FOR, HIGH)]


def test_a_low_risk_of_bias_would_raise_certainty() -> None:
    one = line(ANY)
    assert assessed(ANY, one).known.certainty is MODERATE
    assert ("", LOW_RISK, Assessed.FOR, HIGH) in found(one)


def test_where_certainty_could_not_rise_nothing_is_said_of_bias() -> None:
    lines = line(ANY), line(ANY, Finding.MORE, study("b", participants=1000))
    assert [one[0] for one in found(*lines)] == ["a", "b"]
