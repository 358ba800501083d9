"""The lines that apply to each proposition, by which route, in which direction and how directly.

A route follows a relation between two propositions: one is narrower than the other, or an association that observes
what the other says is caused.

A line applies to its own proposition; up, to broader ones; down, only to other people or another dose of the same
substance and outcome, or on harm to other forms as well; and from an association to the causal proposition behind it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations

from kg.build.assess import directness
from kg.build.assess.direction import direction
from kg.build.assess.directness import Gaps
from kg.build.assess.reading.facts import Facts, Line, Proposition
from kg.build.assess.reading.hierarchy import Hierarchy
from kg.build.assess.reading.terms import Direction, Route

_OF_HARM = ("SafetyProposition", "InteractionProposition")
_COMPARABLE = ("EffectProposition", "AssociationProposition", "MechanismProposition", *_OF_HARM)
_LACKING = "deficientIntake"


@dataclass(frozen=True)
class Application:
    """A line as it applies to one proposition."""

    line: Line
    proposition: Proposition
    route: Route
    direction: Direction
    gaps: Gaps


def applications(
    facts: Facts, narrower: dict[str, set[str]], observations: dict[str, set[str]]
) -> dict[str, list[Application]]:
    """Returns the applications to each proposition.

    Args:
        facts: the lines and propositions.
        narrower: for each proposition, the broader ones.
        observations: for each association, the causal propositions.
    """
    broader_of: defaultdict[str, set[str]] = defaultdict(set)
    for name, wider in narrower.items():
        for other in wider:
            broader_of[other].add(name)
    found: defaultdict[str, list[Application]] = defaultdict(list)
    own = {(line.proposition, line.result.name) for line in facts.lines}
    # A result may have lines on several propositions from which it travels; it arrives once.
    arrived: set[tuple[str, str, Direction | None]] = set()
    for line in facts.lines:
        for name, route in _reached(facts, line, narrower, broader_of, observations).items():
            key = (name, line.result.name, line.judged)
            if route is not Route.OWN and (key[:2] in own or key in arrived):
                continue
            arrived.add(key)
            found[name].append(_apply(facts, facts.propositions[name], line, route))
    return {name: found[name] for name in facts.propositions}


def _reached(
    facts: Facts,
    line: Line,
    narrower: dict[str, set[str]],
    broader_of: dict[str, set[str]],
    observations: dict[str, set[str]],
) -> dict[str, Route]:
    own = facts.propositions[line.proposition]
    reached = dict.fromkeys(sorted(observations.get(own.name, ())), Route.FROM_ASSOCIATION)
    for name in sorted(broader_of.get(own.name, ())):
        below = facts.propositions[name]
        if below.object == own.object and (below.subject == own.subject or own.type in _OF_HARM):
            reached[name] = Route.FROM_BROADER
    reached |= dict.fromkeys(sorted(narrower.get(own.name, ())), Route.FROM_NARROWER)
    return {**reached, own.name: Route.OWN}


def _apply(facts: Facts, proposition: Proposition, line: Line, route: Route) -> Application:
    relation = directness.outcome_relation(facts, proposition, line)
    points = direction(facts, proposition, line, relation)
    return Application(line, proposition, route, points, directness.gaps(facts, proposition, line, relation, points))


def narrower(facts: Facts) -> dict[str, set[str]]:
    """Returns, for each proposition, those that say the same of a wider subject, outcome, population or dose."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    groups: defaultdict[tuple[object, ...], list[Proposition]] = defaultdict(list)
    for proposition in facts.propositions.values():
        if proposition.type in _COMPARABLE:
            key = (proposition.type, proposition.predicate, proposition.models, proposition.aspects)
            groups[(*key, proposition.qualifiers)].append(proposition)
    for group in groups.values():
        for one, other in permutations(group, 2):
            if _is_narrower(facts.hierarchy, one, other):
                found[one.name].add(other.name)
    return dict(found)


def observations(facts: Facts) -> dict[str, set[str]]:
    """Returns, for each association, the causal propositions for which it is observational evidence."""
    hierarchy = facts.hierarchy
    causes = [
        proposition
        for proposition in facts.propositions.values()
        if proposition.type == "EffectProposition"
        and not proposition.models
        and _LACKING not in proposition.aspects
        and not proposition.qualifiers
    ]
    found: defaultdict[str, set[str]] = defaultdict(set)
    for seen in facts.propositions.values():
        counterparts = hierarchy.counterparts.get(seen.predicate, frozenset())
        if seen.type != "AssociationProposition" or not counterparts or seen.qualifiers or _LACKING in seen.aspects:
            continue
        for cause in causes:
            if not hierarchy.is_within(seen.subject, cause.subject) or not cause.populations <= seen.populations:
                continue
            is_same = cause.predicate in counterparts and hierarchy.is_within(seen.object, cause.object)
            if is_same or _impairs(hierarchy, seen, cause, counterparts):
                found[seen.name].add(cause.name)
    return dict(found)


def _impairs(hierarchy: Hierarchy, seen: Proposition, cause: Proposition, counterparts: frozenset[str]) -> bool:
    """Returns whether a lower risk of a condition is what an improvement of the function that it impairs would show."""
    if cause.predicate != "improves" or "decreasesRiskOf" not in counterparts:
        return False
    return any(
        cause.object == function
        for name in hierarchy.within(seen.object)
        for function in hierarchy.impaired.get(name, ())
    )


def _is_narrower(hierarchy: Hierarchy, one: Proposition, other: Proposition) -> bool:
    if one.doses != other.doses and other.doses:
        return False
    if not hierarchy.is_within(one.subject, other.subject) or not hierarchy.is_within(one.object, other.object):
        return False
    return all(any(hierarchy.is_within(group, wider) for group in one.populations) for wider in other.populations)
