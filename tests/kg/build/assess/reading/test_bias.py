"""The risk of bias of a study, from what reviews and appraisals judged of it."""

from __future__ import annotations

import pytest

from kg.build.assess.reading.bias import CORE_DOMAINS, BiasAssessment, RiskOfBias, most_severe

LOW, SOME, HIGH = RiskOfBias.LOW, RiskOfBias.SOME_CONCERNS, RiskOfBias.HIGH
ONE = frozenset({"allocationConcealment"})
REST = CORE_DOMAINS - ONE
LOW_OVERALL, HIGH_OVERALL = BiasAssessment(LOW), BiasAssessment(HIGH)
LOW_IN_ONE, HIGH_IN_ONE = BiasAssessment(low=ONE), BiasAssessment(high=ONE)


@pytest.mark.parametrize(
    ("case", "assessment", "judged"),
    [
        ("a judgement of the whole", LOW_OVERALL, LOW),
        ("a judgement of the whole counts before domains", BiasAssessment(LOW, high=ONE), LOW),
        ("all domains low", BiasAssessment(low=CORE_DOMAINS), LOW),
        ("all domains, and another, low", BiasAssessment(low=CORE_DOMAINS | {"otherDomain"}), LOW),
        ("all domains judged, one of some concern", BiasAssessment(low=REST, some_concerns=ONE), SOME),
        ("all domains judged, one high", BiasAssessment(low=REST, high=ONE), HIGH),
        ("one domain low, the others not judged", LOW_IN_ONE, None),
        ("all domains but one low", BiasAssessment(low=REST), None),
        ("one domain of some concern, the others not judged", BiasAssessment(some_concerns=ONE), SOME),
        ("one domain high, the others not judged", HIGH_IN_ONE, SOME),
        ("nothing judged", BiasAssessment(), None),
    ],
)
def test_what_an_assessment_judges(case: str, assessment: BiasAssessment, judged: RiskOfBias | None) -> None:
    assert assessment.judged is judged


@pytest.mark.parametrize(
    ("case", "assessments", "counts"),
    [
        ("none", [], None),
        ("two that agree", [LOW_OVERALL, LOW_OVERALL], LOW),
        ("two that disagree", [LOW_OVERALL, HIGH_OVERALL], HIGH),
        ("the other order", [HIGH_OVERALL, LOW_OVERALL], HIGH),
        ("one that leaves it open", [LOW_OVERALL, LOW_IN_ONE], LOW),
        ("one that finds a domain high", [LOW_OVERALL, HIGH_IN_ONE], SOME),
        ("only one that leaves it open", [LOW_IN_ONE], None),
    ],
)
def test_the_most_severe_assessment_counts(
    case: str, assessments: list[BiasAssessment], counts: RiskOfBias | None
) -> None:
    assert most_severe(assessments) is counts
