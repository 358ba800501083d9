"""Conditions, measures, populations, and sections of the article."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kg.claims import evidence_summary, study_results
from kg.claims.study_results import ReferenceIntake, ReportedEffect
from server import svg
from server.pages.entity.page_types.context import PageContext, TypeContext
from server.svg import EvidencePlot, Scale


@dataclass(frozen=True, kw_only=True)
class ConditionContext(TypeContext):
    """The plot of the evidence for and against what is claimed, and the numbers that studies found, on a scale."""

    evidence_plot: EvidencePlot | None
    numbers: list[ReportedEffect]
    scale: Scale | None


@dataclass(frozen=True, kw_only=True)
class PopulationContext(TypeContext):
    """The intakes that authorities set for these people."""

    intakes: list[ReferenceIntake]


@dataclass(frozen=True, kw_only=True)
class SectionContext(TypeContext):
    """How many claims of a section have each verdict, by its label, the commonest first."""

    verdicts: list[tuple[str, int]]


def condition(context: PageContext) -> ConditionContext:
    """The evidence for and against what is claimed, and the numbers that studies found."""
    numbers = (
        context.budget.run_if_time("numbers of studies", lambda: study_results.of_outcome(context.reader, context.iri))
        or []
    )
    ratios = [number for number in numbers if number.is_ratio]
    ends = (end for number in ratios for end in (number.size, number.low, number.high) if end is not None)
    by_design = evidence_summary.evidence_by_design(context.view.claim_index, context.iri)
    return ConditionContext(evidence_plot=svg.plot_evidence(by_design), numbers=numbers, scale=svg.scale_for(ends))


def population(context: PageContext) -> PopulationContext:
    """The intakes that authorities set for these people."""
    found = context.budget.run_if_time(
        "reference intakes", lambda: study_results.intakes_of(context.reader, context.iri)
    )
    return PopulationContext(intakes=found or [])


def section(context: PageContext) -> SectionContext:
    """The verdicts on the claims of a section."""
    verdicts = Counter(one.verdict.label if one.verdict else "not assessed" for one in context.view.claims)
    return SectionContext(verdicts=sorted(verdicts.items(), key=lambda pair: (-pair[1], pair[0])), is_section=True)
