"""Operations on entities: search, the entities of a class, and one entity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kg.catalogue.catalogue import Catalogue
from kg.catalogue.query_header import Parameter
from kg.claims.claim_index import ClaimSummary
from kg.entities import view
from kg.entities.view import EntityView
from kg.index.facets import TYPE
from kg.index.search import MAX_CHARACTERS, Hit
from kg.rdf.formats import TURTLE
from kg.reader.entity import Reference, Relation
from server.api import propositions
from server.api.operation import Operation, Results, Slice, Values
from server.api.schemas import CLAIM, PROPOSITION, REFERENCE, REFERENCES, STRING, array
from server.core.references import optional_reference, reference
from server.core.state import AppState
from server.core.urls import Urls
from server.linked_data.resources import unknown

MAX_HITS = 100
_HIT = {
    "type": "object",
    "properties": dict.fromkeys(("iri", "label", "type", "description", "matched", "url"), STRING),
    "required": ["iri", "label", "type", "url"],
}
_STATED = {
    "type": "object",
    "properties": {"value": STRING, "label": STRING, "url": STRING, "inferred": {"type": "boolean"}, "type": STRING},
    "required": ["value", "inferred"],
}
_ENTITY = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("iri", "label", "description", "amount", "url", "rdf"), STRING),
        "types": REFERENCES,
        "abbreviations": {"type": "array", "items": STRING},
        "synonyms": {"type": "array", "items": STRING},
        "relations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"property": REFERENCE, "values": {"type": "array", "items": _STATED}},
                "required": ["property", "values"],
            },
        },
        "propositions": array(PROPOSITION),
        "claims": array(CLAIM),
        "incoming": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["iri", "label", "types", "relations", "propositions", "claims", "incoming", "url"],
}


def search() -> Operation:
    """Search by name, abbreviation, identifier or words."""
    q = Parameter("q", "text", "mk-7", maximum=Decimal(MAX_CHARACTERS), description="what you look for")
    type_parameter = Parameter(
        "type", "iri", "vitk:Food", optional=True, classes=("owl:Class",), description="only members of this class"
    )
    records = Parameter(
        "records",
        "choice",
        "yes",
        optional=True,
        choices=("yes",),
        description="also evidence lines, results, measurements and other records, which have a class of their own",
    )
    return Operation(
        id="search",
        path="/search",
        title_template="Entities with the name or words {q|that are given}",
        summary="Entities whose name, abbreviation, identifier or description matches, the best first; "
        "typing mistakes are forgiven.",
        tags=("identifiers",),
        parameters=(q, type_parameter, records),
        answer=_search,
        kind="entities",
        result=_HIT,
        page=20,
        most=MAX_HITS,
    )


def _search(current: AppState, values: Values, page: Slice) -> Results:
    class_iri = values["type"]
    urls = current.urls.of_this_request()
    # The list of the page, so that both count alike.
    chosen = {} if class_iri is None else {TYPE: str(class_iri)}
    records = values["records"] is not None or class_iri is not None
    size = page.limit or MAX_HITS
    found = current.reader.listing.searched(str(values["q"]), chosen, (), page.offset, size, records=records)
    return Results([_as_json(hit, urls) for hit in found.hits], found.total)


def entities(catalogue: Catalogue) -> Operation:
    """The entities of a class."""
    type_parameter = Parameter("type", "iri", "vitk:Food", "vitk:VitaminKForm", classes=("owl:Class",))
    query = catalogue["pages/entities-of-a-class"]

    def answer(current: AppState, values: Values, page: Slice) -> Results:
        wanted = str(values["type"])
        reader, urls = current.reader, current.urls.of_this_request()
        total, hits = reader.search.of_types(reader.types_below(wanted), page.offset, page.limit or MAX_HITS)
        return Results([_as_json(hit, urls) for hit in hits], total, query.fill({"type": wanted}))

    return Operation(
        id="listEntities",
        path="/entities",
        title_template="Entities of the class {type|that is given}",
        summary="Everything that belongs to a class of the ontology, or to a class below it, by name.",
        tags=("identifiers",),
        parameters=(type_parameter,),
        answer=answer,
        kind="entities",
        result=_HIT,
    )


def entity() -> Operation:
    """Declares the operation on one entity."""
    identifier = Parameter("id", "iri", "id:menaquinone-7")
    return Operation(
        id="getEntity",
        path="/entities/{id}",
        title_template="{id|One entity}",
        summary="Its names, classes and relations, the propositions and claims about it, and what else refers to it.",
        tags=("identifiers",),
        parameters=(identifier,),
        answer=_entity,
        result=_ENTITY,
        page=0,
    )


def _entity(current: AppState, values: Values, _: Slice) -> Results:
    iri = str(values["id"])
    reader, urls = current.reader, current.urls.of_this_request()
    found = view.load(reader, current.claim_index, iri)
    if found is None:
        raise unknown(iri, current)
    query = reader.catalogue["pages/entity-data"].fill({"entity": found.iri})
    return Results([_as_document(found, urls)], 1, query)


def _as_document(found: EntityView, urls: Urls) -> dict[str, Any]:
    entity = found.entity
    return {
        "iri": entity.iri,
        "label": entity.label,
        "types": [reference(one, urls) for one in entity.types],
        "description": entity.description,
        "abbreviations": list(entity.abbreviations),
        "synonyms": list(entity.synonyms),
        "amount": entity.amount,
        "relations": [_relation(relation, urls) for relation in entity.relations],
        "propositions": [propositions.summary_document(one, urls) for one in found.propositions],
        "claims": [_claim(claim_summary, found, urls) for claim_summary in found.claims],
        "incoming": [
            {
                "property": reference(one.property, urls),
                "count": one.count,
                "shown": [reference(other, urls) for other in one.shown],
            }
            for one in found.backlinks
        ],
        "url": urls.of(entity.iri),
        "rdf": urls.data(entity.name, TURTLE),
    }


def _claim(claim_summary: ClaimSummary, found: EntityView, urls: Urls) -> dict[str, Any]:
    """A claim with the roles that the entity has in it; a corrected one has no hedge, section and proposition."""
    return {
        "claim": reference(claim_summary.claim, urls),
        "type": reference(claim_summary.type, urls),
        "roles": [reference(role, urls) for role in found.roles_in(claim_summary)],
        "hedge": optional_reference(claim_summary.hedge, urls),
        "section": optional_reference(claim_summary.section, urls),
        "source": optional_reference(claim_summary.source, urls),
        "proposition": propositions.summary_document(claim_summary.proposition, urls),
        **propositions.how_it_stands(claim_summary, urls),
        "isFlawed": bool(claim_summary.flaws),
        "isCorrected": claim_summary.is_corrected,
    }


def _relation(relation: Relation, urls: Urls) -> dict[str, Any]:
    values = []
    for stated in relation.values:
        if isinstance(stated.value, Reference):
            named = reference(stated.value, urls)
            payload = {"value": named["iri"], "label": named["label"], "url": named["url"]}
        else:
            payload = {"value": stated.value.text, "type": stated.value.type}
        values.append({**payload, "inferred": stated.inferred})
    return {"property": reference(relation.property, urls), "values": values}


def _as_json(hit: Hit, urls: Urls) -> dict[str, str]:
    return {
        "iri": hit.iri,
        "label": hit.label,
        "type": hit.type_label,
        "description": hit.description,
        "matched": hit.matched,
        "url": urls.of(hit.iri),
    }
