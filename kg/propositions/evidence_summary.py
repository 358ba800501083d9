"""The evidence on one proposition by design and by side, oriented by who is better off.

Where people are better or worse off if a proposition holds, its evidence is sorted into what helps and what harms, so
that "lowers the risk of fracture" and "raises it" read alike; elsewhere into for and against. A study that compared and
showed no difference stands on neither side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.propositions.evidence import StudyEvidence
from kg.propositions.index import PropositionSummary
from kg.reader.entity import Reference

# The sides, from good to bad or from for to against.
DEFICIENT = "deficientIntake"
HELPS, FOR, NO_DIFFERENCE, UNCLEAR, AGAINST, HARMS = "helps", "for", "noDifference", "unclear", "against", "harms"
# Where the result is about something else, its direction says nothing on this proposition.
ABOUT_SOMETHING_ELSE = {"otherOutcomeMeasured", "otherSubstance", "unknownRelation"}
_OPPOSITE_FOUND = {"foundMore", "foundLess"}
_OBSERVATIONS = {
    *("cohort-study", "meta-analysis-of-cohorts", "cross-sectional-study", "ecological-study", "case-report"),
}
_TITLES = {
    "cause": {HELPS: "helps", HARMS: "harms"},
    "association": {HELPS: "people fare better", HARMS: "people fare worse"},
}


@dataclass(frozen=True)
class StudyMark:
    """A study on one side of a proposition.

    Attributes:
        study: the study.
        decides: whether it decides the proposition; otherwise it is set aside.
        is_review: whether it is a review or guideline.
        notices: publications that warn about it.
    """

    study: Reference
    decides: bool
    is_review: bool
    notices: tuple[Reference, ...]


@dataclass(frozen=True)
class DesignRow:
    """A study design; ``sides`` has its studies by side, in the order of ``EvidenceSummary.sides``.

    ``is_observation`` is true where people were only observed, and something is said to help or harm.
    """

    design: Reference
    is_observation: bool
    sides: tuple[tuple[StudyMark, ...], ...]


_SECONDARY = "secondaryResult"


@dataclass(frozen=True)
class EvidenceSummary:
    """The evidence on one proposition.

    Attributes:
        sides: the sides with their titles.
        rows: the designs, the strongest first.
        left_out: the number of studies that are not shown, since they are about another substance or outcome.
    """

    sides: tuple[tuple[str, str], ...]
    rows: tuple[DesignRow, ...]
    left_out: int

    @property
    def by_side(self) -> tuple[tuple[str, str, tuple[StudyMark, ...]], ...]:
        """Each side with its name, its title and the studies of all designs, without sides that have none."""
        columns = (
            (name, title, tuple(mark for row in self.rows for mark in row.sides[place]))
            for place, (name, title) in enumerate(self.sides)
        )
        return tuple(column for column in columns if column[2])

    @property
    def is_observed_only(self) -> bool:
        """Whether something is said to help or harm, and nothing but observations of people bears on it."""
        of_people = [
            row.is_observation for row in self.rows if any(mark.decides for side in row.sides for mark in side)
        ]
        return bool(of_people) and all(of_people)

    @property
    def is_oriented(self) -> bool:
        """Whether the sides are what helps and what harms."""
        return self.sides[0][0] == HELPS

    @property
    def has_set_aside(self) -> bool:
        """Whether some study is set aside."""
        return any(not mark.decides for *_, marks in self.by_side for mark in marks)

    @property
    def has_review(self) -> bool:
        """Whether some study is a review."""
        return any(mark.is_review for *_, marks in self.by_side for mark in marks)

    @property
    def has_notice(self) -> bool:
        """Whether a warning about some study was published."""
        return any(mark.notices for *_, marks in self.by_side for mark in marks)


def side(one: StudyEvidence, benefit: int) -> str:
    """Returns the side of a result.

    Args:
        one: the result on a proposition.
        benefit: 1 if people are better off where the proposition holds, -1 if worse off, 0 if neither.
    """
    if one.direction == "noDifference":
        return NO_DIFFERENCE
    if one.direction not in ("supporting", "disputing"):
        return UNCLEAR
    is_for = one.direction == "supporting"
    if not benefit:
        return FOR if is_for else AGAINST
    if not is_for and one.finding not in _OPPOSITE_FOUND:
        # That a harm was not seen does not show a benefit, nor the reverse.
        return NO_DIFFERENCE
    return HELPS if is_for == (benefit > 0) else HARMS


def summarise(summary: PropositionSummary, evidence: Iterable[StudyEvidence]) -> EvidenceSummary | None:
    """Returns the evidence on a proposition by design and side; ``None`` if there is none to show."""
    every = list(evidence)
    shown = [one for one in every if one.decides or not ABOUT_SOMETHING_ELSE.intersection(one.reasons)]
    # A subgroup of a trial that showed no difference must not put the trial on the side of a benefit.
    with_main = {one.study.iri for one in shown if _SECONDARY not in one.reasons}
    shown = [one for one in shown if _SECONDARY not in one.reasons or one.study.iri not in with_main]
    sides = _sides(summary)
    marks: dict[str, dict[str, dict[str, StudyMark]]] = {}
    designs: dict[str, tuple[tuple[int, int], int, Reference]] = {}
    for one in sorted(shown, key=lambda each: not each.decides):
        designs.setdefault(one.design.iri, (one.strength, _pooled_last(one), one.design))
        by_study = marks.setdefault(one.design.iri, {}).setdefault(side(one, _benefit(summary)), {})
        by_study.setdefault(one.study.iri, StudyMark(one.study, one.decides, one.is_review, one.notices))
    if not marks:
        return None
    is_cause = _is_cause(summary)
    rows = [
        DesignRow(
            design,
            is_cause and _local(design.iri) in _OBSERVATIONS,
            tuple(_in_order(marks[design.iri].get(name, {})) for name, _ in sides),
        )
        for *_, design in sorted(designs.values(), key=lambda found: (*found[:2], found[2].label))
    ]
    named = {mark.study.iri for row in rows for one_side in row.sides for mark in one_side}
    return EvidenceSummary(sides, tuple(rows), len({one.study.iri for one in every} - named))


def _sides(summary: PropositionSummary) -> tuple[tuple[str, str], ...]:
    middle = ((NO_DIFFERENCE, "no difference shown"), (UNCLEAR, "unclear"))
    if not _benefit(summary):
        return ((FOR, "for"), *middle, (AGAINST, "against"))
    titles = _TITLES["cause" if _is_cause(summary) else "association"]
    return ((HELPS, titles[HELPS]), *middle, (HARMS, titles[HARMS]))


def _benefit(summary: PropositionSummary) -> int:
    """Returns by which benefit the evidence is sorted: 0 for what a lack does, since “a lack helps” would be read."""
    aspects = summary.roles.get("subjectAspect", ())
    return 0 if any(aspect.iri.endswith("#" + DEFICIENT) for aspect in aspects) else summary.benefit


def _is_cause(summary: PropositionSummary) -> bool:
    """Returns whether something is said to help or harm, and not only to go together with what does."""
    return bool(summary.benefit) and not summary.type.iri.endswith("#AssociationProposition")


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]


def _pooled_last(one: StudyEvidence) -> int:
    """Returns a sort key that puts pooled analyses before single studies of the same place on the ladder."""
    return int("/meta-analysis" not in one.design.iri)


def _in_order(marks: dict[str, StudyMark]) -> tuple[StudyMark, ...]:
    return tuple(sorted(marks.values(), key=lambda mark: (not mark.decides, mark.study.label)))
