"""The dataset and its things in the words of schema.org, as search engines read them."""

from __future__ import annotations

from typing import Any

from kg.manifest import Dump
from kg.rdf.formats import BY_NAME
from kg.reader.entity import Entity, Reference
from server.core.state import app_state
from server.linked_data import dcat, resources
from server.linked_data.resources import Resource
from server.linked_data.signposting import LICENCE

# Only what means the same in schema.org; everything else is just a thing there.
_TYPES = {
    "Protein": "Protein", "Enzyme": "Protein", "VitaminKForm": "MolecularEntity", "Menaquinone": "MolecularEntity",
    "Drug": "Drug", "Condition": "MedicalCondition", "Study": "MedicalStudy", "Dataset": "Dataset",
}  # fmt: skip
_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"


def page(resource: Resource, entity: Entity, above: list[Reference], *, is_term: bool) -> dict[str, Any]:
    """A ``schema:WebPage`` about one thing or ontology term, as JSON-LD; ``above`` are the classes on the way to it."""
    current = app_state()
    full, urls = current.urls.full, current.urls
    about: dict[str, Any] = {"@type": _type(entity, is_term), "@id": entity.iri, "name": entity.label}
    definitions = entity.texts("http://www.w3.org/2004/02/skos/core#definition")
    names = (*entity.abbreviations, *entity.synonyms)
    same = [value.iri for value in entity.linked(_EXACT)]
    about |= {"description": entity.description or " ".join(definitions)} if entity.description or definitions else {}
    about |= {"alternateName": list(names)} if names else {}
    about |= {"sameAs": same} if same else {}
    about |= {"inDefinedTermSet": resource.about, "termCode": entity.name} if is_term else {}
    way = [(urls.home(), "vitk"), *((urls.of(one.iri), one.label) for one in above), (resource.page, entity.label)]
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": full(path)}
        for position, (path, name) in enumerate(way, 1)
    ]
    return {
        "@context": "https://schema.org/",
        "@type": "WebPage",
        "@id": full(resource.page),
        "name": entity.label,
        "inLanguage": "en",
        "dateModified": current.reader.release.manifest.date,
        "license": LICENCE,
        "isPartOf": {"@type": "Dataset", "@id": resources.dataset_iri(), "url": full(urls.dataset())},
        "mainEntity": about,
        "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": steps},
    }


def _type(entity: Entity, is_term: bool) -> str:
    if is_term:
        return "DefinedTerm"
    classes = [kind.iri.replace("/", "#").rpartition("#")[2] for kind in entity.types]
    is_claim = any(name.endswith("Claim") for name in classes)
    return next((_TYPES[name] for name in classes if name in _TYPES), "Claim" if is_claim else "Thing")


def dataset() -> dict[str, Any]:
    """A ``schema:Dataset`` with its downloads and its catalogue, as JSON-LD."""
    current = app_state()
    reader, urls = current.reader, current.urls
    iri = resources.dataset_iri()
    words = resources.template_texts(iri)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": iri,
        "name": words["title"],
        "description": words["said"],
        "url": urls.full(urls.dataset()),
        "identifier": reader.release.id,
        "version": reader.release.id,
        "dateModified": reader.release.manifest.date,
        "license": LICENCE,
        "creator": {"@type": "Organization", "name": "the vitk contributors"},
        "creditText": words["citation"],
        "isAccessibleForFree": True,
        "keywords": ["vitamin K", "vitamin K2", "menaquinone", "phylloquinone", "knowledge graph", "evidence"],
        "distribution": [_download(dump) for dump in dcat.dumps("")],
    }


def _download(dump: Dump) -> dict[str, Any]:
    urls, fmt = app_state().urls, BY_NAME[dump.format]
    return {
        "@type": "DataDownload",
        "name": f"{fmt.label}, compressed",
        "contentUrl": urls.full(urls.dump(dump.name)),
        "encodingFormat": [fmt.media_type, "application/gzip"],
        "contentSize": f"{dump.bytes} B",
        "sha256": dump.sha256,
    }
