"""Flaws of claims in JSON: wherever a response names a claim, it says what is wrong with it."""

from __future__ import annotations

from typing import Any

from kg.claims.claim_index import ClaimIndex, FlawSummary
from server.core.references import reference
from server.core.urls import Urls


def add(payload: Any, claim_index: ClaimIndex, urls: Urls) -> None:
    """Adds ``flaws`` to each reference to a claim in a JSON value, at any depth; empty where it has none."""
    if isinstance(payload, list):
        for one in payload:
            add(one, claim_index, urls)
    elif isinstance(payload, dict):
        # A typed cell has its IRI as its value.
        iri = payload.get("iri") or payload.get("value") if "url" in payload else None
        claim = claim_index.summaries.get(iri) if isinstance(iri, str) else None
        if claim is not None:
            payload["flaws"] = [_flaw(flaw, urls) for flaw in claim.flaws]
        for one in payload.values():
            add(one, claim_index, urls)


def _flaw(flaw: FlawSummary, urls: Urls) -> dict[str, Any]:
    return {
        "said": flaw.said,
        "why": flaw.why,
        "kinds": [reference(kind, urls) for kind in flaw.kinds],
        "corrections": [reference(claim, urls) for claim in flaw.corrections],
    }
