"""Runs the assessment of all propositions, and returns what it found as quads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kg.build.assess import composition, sensitivity
from kg.build.assess.applications import applications, narrower, observations
from kg.build.assess.composition import Decision
from kg.build.assess.deciding import Weighed, under_rows, weigh
from kg.build.assess.grading import Grade, grade
from kg.build.assess.reading.facts import Content, Facts, Proposition
from kg.build.assess.reading.terms import Assessed, Standing
from kg.build.assess.sensitivity import Sensitivity
from kg.build.assess.standing import Known, standing, verdict


@dataclass(frozen=True)
class Assessment:
    """The assessment of one proposition: by lines, and by rows where a usable row decides."""

    proposition: Proposition
    weighed: tuple[Weighed, ...]
    grade: Grade
    by_rows: Decision | None = None
    sensitivities: tuple[Sensitivity, ...] = ()

    @property
    def rows_decide(self) -> bool:
        """Whether table rows decide, not evidence lines."""
        return self.by_rows is not None and self.by_rows.direction is not Assessed.UNCLEAR

    @property
    def known(self) -> Known:
        """What is known of the proposition."""
        if self.by_rows is not None and self.rows_decide:
            return Known(self.by_rows.direction, self.by_rows.certainty)
        is_open = self.by_rows is not None and self.grade.direction in (Assessed.NONE_FOUND, Assessed.NOT_SEARCHED)
        direction = Assessed.UNCLEAR if is_open else self.grade.direction
        is_only_null = self.grade.without_difference > 0 and not self.grade.studies_against
        return Known(direction, self.grade.certainty, self.grade.indirectness > 0, is_only_null)


@dataclass
class Assessments:
    """Everything that was computed, by the names of propositions and claims."""

    by_proposition: dict[str, Assessment] = field(default_factory=dict)
    narrower: dict[str, set[str]] = field(default_factory=dict)
    observations: dict[str, set[str]] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    rests_on: dict[str, set[str]] = field(default_factory=dict)


def assess(facts: Facts, contents: Iterable[Content] = ()) -> Assessments:
    """Assesses every proposition, and compares every claim with the assessment of its own.

    Args:
        facts: what the graph records.
        contents: the measured contents of foods, for composition propositions.
    """
    found = Assessments(narrower=narrower(facts), observations=observations(facts))
    by_food = _by_food(facts, contents)
    applied = applications(facts, found.narrower, found.observations)
    for name, proposition in facts.propositions.items():
        weighed = weigh(facts, applied[name])
        graded = grade(facts, proposition, weighed)
        rows = None
        if proposition.type == "CompositionProposition":
            rows = composition.decide(facts, proposition, by_food[proposition.subject])
        assessment = Assessment(proposition, tuple(weighed), graded, rows)
        if assessment.rows_decide:
            assessment = replace(assessment, weighed=tuple(under_rows(weighed)))
        else:
            changes = sensitivity.sensitivities(facts, proposition, weighed, graded)
            assessment = replace(assessment, sensitivities=tuple(changes))
        found.by_proposition[name] = assessment
    for claim in facts.claims:
        assessment = found.by_proposition[claim.proposition]
        found.standings[claim.name] = standing(claim, assessment.proposition, assessment.known)
        found.verdicts[claim.name] = verdict(claim, assessment.known)
        rests = {name for name in claim.presupposes if not found.by_proposition[name].known.is_shown}
        if rests:
            found.rests_on[claim.name] = rests
    return found


def _by_food(facts: Facts, contents: Iterable[Content]) -> defaultdict[str, list[Content]]:
    found: defaultdict[str, list[Content]] = defaultdict(list)
    for content in contents:
        for food in facts.hierarchy.within(content.food):
            found[food].append(content)
    return found
