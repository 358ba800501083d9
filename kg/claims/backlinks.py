"""Entities that refer to an entity: counts first, then pages. Claims are excluded, since pages show them separately."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from kg.catalogue.catalogue import Value
from kg.claims.claim_index import ClaimIndex
from kg.rdf.vocabulary import DCTERMS_SOURCE
from kg.reader.entity import Reference
from kg.reader.reader import Reader

SHOWN_FIRST = 6
PAGE = 100
# Up to this many are read and sorted; more come in the order of the store, which is just as stable.
_ORDERED = 2_000
_EXCLUDED = "http://rdfs.org/ns/void#exampleResource"


@dataclass(frozen=True)
class Backlinks:
    """Entities that refer to an entity by one property: their number, and those shown."""

    property: Reference
    count: int
    shown: tuple[Reference, ...]


@dataclass(frozen=True)
class BacklinkPage:
    """One page of the entities that refer to an entity by one property; pages count from 1."""

    incoming: Backlinks
    page: int
    pages: int


def counts(reader: Reader, claim_index: ClaimIndex, entity_iri: str) -> Counter[str]:
    """Counts the entities that refer to this one, by property IRI."""
    found = reader.backlink_counts.counts(entity_iri)
    if not found:
        rows = reader.run("pages/entity-incoming-counts", {"entity": entity_iri})
        found = Counter({row["property"].value: int(row["count"].value) for row in rows})
    for predicate, claims in _claims_by_property(reader, claim_index, entity_iri).items():
        found[predicate] -= len(claims)
    return Counter({predicate: count for predicate, count in found.items() if count > 0 and predicate != _EXCLUDED})


def first(reader: Reader, claim_index: ClaimIndex, entity_iri: str) -> list[Backlinks]:
    """Returns every property with its count and the first few entities, properties with many first."""
    found, shown = _few(reader, claim_index, entity_iri) or _many(reader, claim_index, entity_iri)
    refer = reader.references([], extra={*found, *(other for others in shown.values() for other in others)})
    incoming = [
        Backlinks(refer[predicate], found[predicate], tuple(refer[other] for other in others))
        for predicate, others in shown.items()
    ]
    return sorted(incoming, key=lambda backlinks: (-backlinks.count, backlinks.property.label))


def part(reader: Reader, claim_index: ClaimIndex, entity_iri: str, predicate: str, page: int) -> BacklinkPage | None:
    """Returns one page of the entities that refer to this one by a property; ``None`` if there is no such page."""
    count = counts(reader, claim_index, entity_iri)[predicate]
    pages = -(-count // PAGE)
    if not 1 <= page <= pages:
        return None
    others = _others(reader, claim_index, entity_iri, predicate, count, (page - 1) * PAGE, PAGE)
    refer = reader.references([], extra={predicate, *others})
    return BacklinkPage(Backlinks(refer[predicate], count, tuple(refer[other] for other in others)), page, pages)


def _few(reader: Reader, claim_index: ClaimIndex, entity_iri: str) -> tuple[Counter[str], dict[str, list[str]]] | None:
    """Returns counts and the first entities by property from one query; ``None`` if there are too many for one."""
    if reader.backlink_counts.counts(entity_iri):
        return None
    rows = reader.run("pages/entity-incoming", {"entity": entity_iri, "limit": _ORDERED})
    if len(rows) == _ORDERED:
        return None
    claims = _claims_by_property(reader, claim_index, entity_iri)
    others: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        predicate, other = row["property"].value, row["other"].value
        if other not in claims.get(predicate, ()) and predicate != _EXCLUDED:
            others[predicate].add(other)
    shown = {predicate: sorted(some)[:SHOWN_FIRST] for predicate, some in others.items()}
    return Counter({predicate: len(some) for predicate, some in others.items()}), shown


def _many(reader: Reader, claim_index: ClaimIndex, entity_iri: str) -> tuple[Counter[str], dict[str, list[str]]]:
    found, claims = counts(reader, claim_index, entity_iri), _claims_by_property(reader, claim_index, entity_iri)
    return found, {predicate: _some(reader, entity_iri, predicate, claims.get(predicate, set())) for predicate in found}


def _some(reader: Reader, entity_iri: str, predicate: str, claims: set[str]) -> list[str]:
    rows = _ask(reader, entity_iri, predicate, SHOWN_FIRST + len(claims), 0)
    return sorted(other for other in rows if other not in claims)[:SHOWN_FIRST]


def _others(
    reader: Reader, claim_index: ClaimIndex, entity_iri: str, predicate: str, count: int, start: int, number: int
) -> list[str]:
    if count > _ORDERED:
        return _ask(reader, entity_iri, predicate, number, start)
    claims = _claims_by_property(reader, claim_index, entity_iri).get(predicate, set())
    others = sorted(other for other in _ask(reader, entity_iri, predicate, 2 * _ORDERED, 0) if other not in claims)
    return others[start : start + number]


def _ask(reader: Reader, entity_iri: str, predicate: str, number: int, start: int) -> list[str]:
    arguments: dict[str, Value] = {"entity": entity_iri, "property": predicate, "limit": number, "offset": start}
    return [row["other"].value for row in reader.run("pages/entity-incoming-by", arguments)]


def _claims_by_property(reader: Reader, claim_index: ClaimIndex, entity_iri: str) -> dict[str, set[str]]:
    """Returns the claims that pages show as claims, by the property with which they refer to the entity."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for claim_summary in claim_index.claims_about(entity_iri):
        for role in claim_summary.parts.get(entity_iri, ()):
            found[reader.vocabulary.term(role)].add(claim_summary.claim.iri)
        if claim_summary.section and claim_summary.section.iri == entity_iri:
            found[DCTERMS_SOURCE].add(claim_summary.claim.iri)
    return found
