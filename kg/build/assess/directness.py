"""How far a line is from a proposition: in substance, people, outcome and dose, each computed from what both name."""

from __future__ import annotations

from dataclasses import dataclass

from kg.build.assess.reading.facts import DoseRange, Facts, Line, Proposition
from kg.build.assess.reading.hierarchy import OutcomeRelation
from kg.build.assess.reading.terms import Direction

# Types whose object is an outcome that a result measures.
_WITH_OUTCOME = ("EffectProposition", "AssociationProposition", "MechanismProposition", "SafetyProposition")
# Harm of a group of substances is taken for its members, so that a gap counts one step less; that it is safe is not.
_CAUTIOUS = ("SafetyProposition", "InteractionProposition", "AdviceProposition")
# Types in which the safety of one member of a group is a step away from that of the group. Which direction of an advice
# is the cautious one depends on its object, so that advice is left out.
_REASSURABLE = ("SafetyProposition", "InteractionProposition")
_REASSURING = "hasSafety"
_HELPFUL = "worksTogetherWith"
# Types that are about people if they name no model.
_IN_PEOPLE = ("EffectProposition", "AssociationProposition", "SafetyProposition")
# Types whose amounts are of the exposure, not of a food.
_PER_AMOUNT = ("EffectProposition", "AssociationProposition")
# Doses that differ by no more than this factor count as the same.
_SAME_DOSE = 1.5


