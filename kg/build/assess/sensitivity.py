"""What would change an assessment: leaving out one study, or learning a fact that is not recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.build.assess.applications import Application
from kg.build.assess.deciding import Weighed, weigh
from kg.build.assess.grading import Grade, grade
from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.facts import Facts, Proposition, Study
from kg.build.assess.reading.terms import Assessed, Certainty

LOW_RISK = "a cited assessment finds the risk of bias of the deciding studies low"


@dataclass(frozen=True)
class Sensitivity:
    """One change of the facts, and the assessment that would follow from it."""

    direction: Assessed
    certainty: Certainty | None
    without: Study | None = None
    fact: str = ""


def sensitivities(
    facts: Facts, proposition: Proposition, weighed: list[Weighed], graded: Grade
) -> Iterator[Sensitivity]:
    """Yields the single changes that would change the direction of a proposition, or raise its certainty.

    Args:
        facts: what the graph records.
        proposition: the proposition.
        weighed: its applications.
        graded: its assessment as it is.
    """
    studies = {one.application.line.study.name: one.application.line.study for one in weighed if one.decides}
    applications = [one.application for one in weighed]
    for trial, study in sorted({study.trial: study for _, study in sorted(studies.items(), reverse=True)}.items()):
        rest = [application for application in applications if application.line.study.trial != trial]
        then = grade(facts, proposition, weigh(facts, rest))
        if then.direction is not graded.direction:
            yield Sensitivity(then.direction, then.certainty, without=study)
    if graded.bias:
        rated = [_with_low_risk(application, studies) for application in applications]
        then = grade(facts, proposition, weigh(facts, rated))
        if then.certainty != graded.certainty:
            yield Sensitivity(then.direction, then.certainty, fact=LOW_RISK)


def _with_low_risk(application: Application, studies: dict[str, Study]) -> Application:
    line = application.line
    if line.study.name not in studies:
        return application
    return replace(application, line=replace(line, study=replace(line.study, risk_of_bias=RiskOfBias.LOW)))
