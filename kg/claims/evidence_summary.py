"""A summary of the evidence on a condition: the studies for and against the claims about it, by study design."""

from __future__ import annotations

from dataclasses import dataclass

from kg.claims.claim_index import ClaimIndex
from kg.reader.entity import Reference

SIDES = ("supporting", "inconclusive", "disputing")


@dataclass(frozen=True)
class StudyTally:
    """One study on one side: the number of claims that it informs, and whether it tests any of them directly."""

    study: Reference
    claims: int
    is_direct: bool


@dataclass(frozen=True)
class DesignRow:
    """A study design; ``sides`` has its studies by side, see ``SIDES``. Rank 1 is the strongest design."""

    design: Reference
    rank: int | None
    sides: dict[str, tuple[StudyTally, ...]]


def evidence_by_design(claim_index: ClaimIndex, entity_iri: str) -> list[DesignRow]:
    """Returns the studies on the claims about an entity, the strongest designs first."""
    counts: dict[tuple[str, str, str], list[bool]] = {}
    studies: dict[str, Reference] = {}
    designs: dict[str, tuple[int | None, Reference]] = {}
    for claim_summary in claim_index.claims_about(entity_iri):
        if not any(
            about.iri == entity_iri for role in ("object", "outcome") for about in claim_summary.roles.get(role, ())
        ):
            continue
        for bearing in claim_summary.bearings:
            studies[bearing.study.iri] = bearing.study
            designs[bearing.design.iri] = (bearing.rank, bearing.design)
            counts.setdefault((bearing.design.iri, bearing.direction, bearing.study.iri), []).append(bearing.is_direct)
    rows = []
    for iri, (rank, design) in designs.items():
        sides = {
            side: tuple(
                sorted(
                    (
                        StudyTally(studies[study], len(direct), any(direct))
                        for (kind, direction, study), direct in counts.items()
                        if (kind, direction) == (iri, side)
                    ),
                    key=lambda tally: (not tally.is_direct, tally.study.label),
                )
            )
            for side in SIDES
        }
        rows.append(DesignRow(design, rank, sides))
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.design.label))
