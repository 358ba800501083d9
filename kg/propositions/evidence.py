"""The evidence on all propositions, read once: which studies bear on each, on which side, and which of them decide."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_CERTAINTIES = ("highCertainty", "moderateCertainty", "lowCertainty", "veryLowCertainty")
_NOT_ON_LADDER = (9, 9)


@dataclass(frozen=True)
class StudyEvidence:
    """A result of one study on a proposition.

    Attributes:
        study, design: the study and its design.
        rank: of the design; 1 is the strongest.
        strength: place of the design on the ladder for propositions of this type, the strongest first; for sorting.
        direction: local name; on a claim as seen from the claim, for which support of a denied proposition disputes.
        finding: local name of what the study found.
        is_direct: whether it fits the proposition in substance, people, outcome and dose.
        is_review: whether it is a review or guideline, which rests on other studies.
        decides: whether it decides the proposition.
        reasons: local names of the reasons for which it is set aside.
        notices: publications that warn about the study.
    """

    study: Reference
    design: Reference
    rank: int | None
    strength: tuple[int, int]
    direction: str
    finding: str
    is_direct: bool
    is_review: bool
    decides: bool
    reasons: tuple[str, ...]
    notices: tuple[Reference, ...]


@dataclass(frozen=True)
class Rung:
    """A place on the ladder of evidence: for one type of proposition, one design, its tier and starting certainty.

    ``is_for_models`` is true where it holds for propositions on animals or cells.
    """

    type: Reference
    design: Reference
    tier: int
    certainty: Reference
    is_for_models: bool


def ladder(reader: Reader) -> list[Rung]:
    """Returns the rungs of all types of propositions, the strongest designs of each type first."""
    rows = reader.run("pages/ladder", {})
    refer = reader.references(rows, "type", "design", "certainty")
    rungs = [
        Rung(
            type=refer[row["type"].value],
            design=refer[row["design"].value],
            tier=int(row["tier"].value),
            certainty=refer[row["certainty"].value],
            is_for_models="models" in row and row["models"].value == "true",
        )
        for row in rows
    ]
    return sorted(
        rungs, key=lambda rung: (rung.type.label, rung.is_for_models, rung.tier, _start(rung), rung.design.label)
    )


def of_all(reader: Reader, types: dict[str, tuple[str, bool]]) -> dict[str, tuple[StudyEvidence, ...]]:
    """Returns the evidence on each proposition by its IRI: what decides first, the strongest designs first.

    Args:
        reader: the release.
        types: the class of each proposition by its IRI, and whether it is about animals or cells.
    """
    places = {
        (rung.type.iri, rung.is_for_models, rung.design.iri): (rung.tier, _start(rung)) for rung in ladder(reader)
    }
    rows = reader.run("pages/proposition-lines", {})
    refer = reader.references(rows, "study", "design", "notice")
    found: dict[str, list[StudyEvidence]] = {}
    for group in reader.grouped(rows, "application").values():
        row = group[0]
        iri = row["proposition"].value
        strength = places.get((*types.get(iri, ("", False)), row["design"].value), _NOT_ON_LADDER)
        found.setdefault(iri, []).append(_evidence(group, strength, refer))
    return {iri: tuple(sorted(evidence, key=_order)) for iri, evidence in found.items()}


def _start(rung: Rung) -> int:
    return _CERTAINTIES.index(_local(rung.certainty.iri))


def _order(one: StudyEvidence) -> tuple[bool, tuple[int, int], bool, str]:
    return not one.decides, one.strength, not one.is_direct, one.study.label


def _evidence(group: list[Row], strength: tuple[int, int], refer: dict[str, Reference]) -> StudyEvidence:
    row = group[0]
    return StudyEvidence(
        study=refer[row["study"].value],
        design=refer[row["design"].value],
        rank=int(row["rank"].value) if "rank" in row else None,
        strength=strength,
        direction=_local(row["direction"].value),
        finding=_local(row["finding"].value),
        is_direct=row["gaps"].value == "0",
        is_review="strand" in row and _local(row["strand"].value) == "reviewStrand",
        decides="decides" in row,
        reasons=tuple(sorted({_local(one["reason"].value) for one in group if "reason" in one})),
        notices=tuple(refer[iri] for iri in sorted({one["notice"].value for one in group if "notice" in one})),
    )


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
