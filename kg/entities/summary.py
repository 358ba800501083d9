"""One entity in brief, as plain data with CURIEs and labels; agents and the command line share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.claims import flaw_columns, narrative
from kg.claims.claim_index import ClaimIndex, ClaimSummary, FlawSummary
from kg.entities import view
from kg.entities.view import EntityView
from kg.errors import VitkError
from kg.propositions.index import PropositionSummary
from kg.reader.entity import Reference, Relation
from kg.reader.reader import Reader

MOST_CLAIMS, MOST_VALUES = 40, 12
Data = dict[str, Any]


def summarise(reader: Reader, claim_index: ClaimIndex, iri: str) -> Data:
    """Returns names, relations, propositions and claims of an entity; of a food, what is known and unknown.

    A proposition comes with how it was assessed, a claim with its proposition, its standing and its flaws. Empty
    members are left out.

    Raises:
        VitkError: the graph says nothing about the IRI.
    """
    found = view.load(reader, claim_index, iri)
    if found is None:
        raise VitkError(f"{reader.vocabulary.shorten(iri)} is named and nothing is said of it.")
    summary = _Summary(reader)
    entity = found.entity
    own = found.as_claim
    payload: Data = {
        "id": summary.curie(iri),
        "iri": iri,
        "label": entity.label,
        "types": [one.label for one in entity.types],
        "description": entity.description_or_definition,
        "names": [*entity.abbreviations, *entity.synonyms],
        "amount": entity.amount,
        "flaws": [summary.flaw(flaw) for flaw in own.flaws] if own else [],
        "relations": {relation.property.label: summary.values(relation) for relation in entity.relations},
        "assessment": narrative.lines(reader, claim_index, iri) or [],
        "propositions": [summary.proposition(one) for one in found.propositions[:MOST_CLAIMS]],
        "propositionsInAll": len(found.propositions),
        "claims": [summary.claim(one) for one in found.claims[:MOST_CLAIMS]],
        "claimsInAll": len(found.claims),
        "namedBy": {named.property.label: named.count for named in found.backlinks},
    }
    if found.is_food:
        payload |= summary.amounts(found)
    return {name: value for name, value in payload.items() if value not in ("", [], {})}


def lines(payload: Mapping[str, Any]) -> Iterator[str]:
    """Yields a summary as indented lines for a terminal."""
    for name, value in payload.items():
        yield from _lines(name, value, "")


class _Summary:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def curie(self, iri: str) -> str:
        return self._reader.vocabulary.shorten(iri)

    def flaw(self, flaw: FlawSummary) -> Data:
        corrections = [f"{claim.label} ({self.curie(claim.iri)})" for claim in flaw.corrections]
        return {"said": flaw_columns.in_words(flaw), "why": flaw.why, "corrections": corrections}

    def proposition(self, summary: PropositionSummary) -> Data:
        return {
            "id": self.curie(summary.proposition.iri),
            "statement": summary.proposition.label,
            "type": summary.type.label,
            "assessment": summary.words,
        }

    def claim(self, claim_summary: ClaimSummary) -> Data:
        expressed = claim_summary.proposition
        return {
            "id": self.curie(claim_summary.claim.iri),
            "statement": claim_summary.claim.label,
            "hedge": claim_summary.hedge.label if claim_summary.hedge else "",
            "proposition": self.curie(expressed.proposition.iri) if expressed else "",
            "polarity": claim_summary.polarity.label if claim_summary.polarity else "",
            "fit": claim_summary.fit.label if claim_summary.fit else "",
            "assessment": expressed.words if expressed else "",
            "standing": claim_summary.standing.label if claim_summary.standing else "",
            "restsOn": [self.curie(other.iri) for other in claim_summary.rests_on],
            "flaws": [self.flaw(flaw) for flaw in claim_summary.flaws],
            "isFlawed": bool(claim_summary.flaws),
            "isCorrected": claim_summary.is_corrected,
        }

    def amounts(self, food: EntityView) -> Data:
        forms = self._reader.quantities_of_vitamin_k
        payload = [
            {
                "component": amount.component.label,
                "amount": amount.words,
                "per": "100 g, or as the words say",
                "source": amount.source.label if amount.source else "this table",
                "origin": amount.origin.label if amount.origin else "as published",
                "match": amount.match.label if amount.match else "",
            }
            for amount in food.vitamin_k
            if amount.component.iri in forms
        ]
        note = "A form that is not listed is unknown in this food, not zero."
        return {"amounts": payload, "unknownInThisTable": [form.label for form in food.unknown_forms], "note": note}

    def values(self, relation: Relation) -> list[str]:
        values = [
            f"{stated.value.label} ({self.curie(stated.value.iri)})"
            if isinstance(stated.value, Reference)
            else stated.value.text
            for stated in relation.values[:MOST_VALUES]
        ]
        more = len(relation.values) - len(values)
        return [*values, f"and {more} more"] if more else values


def _lines(name: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield f"{indent}{name}:"
        for inner, one in value.items():
            yield from _lines(str(inner), one, indent + "  ")
    elif isinstance(value, list):
        yield f"{indent}{name}:"
        for one in value:
            yield from _entry(one, indent + "  ")
    else:
        yield f"{indent}{name}: {value}"


def _entry(one: object, indent: str) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"{indent}- {one}"
        return
    first, *others = [(name, value) for name, value in one.items() if value not in ("", [], {}, False)]
    yield f"{indent}- {first[1]}"
    for name, value in others:
        yield from _lines(name, value, indent + "  ")
