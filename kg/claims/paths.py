"""Shortest paths between two entities, with the relation or the claims of each step.

The search is breadth-first and bounded in steps, in entities followed, and in paths returned.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.reader.entity import Reference
from kg.reader.reader import Reader

MAX_STEPS, MAX_FOLLOWED, MAX_PATHS = 4, 600, 5
# Only relations between topics: claims, amounts and food tables connect everything with everything.
RELATIONS = (
    *("counteracts", "hasCofactor", "hasComponent", "hasSymptom", "inhibits", "isCarboxylatedBy", "isFormOf"),
    *("isKindOf", "isMadeBy", "isMadeFrom", "isMarkerOf", "isPartOf", "isStateOf", "mayCounteract"),
    *("modelsCondition", "needs", "occursIn", "supplies", "takesPartIn", "canCause", "isRiskFactorFor"),
    *("isTreatmentFor", "isProphylaxisAgainst", "hasVariantsCausing"),
)


@dataclass(frozen=True)
class Step:
    """One step of a path; ``forward`` says whether the relation leads from ``start`` to ``end``.

    ``claims`` state the relation, each with its standing; without claims, curators stated it or a rule inferred
    it.
    """

    start: Reference
    relation: Reference
    end: Reference
    forward: bool
    claims: tuple[tuple[Reference, Reference | None], ...]


Edge = tuple[str, str, bool]
Reached = dict[str, dict[Edge, set[str]]]
PathSteps = list[tuple[str, Edge]]


def find(reader: Reader, start: str, end: str, steps: int = MAX_STEPS) -> list[tuple[Step, ...]]:
    """Finds the shortest paths between two entities.

    Args:
        reader: the release that contains both.
        start, end: IRIs.
        steps: maximum length of a path.

    Returns:
        At most ``MAX_PATHS`` paths; none if there is no path of at most ``steps`` steps.
    """
    # By entity reached: the entity before it, the relation and its direction, and the claims that state it.
    reached: Reached = {start: {}}
    frontier = [start]
    for _ in range(min(steps, MAX_STEPS)):
        if end in reached or not frontier:
            break
        new: defaultdict[str, defaultdict[Edge, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in reader.run("pages/path-steps", {"entities": frontier, "relations": _relations(reader)}):
            there = row["there"].value
            if there not in reached and there.startswith(reader.vocabulary.entities):
                edge = (row["here"].value, row["relation"].value, row["forward"].value == "true")
                new[there][edge].update([row["claim"].value] if "claim" in row else [])
        reached |= new
        frontier = sorted(new)[: MAX_FOLLOWED - min(len(reached) - len(new), MAX_FOLLOWED)]
    if end not in reached or start == end:
        return []
    paths = _paths(reached, start, end)
    return _described(reader, paths, reached)


def _relations(reader: Reader) -> list[str]:
    return [reader.vocabulary.term(name) for name in RELATIONS]


def _paths(reached: Reached, start: str, end: str) -> list[PathSteps]:
    """Returns paths as steps (entity reached, edge), those with claims for most steps first."""
    paths: list[PathSteps] = [[]]
    while paths and _here(paths[0], end) != start:
        longer = [
            [(entity_iri, edge), *path]
            for path in paths
            if (entity_iri := _here(path, end))
            for edge in sorted(reached[entity_iri], key=lambda edge: (not reached[entity_iri][edge], edge))[:MAX_PATHS]
        ]
        paths = sorted(longer, key=lambda path: sum(not reached[entity_iri][edge] for entity_iri, edge in path))[
            : MAX_PATHS * 4
        ]
    return paths[:MAX_PATHS]


def _here(path: PathSteps, end: str) -> str:
    return path[0][1][0] if path else end


def _described(
    reader: Reader,
    paths: list[PathSteps],
    reached: Reached,
) -> list[tuple[Step, ...]]:
    named, claims = set[str](), set[str]()
    for path in paths:
        for entity_iri, (here, relation, forward) in path:
            named |= {entity_iri, here, relation}
            claims |= reached[entity_iri][here, relation, forward]
    standings = reader.run("pages/standings-of", {"claims": sorted(claims)}) if claims else []
    standing_of = {row["claim"].value: row["standing"].value for row in standings}
    refer = reader.references([], extra=named.union(claims, standing_of.values()))

    def described(claim: str) -> tuple[Reference, Reference | None]:
        return refer[claim], refer[standing_of[claim]] if claim in standing_of else None

    return [
        tuple(
            Step(
                refer[here],
                refer[relation],
                refer[entity_iri],
                forward,
                tuple(described(claim) for claim in sorted(reached[entity_iri][here, relation, forward])),
            )
            for entity_iri, (here, relation, forward) in path
        )
        for path in paths
    ]
