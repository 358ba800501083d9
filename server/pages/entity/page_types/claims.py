"""Claims: wording and hedge, evidence, flaws, conflicting claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.claims import evidence, outcomes
from kg.claims.claim_index import ClaimSummary
from kg.claims.evidence import EvidenceLine, Flaw
from kg.reader.entity import Relation
from server.pages.entity.page_types.context import PageContext, TypeContext

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


@dataclass(frozen=True, kw_only=True)
class ClaimContext(TypeContext):
    """The evidence, the flaws and the claims that disagree.

    Attributes:
        balance: on how many studies the verdict rests, in words, or "".
        deciding: names of those studies.
        roles: those of an interaction: each title with its relation, where it is stated.
    """

    lines: list[EvidenceLine]
    flaws: list[Flaw]
    balance: str
    deciding: list[str]
    opposed: tuple[ClaimSummary, ...]
    roles: tuple[tuple[str, Relation | None], ...] = ()


def claim(context: PageContext) -> ClaimContext:
    """The evidence, the flaws and the claims that disagree."""
    lines = evidence.lines_of_claim(context.reader, context.iri)
    summary = context.view.as_claim
    return ClaimContext(
        lines=lines,
        flaws=evidence.flaws_of_claim(context.reader, context.iri),
        balance=evidence.balance(lines),
        deciding=sorted({line.study.label for line in lines if line.decides}),
        opposed=outcomes.opposed(context.view.claim_index, summary) if summary else (),
    )


def interaction(context: PageContext) -> ClaimContext:
    """As a claim, with who acts on what, how severe it is called and what is advised."""
    roles = tuple((title, context.entity.related(role)) for role, title in ROLES.items())
    return replace(claim(context), roles=roles, is_delicate=True)
