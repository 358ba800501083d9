"""Claims: wording and hedge, evidence, flaws, conflicting claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.claims import evidence, narrative, outcomes
from kg.claims.claim_index import ClaimSummary
from kg.claims.evidence import Flaw
from kg.propositions import assessment
from kg.propositions.assessment import Assessment
from kg.reader.entity import Relation
from server.charts import Chart
from server.charts import evidence as evidence_charts
from server.pages.entity.page_types import propositions
from server.pages.entity.page_types.context import PageContext, TypeContext
from server.pages.entity.page_types.propositions import DecidingSide
from server.svg import EvidencePlot

# About health, doses and medicines; their pages carry a note.
_DELICATE = ("HealthEffectClaim", "IntakeClaim", "InteractionClaim", "SafetyClaim", "AdviceClaim")
# Shown in the sentence or the summary of a claim page, so not repeated among its qualifiers.
COVERED = (
    *("subject", "effect", "object", "hedge", "basis", "minimumAmount", "maximumAmount", "unit", "referenceAmount"),
    *("referenceUnit", "isApproximate", "isMinimumExclusive", "perDays", "isDivided", "isSingleDose", "hasFlaw"),
    *("standing", "verdict", "contradicts", "expresses", "polarity", "fit", "presupposes", "restsOn"),
)

# The roles of an interaction, as its page calls them, in the order in which it tells them.
ROLES = {
    "precipitant": "What acts (precipitant)",
    "affectedSubstance": "What is affected (object)",
    "effect": "Effect",
    "outcome": "With regard to",
    "mechanism": "Mechanism",
    "severity": "Severity",
    "guidance": "Management",
}
COVERED_BY_INTERACTIONS = (*COVERED, *ROLES)
POLARITY_WORDS = {
    "affirms": "The claim says that this holds:",
    "denies": "The claim says that this does not hold, or hardly ever:",
    "reportsDisagreement": "The claim says that studies disagree on this:",
    "reportsInsufficientEvidence": "The claim says that the evidence does not suffice to decide this:",
}
_FIT_WORDS = {
    "narrower": "The claim says more than that, such as by which mechanism; that is not assessed here.",
    "broader": "The claim says less than that, or speaks of more.",
}


@dataclass(frozen=True, kw_only=True)
class ClaimContext(TypeContext):
    """The proposition of a claim with its assessment, the flaws, and the claims that disagree.

    Attributes:
        summary: the claim with polarity, fit and standing.
        standing_meaning: what its standing means.
        polarity_words: how a claim takes a side, by polarity.
        fit_words: how it differs from its proposition, or "".
        assessment: of the proposition that it expresses; ``None`` for a corrected claim.
        sentence, counts: the assessment in a sentence, and what decides it in numbers.
        plot, evidence_chart: the studies on the proposition.
        deciding_sides: the evidence that decides.
        roles: those of an interaction: each title with its relation, where it is stated.
    """

    summary: ClaimSummary | None
    standing_meaning: str
    polarity_words: dict[str, str]
    fit_words: str
    assessment: Assessment | None
    sentence: str
    counts: str
    plot: EvidencePlot | None
    evidence_chart: Chart | None
    deciding_sides: tuple[DecidingSide, ...]
    flaws: list[Flaw]
    opposed: tuple[ClaimSummary, ...]
    roles: tuple[tuple[str, Relation | None], ...] = ()


def claim(context: PageContext) -> ClaimContext:
    """The proposition with its assessment, the flaws, and the claims that disagree."""
    summary, index = context.view.as_claim, context.view.claim_index
    expressed = summary.proposition if summary else None
    found = (
        assessment.of_proposition(context.reader, index.propositions, expressed.proposition.iri) if expressed else None
    )
    standing = context.entity.related("standing")
    fit = summary.fit.iri.rpartition("#")[2] if summary and summary.fit else ""
    plot = propositions.plot_of(index, expressed) if expressed else None
    return ClaimContext(
        summary=summary,
        standing_meaning=standing.values[0].meaning if standing else "",
        polarity_words=POLARITY_WORDS,
        fit_words=_FIT_WORDS.get(fit, ""),
        assessment=found,
        sentence=narrative.sentence(found) if found else "",
        counts=narrative.counts_line(found) if found else "",
        plot=plot,
        evidence_chart=evidence_charts.by_design(expressed, plot) if expressed and plot else None,
        deciding_sides=propositions.deciding_sides(found) if found else (),
        flaws=evidence.flaws_of_claim(context.reader, context.iri),
        opposed=outcomes.opposed(index, summary) if summary else (),
        is_delicate=any(one.iri.rpartition("#")[2] in _DELICATE for one in context.entity.types),
    )


def interaction(context: PageContext) -> ClaimContext:
    """As a claim, with who acts on what, how severe it is called and what is advised."""
    roles = tuple((title, context.entity.related(role)) for role, title in ROLES.items())
    return replace(claim(context), roles=roles, is_delicate=True)
