"""Which way a line points: from the finding of its result and the sense of the predicate."""

from __future__ import annotations

from kg.build.assess import composition, directness
from kg.build.assess.reading.facts import Facts, Line, Proposition
from kg.build.assess.reading.hierarchy import OutcomeRelation
from kg.build.assess.reading.terms import Direction, Finding

_DESCRIBED = {
    Finding.PRESENT: Direction.SUPPORTING,
    Finding.ABSENT: Direction.DISPUTING,
    Finding.UNSETTLED: Direction.INCONCLUSIVE,
    Finding.NO_DIFFERENCE: Direction.NO_DIFFERENCE,
    Finding.EQUIVALENT: Direction.DISPUTING,
}
_UNCHANGED = {
    Finding.MORE: Direction.DISPUTING,
    Finding.LESS: Direction.DISPUTING,
    # That no difference was shown does not show that there is none.
    Finding.NO_DIFFERENCE: Direction.INCONCLUSIVE,
    Finding.EQUIVALENT: Direction.SUPPORTING,
}
_SIGNS = {Finding.MORE: 1, Finding.LESS: -1}
# A lack of the subject does the opposite of the subject.
_LACKING = "deficientIntake"
_LACK = "deficiency"


def direction(facts: Facts, proposition: Proposition, line: Line, relation: OutcomeRelation | None) -> Direction:
    """Returns the direction of a line for a proposition.

    Args:
        facts: the senses of predicates and the desirability of outcomes.
        proposition: that to which the line applies.
        line: the evidence line.
        relation: how its outcome relates to the object; ``None`` if unknown.
    """
    if line.judged is not None:
        return line.judged
    finding = line.result.finding
    if proposition.type == "CompositionProposition":
        decided = composition.of_result(facts, proposition, line)
        if decided is not None:
            return decided
    if finding is None:
        return Direction.INCONCLUSIVE
    if finding in (Finding.PRESENT, Finding.ABSENT, Finding.UNSETTLED):
        return _DESCRIBED[finding]
    return _by_change(facts, proposition, line, relation, finding)


def _by_change(
    facts: Facts, proposition: Proposition, line: Line, relation: OutcomeRelation | None, finding: Finding
) -> Direction:
    """Returns the direction of a result that compares: more, less, as much, or no difference shown."""
    place = facts.hierarchy.falls_on.get(proposition.predicate, "object")
    if place == "outcome" or (place == "subject" and not _is_about_lack(line)):
        # A change with more of one thing does not compare two, and does not show that it is needed.
        return Direction.INCONCLUSIVE
    if facts.hierarchy.senses.get(proposition.predicate) == "senseNoChange":
        return _UNCHANGED[finding]
    if finding in _DESCRIBED:
        return _DESCRIBED[finding]
    wanted = _wanted(facts, proposition, line, relation)
    if wanted is None:
        # A change is what a predicate without a sense speaks of: regulates, influences, depends on.
        return Direction.SUPPORTING
    if wanted == 0:
        return Direction.INCONCLUSIVE
    return Direction.SUPPORTING if _SIGNS[finding] == wanted else Direction.DISPUTING


def _wanted(facts: Facts, proposition: Proposition, line: Line, relation: OutcomeRelation | None) -> int | None:
    """Returns the sign of the change of the outcome that the proposition predicts; 0 if unknown, ``None`` for any."""
    hierarchy = facts.hierarchy
    sense = hierarchy.senses.get(proposition.predicate, "")
    if not sense:
        return None
    if sense in ("senseBetter", "senseWorse"):
        goods = {hierarchy.good(outcome) for outcome in line.result.outcomes}
        good = goods.pop() if len(goods) == 1 else 0
        # What neither helps nor harms as such counts by what it marks.
        wanted = (
            relation.sign * (hierarchy.good(directness.affected(facts, proposition)) or 1)
            if good == 0 and relation
            else good
        )
        wanted = wanted if sense == "senseBetter" else -wanted
    else:
        sign = relation.sign if relation else 1
        wanted = sign if sense == "senseMore" else -sign
    return -wanted if _reverses(proposition, line) else wanted


def _reverses(proposition: Proposition, line: Line) -> bool:
    """Returns whether one is about a lack, and the other about more, of the same."""
    is_lack_claimed = _LACKING in proposition.aspects or _LACK in proposition.subject
    return is_lack_claimed != _is_about_lack(line)


def _is_about_lack(line: Line) -> bool:
    return any(_LACK in name for name in line.result.exposures)
