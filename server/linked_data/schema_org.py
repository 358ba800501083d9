"""Descriptions of the dataset and its entities in schema.org, for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.claims.claim_index import ClaimSummary
from kg.rdf.formats import BY_NAME
from kg.rdf.vocabulary import DATA_LICENCE
from kg.reader.entity import Entity, Reference
from kg.reader.reader import Reader
from kg.release.manifest import Dump
from server.core.urls import Urls
from server.linked_data import dcat, resources
from server.linked_data.resources import Resource

# Only classes with the same meaning in schema.org; everything else is a schema:Thing.
_TYPES = {
    "Protein": "Protein", "Enzyme": "Protein", "VitaminKForm": "MolecularEntity", "Menaquinone": "MolecularEntity",
    "Drug": "Drug", "Condition": "MedicalCondition", "Study": "MedicalStudy", "Dataset": "Dataset",
}  # fmt: skip
# Standings of claims that nobody reviewed: they have no schema:ClaimReview.
_NOT_REVIEWED = ("notAssessedStanding", "tooVagueStanding")
_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"


def page(
    resource: Resource,
    entity: Entity,
    above: list[Reference],
    reader: Reader,
    urls: Urls,
    *,
    is_term: bool,
    claims: Sequence[ClaimSummary] = (),
) -> dict[str, Any]:
    """Returns a ``schema:WebPage`` about an entity or an ontology term, as JSON-LD.

    Args:
        resource: the entity or term.
        entity: its data.
        above: superclasses, for the breadcrumb, the most general first.
        reader: of the release.
        urls: of the request.
        is_term: whether it is an ontology term.
        claims: of a claim the claim itself, of a proposition those that express it.
    """
    full = urls.full
    about: dict[str, Any] = {"@type": _type(entity, is_term), "@id": entity.iri, "name": entity.label}
    names = (*entity.abbreviations, *entity.synonyms)
    same = [value.iri for value in entity.linked(_EXACT)]
    about |= {"description": entity.description_or_definition} if entity.description_or_definition else {}
    about |= {"alternateName": list(names)} if names else {}
    about |= {"sameAs": same} if same else {}
    about |= {"inDefinedTermSet": resource.about, "termCode": entity.name} if is_term else {}
    about |= {"appearance": appearances} if (appearances := _appearances(claims, urls)) else {}
    about |= {"review": review} if (review := _review(resource, about, claims, reader, urls)) else {}
    crumbs = [(urls.home(), "vitk"), *((urls.of(one.iri), one.label) for one in above), (resource.page, entity.label)]
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": full(path)}
        for position, (path, name) in enumerate(crumbs, 1)
    ]
    return {
        "@context": "https://schema.org/",
        "@type": "WebPage",
        "@id": full(resource.page),
        "name": entity.label,
        "inLanguage": "en",
        "dateModified": reader.release.manifest.date,
        "license": DATA_LICENCE,
        "isPartOf": {"@type": "Dataset", "@id": resources.dataset_iri(reader.vocabulary), "url": full(urls.dataset())},
        "mainEntity": about,
        "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": steps},
    }


def _appearances(claims: Sequence[ClaimSummary], urls: Urls) -> list[dict[str, Any]]:
    """The sections of sources that make the claims, each once."""
    sections = dict.fromkeys(claim.section for claim in claims if claim.section)
    return [
        {"@type": "CreativeWork", "@id": one.iri, "name": one.label, "url": urls.full(urls.of(one.iri))}
        for one in sections
    ]


def _review(
    resource: Resource, about: dict[str, Any], claims: Sequence[ClaimSummary], reader: Reader, urls: Urls
) -> dict[str, Any] | None:
    """A ``schema:ClaimReview`` of a claim whose proposition is assessed.

    Its rating is a word: standings are not an order, so ``ratingValue`` would be a number without a meaning.
    """
    claim = next((one for one in claims if one.claim.iri == resource.iri), None)
    if claim is None or claim.standing is None or claim.proposition is None:
        return None
    if claim.standing.iri.rpartition("#")[2] in _NOT_REVIEWED:
        return None
    known = claim.proposition
    return {
        "@type": "ClaimReview",
        "url": urls.full(resource.page),
        "claimReviewed": claim.claim.label,
        "itemReviewed": {name: about[name] for name in ("@type", "@id", "name", "appearance") if name in about},
        "reviewRating": {
            "@type": "Rating",
            "alternateName": claim.standing.label,
            "ratingExplanation": f"What is known of it: {known.words}. {known.proposition.label}",
        },
        "author": {"@type": "Organization", "name": "the vitk contributors", "url": urls.full(urls.home())},
        "datePublished": reader.release.manifest.date,
    }


def _type(entity: Entity, is_term: bool) -> str:
    if is_term:
        return "DefinedTerm"
    classes = [one.iri.replace("/", "#").rpartition("#")[2] for one in entity.types]
    is_claim = any(name.endswith(("Claim", "Proposition")) for name in classes)
    return next((_TYPES[name] for name in classes if name in _TYPES), "Claim" if is_claim else "Thing")


def dataset(reader: Reader, urls: Urls) -> dict[str, Any]:
    """Returns a ``schema:Dataset`` with its downloads, as JSON-LD."""
    iri = resources.dataset_iri(reader.vocabulary)
    texts = resources.template_texts(reader, iri)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": iri,
        "name": texts["title"],
        "description": texts["said"],
        "url": urls.full(urls.dataset()),
        "identifier": reader.release.id,
        "version": reader.release.id,
        "dateModified": reader.release.manifest.date,
        "license": DATA_LICENCE,
        "creator": {"@type": "Organization", "name": "the vitk contributors"},
        "creditText": texts["citation"],
        "isAccessibleForFree": True,
        "keywords": ["vitamin K", "vitamin K2", "menaquinone", "phylloquinone", "knowledge graph", "evidence"],
        "distribution": [_download(dump, urls) for dump in dcat.dumps(reader.release, "")],
    }


def _download(dump: Dump, urls: Urls) -> dict[str, Any]:
    fmt = BY_NAME[dump.format]
    return {
        "@type": "DataDownload",
        "name": f"{fmt.label}, compressed",
        "contentUrl": urls.full(urls.dump(dump.name)),
        "encodingFormat": [fmt.media_type, "application/gzip"],
        "contentSize": f"{dump.bytes} B",
        "sha256": dump.sha256,
    }
