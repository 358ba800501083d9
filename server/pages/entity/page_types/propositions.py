"""Propositions: what is known, who says it, and the evidence for, against and set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.claims import narrative, sources
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.claims.sources import SourcesOnProposition
from kg.foods import measured_contents
from kg.foods.measured_contents import MeasuredContent
from kg.propositions import assessment, evidence_summary
from kg.propositions.assessment import AppliedEvidence, Assessment
from kg.propositions.index import DIRECTIONS, PropositionSummary
from kg.reader.entity import Reference
from server import svg
from server.charts import Chart, evidence
from server.pages.entity.page_types.context import PageContext, TypeContext
from server.svg import EvidencePlot

# Shown by the page in forms of its own.
COVERED = (
    *("assessedDirection", "certainty", "assessedBy", "decidedInTier", "certaintyStartedAt", "cappedAt"),
    *("loweredForBias", "loweredForImprecision", "loweredForInconsistency", "loweredForIndirectness"),
    *("raisedForAgreement", "studiesFor", "studiesAgainst", "studiesWithoutDifference", "studiesInPart"),
    *(
        "peopleStudied",
        "rowsFor",
        "rowsAgainst",
        "rowsOpen",
        "rowsContradicting",
        "hasEvidenceLine",
        "toProposition",
        "decides",
        "expresses",
    ),
    *("bearsOn", "ofProposition", "restsOn", "level"),
)
# Whom it is about, what is given or taken, against what, and what is to come of it.
PICO = {
    "population": "Population",
    "model": "Animals or cells",
    "subject": "Intervention or exposure",
    "subjectAspect": "Of it",
    "regimen": "Dose",
    "comparator": "Compared with",
    "predicate": "Relation",
    "object": "Outcome",
    "objectAspect": "Of the outcome",
    "outcome": "With regard to",
    "extent": "Extent",
    "isNarrowerThan": "A narrower case of",
}
PARTS = PICO | {"subject": "Subject", "object": "Object", "objectAspect": "Of the object"}
_ON_EFFECTS = ("EffectProposition", "AssociationProposition", "SafetyProposition", "IntakeProposition")
# About health, doses and medicines; their pages carry a note.
_DELICATE = (*_ON_EFFECTS, "InteractionProposition", "AdviceProposition")
_TITLES = {
    "supporting": ("For the proposition", "for"),
    "disputing": ("Against the proposition", "against"),
    "noDifference": ("No difference shown", "no-difference"),
}
# Types of propositions in the order in which lists have them; all others follow.
_TYPES = ("Effect", "Safety", "Interaction", "Advice", "Association", "Mechanism")
DecidingSide = tuple[str, str, tuple[AppliedEvidence, ...]]


@dataclass(frozen=True, kw_only=True)
class PropositionContext(TypeContext):
    """The assessment of a proposition in words, and who says so.

    Attributes:
        assessment: what decides, what is set aside, each step and what would change it.
        sentence: the assessment in one sentence.
        counts: a sentence on what decides, in numbers, or "".
        by_rows: whether measured contents decide.
        plot: the studies by design and by what they found.
        deciding_sides: the evidence that decides: title and anchor of each side, and its results.
        unclear: results that leave it open.
        set_aside: all other results that do not decide.
        contents: of a composition proposition, what was measured.
        level: of a composition proposition, the level that it states.
        level_meaning: what that level means.
        evidence_chart, timeline: the studies by design, and by year where there are enough.
        certainty_chart: how certainty was computed, step by step.
        changes: what would change the result, a line for each.
        speakers: the claims that express the proposition.
        sources: which sources affirm it, deny it, report on its evidence, and which are silent.
        evidence_query: title and text of the query for all evidence that applies to it.
    """

    assessment: Assessment
    sentence: str
    counts: str
    by_rows: bool
    plot: EvidencePlot | None
    evidence_chart: Chart | None
    timeline: Chart | None
    deciding_sides: tuple[DecidingSide, ...]
    unclear: tuple[AppliedEvidence, ...]
    set_aside: tuple[AppliedEvidence, ...]
    contents: list[MeasuredContent]
    level: Reference | None
    level_meaning: str
    certainty_chart: Chart | None
    changes: list[str]
    speakers: list[ClaimSummary]
    sources: SourcesOnProposition
    evidence_query: tuple[str, str]


@dataclass(frozen=True)
class PropositionLine:
    """A proposition in a list, with its small chart, and the number of studies on something else beside it."""

    summary: PropositionSummary
    plot: EvidencePlot | None
    left_out: int


def proposition(context: PageContext) -> PropositionContext:
    """The assessment, the evidence and who says so."""
    index = context.view.claim_index
    found = assessment.of_proposition(context.reader, index.propositions, context.iri)
    assert found is not None
    level = found.summary.role("level")
    meaning = context.reader.entity(level.iri, "") if level else None
    query = context.reader.catalogue["evidence-on-a-proposition"]
    plot = plot_of(index, found.summary)
    return PropositionContext(
        assessment=found,
        sentence=narrative.sentence(found),
        counts=narrative.counts_line(found),
        by_rows=found.rows_decide,
        plot=plot,
        evidence_chart=evidence.by_design(found.summary, plot) if plot else None,
        timeline=evidence.by_year(found.summary, plot.summary, found.evidence) if plot else None,
        deciding_sides=deciding_sides(found),
        unclear=tuple(one for one in found.set_aside if _leaves_open(one)),
        set_aside=tuple(one for one in found.set_aside if not _leaves_open(one)),
        contents=_contents(context, found.summary),
        level=level,
        level_meaning=" ".join(meaning.definitions) if meaning else "",
        certainty_chart=evidence.steps_to_certainty(found),
        changes=[narrative.change_line(change) for change in found.changes],
        speakers=index.expressing(context.iri),
        sources=sources.on_proposition(index, context.iri),
        evidence_query=(query.title, query.fill({"proposition": context.iri})),
        is_delicate=found.summary.type.iri.rpartition("#")[2] in _DELICATE,
    )


def is_on_an_effect(classes: Iterable[str]) -> bool:
    """Whether a proposition with these classes, by local name, says what something does to people's health."""
    return any(name in _ON_EFFECTS for name in classes)


