"""How each claim compares with the assessment of its proposition."""

from __future__ import annotations

from dataclasses import dataclass

from kg.build.assess.reading.facts import Claim, Proposition
from kg.build.assess.reading.terms import Assessed, Certainty, Standing

_FLAT_HEDGES = ("states", "associates")
_COMPARATIVE = ("EffectProposition", "AssociationProposition")
_OF_EVIDENCE = ("reportsDisagreement", "reportsInsufficientEvidence")
_OPPOSITE = {Assessed.FOR: Assessed.AGAINST, Assessed.AGAINST: Assessed.FOR}


@dataclass(frozen=True)
class Known:
    """What is known of a proposition.

    ``is_indirect`` says that certainty was lowered for indirectness, ``is_only_null`` that no study found the opposite
    of the proposition, but some no difference.
    """

    direction: Assessed
    certainty: Certainty | None = None
    is_indirect: bool = False
    is_only_null: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether the proposition holds with at least moderate certainty."""
        return self.direction is Assessed.FOR and (self.certainty or 0) >= Certainty.MODERATE


def side(claim: Claim, known: Known) -> Assessed:
    """Returns the assessed direction as seen from a claim: a denial has against for what speaks for its proposition."""
    return _OPPOSITE.get(known.direction, known.direction) if claim.polarity == "denies" else known.direction


def standing(claim: Claim, proposition: Proposition, known: Known) -> Standing:
    """Returns the standing of a claim."""
    seen, is_flat, certainty = side(claim, known), claim.hedge in _FLAT_HEDGES, known.certainty or 0
    if seen is Assessed.TOO_VAGUE:
        return Standing.TOO_VAGUE
    if seen is Assessed.NOT_SEARCHED:
        return Standing.NOT_ASSESSED
    if claim.polarity in _OF_EVIDENCE:
        return _of_report(claim, known)
    if seen in (Assessed.UNCLEAR, Assessed.NONE_FOUND):
        return Standing.UNVERIFIED
    if seen is Assessed.MIXED:
        return Standing.OVERSTATED if is_flat else Standing.CONSISTENT
    if seen is Assessed.AGAINST:
        return _against(known, is_flat=is_flat)
    return _for(claim, proposition, certainty, is_flat=is_flat)


def _of_report(claim: Claim, known: Known) -> Standing:
    """Returns the standing of a claim about the state of the evidence."""
    is_open = known.direction in (Assessed.UNCLEAR, Assessed.NONE_FOUND)
    if claim.polarity == "reportsInsufficientEvidence":
        is_right = is_open or (known.certainty or 0) <= Certainty.LOW
        return Standing.CONSISTENT if is_right else Standing.CONTRADICTED
    return Standing.UNVERIFIED if is_open or known.direction is Assessed.FOR else Standing.CONSISTENT


def _against(known: Known, *, is_flat: bool) -> Standing:
    certainty = known.certainty or 0
    is_plain = is_flat and not known.is_indirect and not known.is_only_null
    if certainty >= Certainty.MODERATE or (certainty == Certainty.LOW and is_plain):
        return Standing.CONTRADICTED
    return Standing.OVERSTATED if is_flat else Standing.UNVERIFIED


def _for(claim: Claim, proposition: Proposition, certainty: int, *, is_flat: bool) -> Standing:
    is_causal_for_association = proposition.type == "AssociationProposition" and claim.is_causal
    if is_causal_for_association or (claim.is_emphatic and certainty < Certainty.HIGH):
        return Standing.OVERSTATED
    if certainty >= Certainty.MODERATE or not is_flat:
        return Standing.CONSISTENT
    return Standing.OVERSTATED if proposition.type in _COMPARATIVE else Standing.THINLY_SUPPORTED


def verdict(claim: Claim, known: Known) -> str:
    """Returns the verdict that the former vocabulary has for a claim; deprecated."""
    seen, is_firm = side(claim, known), (known.certainty or 0) >= Certainty.MODERATE
    if claim.polarity in _OF_EVIDENCE and seen not in (Assessed.TOO_VAGUE, Assessed.NOT_SEARCHED):
        # What counts is whether the evidence is as the claim says, not what it shows of the proposition.
        by_standing = {Standing.CONSISTENT: "supported", Standing.CONTRADICTED: "refuted"}
        return by_standing.get(_of_report(claim, known), "unsupported")
    by_side = {
        Assessed.FOR: "supported" if is_firm else "unsupported",
        Assessed.AGAINST: "refuted" if is_firm else "notConfirmed",
        Assessed.MIXED: "contested",
        Assessed.UNCLEAR: "unsupported",
        Assessed.NONE_FOUND: "unsupported",
    }
    return by_side.get(seen, "notAssessed")
