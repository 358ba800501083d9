"""The evidence map: what the evidence says on each outcome, for each form of vitamin K."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kg.propositions.index import PropositionIndex, PropositionSummary
from kg.reader.entity import Reference

_TYPES = ("EffectProposition", "AssociationProposition")
_OBSERVED = "AssociationProposition"
_ASSESSED = ("for", "against", "mixed", "unclear")
# Roles that narrow a proposition; in the map the wider one speaks for it.
_NARROWING = ("population", "regimen", "comparator", "extent")
# How a mark reads: the good and the bad for people, whatever way the proposition is worded.
HELPS, NO_BENEFIT, HARMS, NO_HARM, MIXED, UNCLEAR = "helps", "noBenefit", "harms", "noHarm", "mixed", "unclear"
# That people are worse off without something does not say that more of it helps.
LACK_HARMS = "lackHarms"
_DEFICIENT = "deficientIntake"


@dataclass(frozen=True)
class MapMark:
    """A proposition in the map: how it reads, and whether people were only observed."""

    summary: PropositionSummary
    reading: str
    is_observed: bool


@dataclass(frozen=True)
class MapRow:
    """An outcome with the marks of each column, in their order, and the number of studies that decide them."""

    outcome: Reference
    cells: tuple[tuple[MapMark, ...], ...]
    studies: int


@dataclass(frozen=True)
class EvidenceMap:
    """Columns by the IRI of a form or combination, and rows, those with most studies first.

    ``without_evidence`` counts the outcomes of which something is claimed, but nothing is assessed.
    """

    columns: tuple[str, ...]
    rows: tuple[MapRow, ...]
    without_evidence: int


def evidence_map(propositions: PropositionIndex, columns: Sequence[str]) -> EvidenceMap:
    """Returns the map of all propositions on effects in people that some form is good or bad for.

    Args:
        propositions: the propositions of a release.
        columns: IRIs of the forms and combinations to show; those without a mark are left out.
    """
    by_outcome: defaultdict[Reference, defaultdict[str, list[PropositionSummary]]] = defaultdict(
        lambda: defaultdict(list)
    )
    named = set()
    for summary in propositions.summaries.values():
        subject, outcome = summary.role("subject"), summary.role("object")
        is_shown = _type(summary) in _TYPES and summary.benefit and "model" not in summary.roles
        if not is_shown or subject is None or outcome is None or subject.iri not in columns:
            continue
        named.add(outcome.iri)
        if summary.side in _ASSESSED:
            by_outcome[outcome][subject.iri].append(summary)
    filled = tuple(column for column in columns if any(column in cells for cells in by_outcome.values()))
    rows = [
        MapRow(outcome, tuple(_marks(cells.get(column, [])) for column in filled), _studies(propositions, cells))
        for outcome, cells in by_outcome.items()
    ]
    rows.sort(key=lambda row: (-row.studies, row.outcome.label.casefold()))
    return EvidenceMap(filled, tuple(rows), len(named - {outcome.iri for outcome in by_outcome}))


def _marks(summaries: list[PropositionSummary]) -> tuple[MapMark, ...]:
    """Returns the marks of a cell: causes first, and of each sort those that are not narrowed further, if there are."""
    marks = []
    for is_observed in (False, True):
        sort = [one for one in summaries if (_type(one) == _OBSERVED) == is_observed]
        wide = [one for one in sort if not any(role in one.roles for role in _NARROWING)]
        marks += [MapMark(one, _reading(one), is_observed) for one in wide or sort]
    return tuple(marks)


def _reading(summary: PropositionSummary) -> str:
    if summary.side == "for":
        if any(aspect.iri.endswith("#" + _DEFICIENT) for aspect in summary.roles.get("subjectAspect", ())):
            return LACK_HARMS
        return HELPS if summary.benefit > 0 else HARMS
    if summary.side == "against":
        return NO_BENEFIT if summary.benefit > 0 else NO_HARM
    return MIXED if summary.side == "mixed" else UNCLEAR


def _studies(propositions: PropositionIndex, cells: dict[str, list[PropositionSummary]]) -> int:
    lines = (
        line
        for summaries in cells.values()
        for summary in summaries
        for line in propositions.evidence.get(summary.proposition.iri, ())
    )
    return len({line.study.iri for line in lines if line.decides})


def _type(summary: PropositionSummary) -> str:
    return summary.type.iri.rpartition("#")[2]
