"""What a page is made from: the thing, the release, the time that is left; and the parts that all pages have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from kg.claims import backlinks, outcomes
from kg.claims.claim_index import ClaimIndex
from kg.reader.entity import Entity
from kg.reader.reader import Reader
from server.http.problems import Problem
from server.pages.entity.time_budget import TimeBudget

# Kinds of claims that speak of doses and medicines; pages that show such carry a note.
_DELICATE = ("IntakeClaim", "InteractionClaim", "SafetyClaim")


@dataclass(frozen=True)
class PageContext:
    """One thing as its page asks about it."""

    entity: Entity
    reader: Reader
    claim_index: ClaimIndex
    budget: TimeBudget

    @property
    def iri(self) -> str:
        return self.entity.iri


TemplateContext = dict[str, Any]


def claims_of(context: PageContext) -> TemplateContext:
    """The claims on the thing, all of one kind where ``?claims=`` asks for it."""
    wanted = request.args.get("claims", "")
    kind = context.reader.vocabulary.term(wanted) if wanted else ""
    if wanted and kind not in {
        claim_summary.type.iri for claim_summary in context.claim_index.claims_about(context.iri)
    }:
        raise Problem(404, "No such statements", f"There are no statements of the kind {wanted[:40]!r} about this.")
    groups = outcomes.by_type(context.claim_index, context.iri, kind)
    delicate = {context.reader.vocabulary.term(name) for name in _DELICATE}
    return {
        "claims": groups,
        "claims_count": sum(group.count for group in groups),
        "claims_kind": wanted,
        "is_delicate": any(group.type.iri in delicate for group in groups),
    }


def incoming_of(context: PageContext) -> TemplateContext:
    """What points at the thing, or the part of it for which ``?incoming=`` and ``?page=`` ask."""
    wanted = request.args.get("incoming", "")
    if not wanted:
        found = context.budget.run_if_time(
            "what points here", lambda: backlinks.first(context.reader, context.claim_index, context.iri)
        )
        return {"incoming": found or [], "incoming_part": None}
    page = request.args.get("page", "1")
    predicate = context.reader.vocabulary.expand(wanted if ":" in wanted else f"vitk:{wanted}")
    number = int(page) if page.isdecimal() and len(page) < 7 else 0
    part = (
        backlinks.part(context.reader, context.claim_index, context.iri, predicate, number)
        if _is_plain(wanted)
        else None
    )
    if part is None:
        raise Problem(404, "No such page", f"Nothing points here by {wanted[:40]!r} on page {page[:10]!r}.")
    return {"incoming": [], "incoming_part": part}


def _is_plain(curie: str) -> bool:
    return len(curie) < 80 and all(letter.isalnum() or letter in ":_-" for letter in curie)
