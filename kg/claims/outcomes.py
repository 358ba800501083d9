"""The claims on a thing, grouped as its page shows them: by kind, then by outcome, with those that disagree beside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.claims import effect_direction
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.reader.entity import Reference

# A page with more claims than this shows a part of each kind.
MAX_FIRST = 30
MIN_OF_A_KIND = 4


@dataclass(frozen=True)
class ClaimWithOpposition:
    """A claim and the claims that do not agree with it."""

    card: ClaimSummary
    opposed: tuple[ClaimSummary, ...]


@dataclass(frozen=True)
class OutcomeGroup:
    """Claims on the same outcome; ``disagree`` where they do not all point the same way."""

    outcome: Reference | None
    told: tuple[ClaimWithOpposition, ...]
    disagree: bool


@dataclass(frozen=True)
class KindGroup:
    """Claims of one kind: how many there are, and those that are shown, by outcome."""

    kind: Reference
    count: int
    shown: int
    groups: tuple[OutcomeGroup, ...]


def opposed(book: ClaimIndex, card: ClaimSummary) -> tuple[ClaimSummary, ...]:
    """The claims that contradict a claim: those that curators set against it, and those that give the same substance,
    or a form of it, the opposite direction on the same outcome."""
    known = book.opposed.get(card.claim.iri)
    if known is not None:
        return known
    stated = book.of(card.contradicts)
    found = {other.claim.iri: other for other in stated}
    target = card.role("object")
    for other in book.claims_about(target.iri) if target else ():
        if effect_direction.disagree(card.sense, other.sense) and _same_matter(book, card, other):
            found.setdefault(other.claim.iri, other)
    found.pop(card.claim.iri, None)
    book.opposed[card.claim.iri] = tuple(found.values())
    return book.opposed[card.claim.iri]


def warm(book: ClaimIndex) -> None:
    """Finds now what disagrees with each claim, not when the first page asks."""
    for card in book.summaries.values():
        opposed(book, card)


def by_kind(book: ClaimIndex, thing: str, kind: str = "") -> list[KindGroup]:
    """The claims on a thing, the largest kinds first.

    Args:
        book: all claims.
        thing: its IRI.
        kind: IRI of a kind of claims, to have all of these and no others; "" for a part of each where there are many.
    """
    cards = book.claims_about(thing)
    by_iri: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
    for card in cards:
        by_iri[card.kind.iri].append(card)
    part = max(MIN_OF_A_KIND, MAX_FIRST // max(1, len(by_iri)))
    most = len(cards) if kind or len(cards) <= MAX_FIRST else part
    found = [_kind_group(book, thing, held, most) for iri, held in by_iri.items() if kind in ("", iri)]
    return sorted(found, key=lambda group: (-group.count, group.kind.label))


def _kind_group(book: ClaimIndex, thing: str, cards: list[ClaimSummary], most: int) -> KindGroup:
    by_outcome: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
    outcomes: dict[str, Reference | None] = {}
    for card in cards:
        outcome = _outcome(card, thing)
        key = outcome.iri if outcome else ""
        by_outcome[key].append(card)
        outcomes[key] = outcome
    divided = {key for key, held in by_outcome.items() if any(opposed(book, card) for card in held)}
    in_order = sorted(by_outcome.items(), key=lambda item: (item[0] not in divided, -len(item[1]), item[0]))
    groups: list[OutcomeGroup] = []
    shown = 0
    for key, unsorted in in_order:
        if shown >= most:
            break
        held = sorted(unsorted, key=_strength)
        told = tuple(ClaimWithOpposition(card, opposed(book, card)) for card in held[: most - shown])
        groups.append(OutcomeGroup(outcomes[key], told, _are_divided(told)))
        shown += len(told)
    return KindGroup(cards[0].kind, len(cards), shown, tuple(groups))


def _strength(card: ClaimSummary) -> tuple[bool, int]:
    """Claims on which studies bear directly come first, and of these those with the strongest design."""
    direct = [bearing.rank for bearing in card.bearings if bearing.is_direct and bearing.rank]
    return not direct, min(direct, default=0)


def _are_divided(told: tuple[ClaimWithOpposition, ...]) -> bool:
    """Whether some claims of a group are opposed by others of the same group."""
    here = {one.card.claim.iri for one in told}
    return any(other.claim.iri in here for one in told for other in one.opposed)


def _outcome(card: ClaimSummary, thing: str) -> Reference | None:
    """The other end of the claim, as seen from the thing."""
    if "subject" not in card.parts.get(thing, ()) and any(about.iri == thing for about in card.about):
        return card.role("subject")
    return next((about for about in card.about if about.iri != thing), card.role("subject"))


def _same_matter(book: ClaimIndex, card: ClaimSummary, other: ClaimSummary) -> bool:
    """Whether two claims speak of the same substance, or one of its forms, and the same thing in the same regard."""
    for role in ("object", "objectAspect", "model"):
        if {one.iri for one in card.roles.get(role, ())} != {one.iri for one in other.roles.get(role, ())}:
            return False
    one, another = card.role("subject"), other.role("subject")
    if one is None or another is None:
        return False
    broader = book.broader_forms
    return one.iri == another.iri or another.iri in broader.get(one.iri, ()) or one.iri in broader.get(another.iri, ())