@dataclass(frozen=True)
class Gaps:
    """The distance of a line from a proposition: 0 none, 1 indirect, 2 too far to decide."""

    substance: int = 0
    population: int = 0
    outcome: int = 0
    dose: int = 0
    missing: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The sum of the gaps."""
        return self.substance + self.population + self.outcome + self.dose

    @property
    def worst(self) -> int:
        """The largest gap."""
        return max(self.substance, self.population, self.outcome, self.dose)


def gaps(
    facts: Facts, proposition: Proposition, line: Line, relation: OutcomeRelation | None, direction: Direction
) -> Gaps:
    """Returns the gaps of a line for a proposition, and the facts that are missing to compute them.

    Args:
        facts: the hierarchy of topics.
        proposition: that to which the line applies.
        line: the evidence line.
        relation: how its outcome relates to the object, from ``outcome_relation``.
        direction: which way the line points.
    """
    outcome, missing = _outcome_gap(facts, proposition, line, relation)
    return Gaps(
        substance=_substance_gap(facts, proposition, line, is_cautious=warns(proposition, direction)),
        population=_population_gap(facts, proposition, line),
        outcome=outcome,
        dose=_dose_gap(proposition, line),
        missing=missing,
    )


def warns(proposition: Proposition, direction: Direction) -> bool:
    """Returns whether a line that points this way says of a proposition that something does harm."""
    harm = Direction.DISPUTING if proposition.predicate == _REASSURING else Direction.SUPPORTING
    return proposition.type in _CAUTIOUS and proposition.predicate != _HELPFUL and direction is harm


def outcome_relation(facts: Facts, proposition: Proposition, line: Line) -> OutcomeRelation | None:
    """Returns the closest relation between the outcomes of a result and the object of a proposition, if any."""
    target = affected(facts, proposition)
    found = [facts.hierarchy.relation(outcome, target) for outcome in sorted(line.result.outcomes)]
    known = [relation for relation in found if relation is not None]
    return min(known, key=lambda relation: relation.gap) if known else None


def affected(facts: Facts, proposition: Proposition) -> str:
    """Returns the topic on which the effect of a proposition falls; "" if the proposition compares and names none."""
    place = facts.hierarchy.falls_on.get(proposition.predicate, "object")
    if place == "subject":
        return proposition.subject
    return dict(proposition.qualifiers).get("outcome", "") if place == "outcome" else proposition.object


def acting(facts: Facts, proposition: Proposition) -> str:
    """Returns the topic that acts in a proposition: its subject, or the object of what depends on it."""
    is_inverse = facts.hierarchy.falls_on.get(proposition.predicate) == "subject"
    return proposition.object if is_inverse else proposition.subject


def _outcome_gap(
    facts: Facts, proposition: Proposition, line: Line, relation: OutcomeRelation | None
) -> tuple[int, tuple[str, ...]]:
    target = affected(facts, proposition)
    if proposition.type not in _WITH_OUTCOME or not target or not line.result.outcomes:
        return 0, ()
    if relation is not None:
        return relation.gap, ()
    unknown = sorted(name for name in line.result.outcomes if not facts.hierarchy.is_separate(name, target))
    return 2, tuple(f"how {name} relates to {target}" for name in unknown)


def _substance_gap(facts: Facts, proposition: Proposition, line: Line, *, is_cautious: bool) -> int:
    hierarchy, subject = facts.hierarchy, acting(facts, proposition)
    exposures = line.result.exposures or (line.study.substances if subject in hierarchy.substances else frozenset())
    if proposition.type == "CompositionProposition" or subject not in hierarchy.materials or not exposures:
        return 0
    # That one member is safe does not show that all of them are: harm of any of them is harm of the group.
    is_member_alone = proposition.type in _REASSURABLE and not is_cautious and subject not in exposures
    is_within = any(hierarchy.is_within(exposure, subject) for exposure in exposures)
    # A drug or supplement stands for what it holds; a whole food is wider than its part.
    is_within = is_within or any(
        hierarchy.is_within(component, subject)
        for exposure in exposures
        for component in hierarchy.components.get(exposure, ())
    )
    is_wider = any(
        hierarchy.is_within(subject, exposure) or exposure in hierarchy.wholes.get(subject, ())
        for exposure in exposures
    )
    together = line.result.together
    if subject in hierarchy.combinations:
        parts = hierarchy.components.get(subject, frozenset())
        given = exposures | together
        covered = {part for part in parts if any(hierarchy.is_within(exposure, part) for exposure in given)}
        return 0 if is_within or covered == parts else 1 if covered else 2
    if is_within:
        # A comparison with another dose or treatment shows less than one with nothing.
        return int(bool(together) or line.result.is_against_other or is_member_alone)
    if is_wider:
        return 0 if is_cautious else 1
    return 1 if is_cautious else 2


def _population_gap(facts: Facts, proposition: Proposition, line: Line) -> int:
    hierarchy = facts.hierarchy
    models = line.result.models | line.study.models
    if proposition.models:
        if any(hierarchy.is_within(model, wanted) for model in models for wanted in proposition.models):
            return 0
        return 1 if models else 2
    if models:
        # What animals or cells show of a mechanism is about the mechanism; of an effect, it is about them.
        return int(proposition.type in _IN_PEOPLE)
    people = line.study.populations
    if not proposition.populations or not people:
        return 0
    fits = any(
        hierarchy.is_within(studied, wanted) or hierarchy.is_within(wanted, studied)
        for studied in people
        for wanted in proposition.populations
    )
    return 0 if fits else 1


def _dose_gap(proposition: Proposition, line: Line) -> int:
    stated, found = proposition.amount, line.result.amount
    if stated is not None and stated.reference is not None and proposition.type in _PER_AMOUNT:
        # What is said per amount of exposure is about that amount alone.
        is_same = found and (found.reference, found.reference_unit) == (stated.reference, stated.reference_unit)
        return 0 if is_same else 2
    studied = line.result.doses or line.study.doses
    if not proposition.doses or not studied:
        return 0
    return 0 if any(_overlap(one, other) for one in proposition.doses for other in studied) else 1


def _overlap(one: DoseRange, other: DoseRange) -> bool:
    def ends(dose: DoseRange) -> tuple[float, float]:
        low, high = dose
        return (low or 0.0), (high if high is not None else float("inf"))

    low, high = ends(one)
    least, most = ends(other)
    return least <= high * _SAME_DOSE and most * _SAME_DOSE >= low
