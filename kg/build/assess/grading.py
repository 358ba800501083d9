"""Direction and certainty of a proposition, from the applications that decide it.

A trial has one voice: where it supports a proposition with one result and not with another, it counts as supporting in
part. A result that shows the opposite speaks against a proposition. One that shows no difference disagrees with one
that shows a difference, but speaks against a proposition only if it is pooled or has enough people.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from kg.build.assess.deciding import Weighed
from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.facts import Facts, Proposition, Study
from kg.build.assess.reading.terms import Assessed, Certainty, Direction

# Fewer people than these count as imprecise; fewer than the first cannot show that there is no effect.
ENOUGH_PEOPLE = 400
FEW_PEOPLE = 100
FEW_PEOPLE_KINETICS = 20
_MOST_STEPS_INDIRECT = 2
# Tiers whose studies are large enough for their number of people to matter.
_PRECISE_TIERS = 2
_COMPARATIVE = ("EffectProposition", "AssociationProposition")
# Reviews and authorities rest on other strands of evidence, so that they are not one more that agrees.
_NOT_INDEPENDENT = {"", "reviewStrand"}


@dataclass(frozen=True)
class Grade:
    """The assessment of one proposition by evidence lines, with each step that led to it."""

    direction: Assessed
    certainty: Certainty | None = None
    start: Certainty | None = None
    tier: int | None = None
    bias: int = 0
    imprecision: int = 0
    inconsistency: int = 0
    indirectness: int = 0
    agreement: int = 0
    cap: Certainty | None = None
    studies_for: int = 0
    studies_against: int = 0
    without_difference: int = 0
    in_part: int = 0
    people: int = 0


@dataclass
class _Voices:
    supporting: set[str] = field(default_factory=set)
    disputing: set[str] = field(default_factory=set)
    no_difference: set[str] = field(default_factory=set)

    @property
    def in_part(self) -> set[str]:
        return self.supporting & (self.disputing | self.no_difference)


def grade(facts: Facts, proposition: Proposition, weighed: list[Weighed]) -> Grade:
    """Assesses one proposition by its weighed applications."""
    deciding = [one for one in weighed if one.decides]
    if proposition.type == "VagueProposition":
        return Grade(Assessed.TOO_VAGUE)
    if not deciding:
        is_searched = proposition.name in facts.searched
        nothing = Assessed.NONE_FOUND if is_searched else Assessed.NOT_SEARCHED
        return Grade(Assessed.UNCLEAR if weighed else nothing)
    return _grade(proposition, deciding)


def _grade(proposition: Proposition, deciding: list[Weighed]) -> Grade:
    studies = {one.application.line.study.name: one.application.line.study for one in deciding}
    tier = min(one.rung.tier for one in deciding if one.rung)
    start = max(one.rung.start for one in deciding if one.rung)
    voices = _voices(deciding)
    pro, con = len(voices.supporting - voices.in_part), len(voices.disputing - voices.in_part)
    null = len(voices.no_difference - voices.in_part - voices.disputing)
    in_part = len(voices.in_part)
    is_mixed = bool((pro or in_part) and (con or null)) or bool(in_part and not pro)
    people, is_pooled = _people(studies), any(_pools_many(study) for study in studies.values())
    can_refute = _can_refute(proposition, deciding, tier)
    direction = _direction(pro=pro, con=con, is_mixed=is_mixed, can_refute=can_refute)
    counted = Grade(
        direction,
        tier=tier,
        studies_for=pro,
        studies_against=con,
        without_difference=null,
        in_part=in_part,
        people=people,
    )
    if direction is Assessed.UNCLEAR:
        return counted
    bias = _bias(proposition, studies, tier)
    imprecision = _imprecision(proposition, deciding, tier, people, is_pooled=is_pooled, is_mixed=is_mixed)
    indirectness = _indirectness(proposition, deciding)
    agreement = int(
        proposition.type == "MechanismProposition"
        and len({study.strand for study in studies.values()} - _NOT_INDEPENDENT) > 1
        and not (con or null or in_part)
    )
    cap = Certainty.LOW if is_mixed else None
    steps = start - bias - imprecision - int(is_mixed) - indirectness + agreement
    return replace(
        counted,
        certainty=Certainty(max(1, min(steps, cap or Certainty.HIGH))),
        start=start,
        bias=bias,
        imprecision=imprecision,
        inconsistency=int(is_mixed),
        indirectness=indirectness,
        agreement=agreement,
        cap=cap if cap is not None and steps > cap else None,
    )


def _voices(deciding: list[Weighed]) -> _Voices:
    voices = _Voices()
    sides = {
        Direction.SUPPORTING: voices.supporting,
        Direction.DISPUTING: voices.disputing,
        Direction.NO_DIFFERENCE: voices.no_difference,
    }
    for one in deciding:
        sides[one.application.direction].add(one.application.line.study.trial)
    return voices


def _direction(*, pro: int, con: int, is_mixed: bool, can_refute: bool) -> Assessed:
    if is_mixed:
        return Assessed.MIXED
    if pro:
        return Assessed.FOR
    return Assessed.AGAINST if con or can_refute else Assessed.UNCLEAR


def _can_refute(proposition: Proposition, deciding: list[Weighed], tier: int) -> bool:
    """Returns whether results that show no difference are enough to speak against a proposition.

    They must be about just what it says, and pooled or of enough people. Observations can suggest that something has no
    effect, but only trials can show it.
    """
    direct = {
        one.application.line.study.name: one.application.line.study
        for one in deciding
        if one.application.gaps.total == 0
    }
    is_large = any(_pools_enough(study) for study in direct.values()) or _people(direct) >= ENOUGH_PEOPLE
    return is_large and (proposition.type != "EffectProposition" or tier == 1)


def _people(studies: dict[str, Study]) -> int:
    largest: defaultdict[str, int] = defaultdict(int)
    for study in studies.values():
        largest[study.trial] = max(largest[study.trial], study.participants)
    return sum(largest.values())


def _pools_enough(study: Study) -> bool:
    """Returns whether a study pools others and is known to have enough people to show that there is no effect."""
    return study.is_pooled and study.participants >= ENOUGH_PEOPLE


def _pools_many(study: Study) -> bool:
    """Returns whether a study pools others, and not just a few people as far as recorded.

    How precisely a pooled effect is known shows in its interval as well, so an unknown size is not held against it.
    """
    return _pools_enough(study) or (study.is_pooled and not study.participants)


def _bias(proposition: Proposition, studies: dict[str, Study], tier: int) -> int:
    """Returns 1 unless at least half of the studies have a low risk of bias in a cited assessment."""
    if proposition.type not in _COMPARATIVE or proposition.models or tier != 1:
        return 0
    low = sum(study.risk_of_bias is RiskOfBias.LOW for study in studies.values())
    return int(low * 2 < len(studies))


def _imprecision(
    proposition: Proposition, deciding: list[Weighed], tier: int, people: int, *, is_pooled: bool, is_mixed: bool
) -> int:
    if proposition.type == "KineticsProposition":
        return int(people < FEW_PEOPLE_KINETICS)
    if proposition.type not in _COMPARATIVE or proposition.models or tier > _PRECISE_TIERS:
        return 0
    if not is_pooled and people < FEW_PEOPLE:
        return 2
    if not is_pooled and people < ENOUGH_PEOPLE:
        return 1
    lacks_interval = not any(one.application.line.result.has_interval for one in deciding)
    return int(proposition.type == "EffectProposition" and tier == 1 and not is_mixed and lacks_interval)


def _indirectness(proposition: Proposition, deciding: list[Weighed]) -> int:
    """Returns the mean gap of the deciding studies, each by its closest result, rounded half down, at most 2."""
    if proposition.type == "IntakeProposition":
        return 0
    closest: dict[str, int] = {}
    for one in deciding:
        trial, gap = one.application.line.study.trial, one.application.gaps.total
        closest[trial] = min(gap, closest.get(trial, gap))
    return min(_MOST_STEPS_INDIRECT, (2 * sum(closest.values()) + len(closest) - 1) // (2 * len(closest)))
