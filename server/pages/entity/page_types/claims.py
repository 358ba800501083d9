"""Claims: what is said, how firmly, what studies say of it, what is doubtful, which other claims disagree."""

from __future__ import annotations

from kg.claims import evidence, outcomes
from server.pages.entity.context import PageContext, TemplateContext

# Shown in the sentence or the summary of a claim page, so not repeated among its qualifiers.
COVERED = (
    *("subject", "effect", "object", "hedge", "basis", "minimumAmount", "maximumAmount", "unit", "referenceAmount"),
    *("referenceUnit", "isApproximate", "isMinimumExclusive", "perDays", "isDivided", "isSingleDose", "hasFlaw"),
    *("hasEvidenceLine", "verdict", "contradicts", "bearsOn"),
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


def claim(context: PageContext) -> TemplateContext:
    """The evidence, the flaws and the claims that disagree."""
    lines = evidence.lines_of_claim(context.reader, context.iri)
    claim_summary = context.claim_index.summaries.get(context.iri)
    return {
        "lines": lines,
        "flaws": evidence.flaws_of_claim(context.reader, context.iri),
        "balance": evidence.balance(lines),
        "deciding": sorted({line.study.label for line in lines if line.decides}),
        "opposed": outcomes.opposed(context.claim_index, claim_summary) if claim_summary else (),
        "card": claim_summary,
    }


def interaction(context: PageContext) -> TemplateContext:
    """As a claim, with who acts on what, how severe it is called and what is advised."""
    roles = [(title, context.entity.related(role)) for role, title in ROLES.items()]
    return {**claim(context), "roles": roles, "is_delicate": True}
