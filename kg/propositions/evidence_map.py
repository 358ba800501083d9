"""The evidence map: what the evidence says on each outcome, for each form of vitamin K."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
# The order in which an answer has them.
READINGS = (HELPS, LACK_HARMS, HARMS, MIXED, NO_BENEFIT, NO_HARM, UNCLEAR)
_DEFICIENT = "deficientIntake"


@dataclass(frozen=True)
class MapMark:
    """A proposition in the map: how it reads, and whether people were only observed."""

    summary: PropositionSummary
    reading: str
    is_observed: bool

    @property
    def is_narrowed(self) -> bool:
        """Whether it holds for some people, a dose or a comparison alone, so that two names do not say it."""
        return any(role in self.summary.roles for role in (*_NARROWING, "subjectAspect", "objectAspect"))


@dataclass(frozen=True)
class MapRow:
    """An outcome with the marks of each column, in their order.

    Attributes:
        outcome: the condition or measure.
        cells: the marks, column by column.
        studies: number of studies that decide them.
        design: the strongest design among those studies; ``None`` where there are none.
    """

    outcome: Reference
    cells: tuple[tuple[MapMark, ...], ...]
    studies: int
    design: Reference | None


@dataclass(frozen=True)
class EvidenceMap:
    """Columns by the IRI of a form or combination, and rows, those with most studies first.

    ``without_evidence`` counts the outcomes of which something is claimed, but nothing is assessed.
    """

    columns: tuple[str, ...]
    rows: tuple[MapRow, ...]
    without_evidence: int


# Readings in the order of ``READINGS``, each with outcomes or propositions and their marks.
Answer = list[tuple[str, tuple[tuple[Reference, MapMark], ...]]]


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
        if not _is_shown(summary) or subject is None or outcome is None or subject.iri not in columns:
            continue
        named.add(outcome.iri)
        if summary.side in _ASSESSED:
            by_outcome[outcome][subject.iri].append(summary)
    filled = tuple(column for column in columns if any(column in cells for cells in by_outcome.values()))
    rows = [
        MapRow(outcome, tuple(_marks(cells.get(column, [])) for column in filled), *_studies(propositions, cells))
        for outcome, cells in by_outcome.items()
    ]
    rows.sort(key=lambda row: (-row.studies, row.outcome.label.casefold()))
    return EvidenceMap(filled, tuple(rows), len(named - {outcome.iri for outcome in by_outcome}))


def by_reading(rows: Sequence[MapRow]) -> Answer:
    """Returns the marks of some rows, each with its outcome, by reading.

    An outcome appears once for each reading, with its first mark, although narrower propositions may read the same.
    """
    return _by_reading((row.outcome, mark) for row in rows for cell in row.cells for mark in cell)


def on_outcome(propositions: PropositionIndex, outcome: str) -> Answer:
    """Returns the marks of all that has an effect on an outcome or goes together with it, each with its proposition.

    Args:
        propositions: the propositions of a release.
        outcome: IRI of a condition or measure.
    """
    by_subject: defaultdict[Reference, list[PropositionSummary]] = defaultdict(list)
    for summary in propositions.about(outcome):
        subject, named = summary.role("subject"), summary.role("object")
        if _is_shown(summary) and summary.side in _ASSESSED and subject and named and named.iri == outcome:
            by_subject[subject].append(summary)
    marks = (mark for some in by_subject.values() for mark in _marks(some))
    return _by_reading((mark.summary.proposition, mark) for mark in marks)


def _by_reading(marks: Iterable[tuple[Reference, MapMark]]) -> Answer:
    grouped: dict[str, dict[Reference, MapMark]] = {reading: {} for reading in READINGS}
    for named, mark in marks:
        grouped[mark.reading].setdefault(named, mark)
    return [(reading, tuple(found.items())) for reading, found in grouped.items() if found]


def _is_shown(summary: PropositionSummary) -> bool:
    return _type(summary) in _TYPES and bool(summary.benefit) and "model" not in summary.roles


def _marks(summaries: list[PropositionSummary]) -> tuple[MapMark, ...]:
    """Returns the marks of a cell: causes first, of each sort those that are not narrowed, or else the least first."""
    marks = []
    for is_observed in (False, True):
        sort = [one for one in summaries if (_type(one) == _OBSERVED) == is_observed]
        wide = [one for one in sort if not any(role in one.roles for role in _NARROWING)]
        marks += [MapMark(one, _reading(one), is_observed) for one in wide or sorted(sort, key=_narrowings)]
    return tuple(marks)


def _narrowings(summary: PropositionSummary) -> int:
    return sum(role in summary.roles for role in _NARROWING)


def _reading(summary: PropositionSummary) -> str:
    if summary.side == "for":
        if any(aspect.iri.endswith("#" + _DEFICIENT) for aspect in summary.roles.get("subjectAspect", ())):
            return LACK_HARMS
        return HELPS if summary.benefit > 0 else HARMS
    if summary.side == "against":
        return NO_BENEFIT if summary.benefit > 0 else NO_HARM
    return MIXED if summary.side == "mixed" else UNCLEAR


def _studies(
    propositions: PropositionIndex, cells: dict[str, list[PropositionSummary]]
) -> tuple[int, Reference | None]:
    deciding = [
        line
        for summaries in cells.values()
        for summary in summaries
        for line in propositions.evidence.get(summary.proposition.iri, ())
        if line.decides
    ]
    strongest = min(deciding, key=lambda line: (line.strength, line.design.label), default=None)
    return len({line.study.iri for line in deciding}), strongest.design if strongest else None


def _type(summary: PropositionSummary) -> str:
    return summary.type.iri.rpartition("#")[2]
