"""The shortest ways from one thing to another, with the relation or the claims of each step.

The search goes level by level and is bounded: in steps, in the things that it follows, and in the ways that it tells.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.reader.entity import Reference
from kg.reader.reader import Reader

MOST_STEPS, MOST_FOLLOWED, MOST_WAYS = 4, 600, 5
# Relations between topics; statements on statements, amounts and food tables lead from anything to anything.
RELATIONS = (
    *("counteracts", "hasCofactor", "hasComponent", "hasSymptom", "inhibits", "isCarboxylatedBy", "isFormOf"),
    *("isKindOf", "isMadeBy", "isMadeFrom", "isMarkerOf", "isPartOf", "isStateOf", "mayCounteract"),
    *("modelsCondition", "needs", "occursIn", "supplies", "takesPartIn"),
)


@dataclass(frozen=True)
class Step:
    """One step: ``forward`` tells whether the relation goes from ``start`` to ``end``.

    ``claims`` state it, each with how it stands against studies; where there is none, curators stated the relation or
    a rule concluded it.
    """

    start: Reference
    relation: Reference
    end: Reference
    forward: bool
    claims: tuple[tuple[Reference, Reference | None], ...]


Edge = tuple[str, str, bool]
Reached = dict[str, dict[Edge, set[str]]]
PathSteps = list[tuple[str, Edge]]


def find(reader: Reader, start: str, end: str, steps: int = MOST_STEPS) -> list[tuple[Step, ...]]:
    """The shortest ways between two things, at most ``MOST_WAYS``; none where ``steps`` do not suffice.

    Args:
        reader: the release in which both are.
        start, end: IRIs.
        steps: how long a way may be.
    """
    # For each thing that was reached: from where, by which relation in which direction, and the claims that say so.
    reached: Reached = {start: {}}
    frontier = [start]
    for _ in range(min(steps, MOST_STEPS)):
        if end in reached or not frontier:
            break
        new: defaultdict[str, defaultdict[Edge, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in reader.run("pages/path-steps", {"entities": frontier, "relations": _relations(reader)}):
            there = row["there"].value
            if there not in reached and there.startswith(reader.vocabulary.entities):
                edge = (row["here"].value, row["relation"].value, row["forward"].value == "true")
                new[there][edge].update([row["claim"].value] if "claim" in row else [])
        reached |= new
        frontier = sorted(new)[: MOST_FOLLOWED - min(len(reached) - len(new), MOST_FOLLOWED)]
    if end not in reached or start == end:
        return []
    ways = _paths(reached, start, end)
    return _described(reader, ways, reached)


def _relations(reader: Reader) -> list[str]:
    return [reader.vocabulary.term(name) for name in RELATIONS]


def _paths(reached: Reached, start: str, end: str) -> list[PathSteps]:
    """Ways as steps (thing reached, edge by which), those with claims for most steps first."""
    ways: list[PathSteps] = [[]]
    while ways and _here(ways[0], end) != start:
        longer = [
            [(entity_iri, edge), *way]
            for way in ways
            if (entity_iri := _here(way, end))
            for edge in sorted(reached[entity_iri], key=lambda edge: (not reached[entity_iri][edge], edge))[:MOST_WAYS]
        ]
        ways = sorted(longer, key=lambda way: sum(not reached[entity_iri][edge] for entity_iri, edge in way))[
            : MOST_WAYS * 4
        ]
    return ways[:MOST_WAYS]


def _here(way: PathSteps, end: str) -> str:
    return way[0][1][0] if way else end


def _described(
    reader: Reader,
    ways: list[PathSteps],
    reached: Reached,
) -> list[tuple[Step, ...]]:
    named, claims = set[str](), set[str]()
    for way in ways:
        for entity_iri, (here, relation, forward) in way:
            named |= {entity_iri, here, relation}
            claims |= reached[entity_iri][here, relation, forward]
    verdicts = reader.run("pages/verdicts-of", {"claims": sorted(claims)}) if claims else []
    stands = {row["claim"].value: row["verdict"].value for row in verdicts}
    refer = reader.references([], extra=named.union(claims, stands.values()))

    def described(claim: str) -> tuple[Reference, Reference | None]:
        return refer[claim], refer[stands[claim]] if claim in stands else None

    return [
        tuple(
            Step(
                refer[here],
                refer[relation],
                refer[entity_iri],
                forward,
                tuple(described(claim) for claim in sorted(reached[entity_iri][here, relation, forward])),
            )
            for entity_iri, (here, relation, forward) in way
        )
        for way in ways
    ]