def plot_of(index: ClaimIndex, summary: PropositionSummary) -> EvidencePlot | None:
    """The chart of one proposition."""
    found = index.propositions.evidence.get(summary.proposition.iri, ())
    return svg.plot_evidence(evidence_summary.summarise(summary, found))


def deciding_sides(found: Assessment) -> tuple[DecidingSide, ...]:
    """The evidence that decides, side by side."""
    sides = (
        (title, anchor, tuple(one for one in found.deciding if one.side == side))
        for side, (title, anchor) in _TITLES.items()
    )
    return tuple(side for side in sides if side[2])


def lines_about(index: ClaimIndex, iri: str) -> list[PropositionLine]:
    """The propositions that name an entity: effects first, then by what is known of them."""
    return [line_of(index, summary) for summary in sorted(index.propositions.about(iri), key=_order)]


def line_of(index: ClaimIndex, summary: PropositionSummary) -> PropositionLine:
    """A proposition in a list."""
    plot = plot_of(index, summary)
    every = {one.study.iri for one in index.propositions.evidence.get(summary.proposition.iri, ())}
    return PropositionLine(summary, plot, plot.summary.left_out if plot else len(every))


def _order(summary: PropositionSummary) -> tuple[int, int, str]:
    name = summary.type.iri.rpartition("#")[2].removesuffix("Proposition")
    place = _TYPES.index(name) if name in _TYPES else len(_TYPES)
    return place, DIRECTIONS.index(summary.side), summary.proposition.label


def _leaves_open(one: AppliedEvidence) -> bool:
    is_open = any(reason.iri.endswith("#doesNotSettle") for reason in one.reasons)
    return is_open and not one.is_about_something_else


def _contents(context: PageContext, summary: PropositionSummary) -> list[MeasuredContent]:
    food, substance = summary.role("subject"), summary.role("object")
    if not summary.type.iri.endswith("#CompositionProposition") or food is None or substance is None:
        return []
    found = measured_contents.of_food(context.reader, food.iri, substance.iri)
    return found or []
