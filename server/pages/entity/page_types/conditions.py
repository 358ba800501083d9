"""Conditions, measures, populations, and sections of the source."""

from __future__ import annotations

from kg.claims import evidence_summary, study_results
from server import svg
from server.pages.entity.context import PageContext, TemplateContext


def condition(context: PageContext) -> TemplateContext:
    """The harvest of evidence for and against what is claimed, and the numbers that studies found."""
    numbers = (
        context.budget.run_if_time("numbers of studies", lambda: study_results.of_outcome(context.reader, context.iri))
        or []
    )
    ratios = [number for number in numbers if number.is_ratio]
    ends = (end for number in ratios for end in (number.size, number.low, number.high) if end is not None)
    return {
        "evidence_plot": svg.plot_evidence(evidence_summary.evidence_by_design(context.claim_index, context.iri)),
        "numbers": numbers,
        "scale": svg.scale_for(ends),
    }


def population(context: PageContext) -> TemplateContext:
    """The intakes that authorities set for these people."""
    found = context.budget.run_if_time(
        "reference intakes", lambda: study_results.intakes_of(context.reader, context.iri)
    )
    return {"intakes": found or []}


def section(context: PageContext) -> TemplateContext:
    """How the statements of a section fared."""
    claim_summaries = context.claim_index.claims_about(context.iri)
    verdicts: dict[str, int] = {}
    for claim_summary in claim_summaries:
        label = claim_summary.verdict.label if claim_summary.verdict else "not assessed"
        verdicts[label] = verdicts.get(label, 0) + 1
    return {"verdicts": sorted(verdicts.items(), key=lambda pair: (-pair[1], pair[0])), "is_section": True}
