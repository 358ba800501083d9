"""The claims about an entity, grouped by type and outcome, each with the claims that contradict it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from kg.claims import effect_direction
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.reader.entity import Reference

# If an entity has more claims, only some of each type are shown.
MAX_FIRST = 30
MIN_OF_A_TYPE = 4
# If it has even more, a few of each type would say nothing of the others: none is shown, but how many there are.
MAX_IN_PART = 120
# Claims of one type on a page of their own.
PAGE_SIZE = 60
_RARE = {"rare", "uncommon"}
# Standings by local name that say nothing about the evidence.
_UNASSESSED = ("notAssessedStanding", "tooVagueStanding")


@dataclass(frozen=True)
class ClaimWithOpposition:
    """A claim and the claims that contradict it."""

    claim_summary: ClaimSummary
    opposed: tuple[ClaimSummary, ...]


@dataclass(frozen=True)
class OutcomeGroup:
    """Claims on the same outcome; ``disagree`` if some of them contradict each other."""

    outcome: Reference | None
    shown_claims: tuple[ClaimWithOpposition, ...]
    disagree: bool


@dataclass(frozen=True)
class TypeGroup:
    """Claims of one type.

    Attributes:
        type: their class.
        count: how many there are.
        shown: how many of them are in ``groups`` and ``unassessed``.
        groups: by outcome, those of which something is known: the evidence, a flaw, or a claim that contradicts them.
        unassessed: the others.
        standings: how many claims have each standing, the commonest first.
    """

    type: Reference
    count: int
    shown: int
    groups: tuple[OutcomeGroup, ...]
    unassessed: tuple[ClaimSummary, ...]
    standings: tuple[tuple[Reference, int], ...]


def opposed(claim_index: ClaimIndex, claim_summary: ClaimSummary) -> tuple[ClaimSummary, ...]:
    """Returns the claims that contradict a claim.

    These are the claims that curators linked to it, and those that state the opposite effect of the same substance, or
    a form of it, on the same outcome.
    """
    cached = claim_index.opposed.get(claim_summary.claim.iri)
    if cached is not None:
        return cached
    stated = claim_index.of(claim_summary.contradicts)
    found = {other.claim.iri: other for other in stated}
    target = claim_summary.role("object")
    for other in claim_index.claims_about(target.iri) if target else ():
        if (
            effect_direction.disagree(claim_summary.sense, other.sense)
            and not _is_rare_beside_none(claim_summary, other)
            and _same_matter(claim_index, claim_summary, other)
        ):
            found.setdefault(other.claim.iri, other)
    found.pop(claim_summary.claim.iri, None)
    claim_index.opposed[claim_summary.claim.iri] = tuple(found.values())
    return claim_index.opposed[claim_summary.claim.iri]


def warm(claim_index: ClaimIndex) -> None:
    """Finds the contradictions of all claims now, instead of on the first request."""
    for claim_summary in claim_index.summaries.values():
        opposed(claim_index, claim_summary)


def by_type(claim_index: ClaimIndex, entity_iri: str, kind: str = "") -> list[TypeGroup]:
    """Returns the claims about an entity, the largest types first.

    Args:
        claim_index: all claims.
        entity_iri: the entity.
        kind: IRI of a claim type, for all claims of this type only; "" for all types, cut to a part of each if many,
            and to their numbers alone if very many.
    """
    claim_summaries = claim_index.claims_about(entity_iri)
    by_iri: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
    for claim_summary in claim_summaries:
        by_iri[claim_summary.type.iri].append(claim_summary)
    part = max(MIN_OF_A_TYPE, MAX_FIRST // max(1, len(by_iri)))
    if len(claim_summaries) > MAX_IN_PART:
        part = 0
    most = len(claim_summaries) if kind or len(claim_summaries) <= MAX_FIRST else part
    found = [
        _type_group(claim_index, entity_iri, members, most) for iri, members in by_iri.items() if kind in ("", iri)
    ]
    return sorted(found, key=lambda group: (-group.count, group.type.label))


def pages_of(group: TypeGroup) -> int:
    """Returns the number of pages that the shown claims of a type fill."""
    return max(1, -(-group.shown // PAGE_SIZE))


def page_of(group: TypeGroup, page: int) -> TypeGroup:
    """Returns one page of the shown claims of a type, by outcome as before.

    Args:
        group: all of them.
        page: from 1 to ``pages_of(group)``.
    """
    start, left = (page - 1) * PAGE_SIZE, PAGE_SIZE
    groups: list[OutcomeGroup] = []
    for one in group.groups:
        part = one.shown_claims[start : start + left]
        start, left = max(0, start - len(one.shown_claims)), left - len(part)
        if part:
            groups.append(replace(one, shown_claims=part))
    return replace(group, groups=tuple(groups), unassessed=group.unassessed[start : start + left])


def _type_group(claim_index: ClaimIndex, entity_iri: str, claim_summaries: list[ClaimSummary], most: int) -> TypeGroup:
    unassessed = [one for one in claim_summaries if _is_unassessed(claim_index, one)]
    groups, shown = _outcome_groups(
        claim_index, entity_iri, [one for one in claim_summaries if one not in unassessed], most
    )
    listed = tuple(unassessed[: most - shown])
    standings = Counter(one.standing for one in claim_summaries if one.standing)
    return TypeGroup(
        type=claim_summaries[0].type,
        count=len(claim_summaries),
        shown=shown + len(listed),
        groups=groups,
        unassessed=listed,
        standings=tuple(sorted(standings.items(), key=lambda pair: (-pair[1], pair[0].label))),
    )


def _is_unassessed(claim_index: ClaimIndex, claim_summary: ClaimSummary) -> bool:
    standing = claim_summary.standing.iri.rpartition("#")[2] if claim_summary.standing else ""
    return standing in _UNASSESSED and not claim_summary.flaws and not opposed(claim_index, claim_summary)


def _outcome_groups(
    claim_index: ClaimIndex, entity_iri: str, claim_summaries: list[ClaimSummary], most: int
) -> tuple[tuple[OutcomeGroup, ...], int]:
    """Returns the first ``most`` claims by outcome, and how many those are."""
    by_outcome: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
    outcomes: dict[str, Reference | None] = {}
    for claim_summary in claim_summaries:
        outcome = _outcome(claim_summary, entity_iri)
        key = outcome.iri if outcome else ""
        by_outcome[key].append(claim_summary)
        outcomes[key] = outcome
    divided = {
        key
        for key, members in by_outcome.items()
        if any(opposed(claim_index, claim_summary) for claim_summary in members)
    }
    in_order = sorted(by_outcome.items(), key=lambda item: (item[0] not in divided, -len(item[1]), item[0]))
    groups: list[OutcomeGroup] = []
    shown = 0
    for key, unsorted in in_order:
        if shown >= most:
            break
        members = sorted(unsorted, key=_strength)
        shown_claims = tuple(
            ClaimWithOpposition(claim_summary, opposed(claim_index, claim_summary))
            for claim_summary in members[: most - shown]
        )
        groups.append(OutcomeGroup(outcomes[key], shown_claims, _are_divided(shown_claims)))
        shown += len(shown_claims)
    return tuple(groups), shown


def _strength(claim_summary: ClaimSummary) -> tuple[bool, int]:
    """Returns a sort key: claims that studies decide first, and among them those of the strongest design."""
    deciding = [bearing.rank for bearing in claim_summary.bearings if bearing.decides and bearing.rank]
    return not deciding, min(deciding, default=0)


def _are_divided(shown_claims: tuple[ClaimWithOpposition, ...]) -> bool:
    """Returns whether claims of a group contradict other claims of the same group."""
    here = {shown.claim_summary.claim.iri for shown in shown_claims}
    return any(other.claim.iri in here for shown in shown_claims for other in shown.opposed)


def _outcome(claim_summary: ClaimSummary, entity_iri: str) -> Reference | None:
    """Returns the other end of the claim, seen from the entity."""
    if "subject" not in claim_summary.parts.get(entity_iri, ()) and any(
        about.iri == entity_iri for about in claim_summary.about
    ):
        return claim_summary.role("subject")
    return next((about for about in claim_summary.about if about.iri != entity_iri), claim_summary.role("subject"))


def _is_rare_beside_none(one: ClaimSummary, other: ClaimSummary) -> bool:
    """Whether one says that something happens rarely, and the other that no difference was seen: both can hold."""
    rare = any(
        {named.iri.rpartition("#")[2] for named in claim.roles.get("frequency", ())} & _RARE for claim in (one, other)
    )
    return rare and effect_direction.NONE in (one.sense, other.sense)


def _same_matter(claim_index: ClaimIndex, claim_summary: ClaimSummary, other: ClaimSummary) -> bool:
    """Returns whether two claims relate the same substance, or a form of it, to the same entity in the same aspect."""
    for role in ("object", "objectAspect", "subjectAspect", "model"):
        if {entity.iri for entity in claim_summary.roles.get(role, ())} != {
            entity.iri for entity in other.roles.get(role, ())
        }:
            return False
    subject, other_subject = claim_summary.role("subject"), other.role("subject")
    if subject is None or other_subject is None:
        return False
    broader = claim_index.broader_forms
    return (
        subject.iri == other_subject.iri
        or other_subject.iri in broader.get(subject.iri, ())
        or subject.iri in broader.get(other_subject.iri, ())
    )
