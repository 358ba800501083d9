"""The dataset in the words of schema.org, as search engines for data read them."""

from __future__ import annotations

from typing import Any

from kg.formats import BY_NAME
from kg.vocabulary import DCTERMS_CITATION, DCTERMS_DESCRIPTION, DCTERMS_TITLE
from server import dcat
from server.signposting import LICENCE
from server.site import site


def dataset() -> dict[str, Any]:
    """A ``schema:Dataset`` with its downloads and its catalogue, as JSON-LD."""
    current = site()
    reader, urls = current.reader, current.urls
    iri = reader.vocabulary.base + "dataset"
    title, description, citation = (
        " ".join(value.value for value in reader.values(iri, property))
        for property in (DCTERMS_TITLE, DCTERMS_DESCRIPTION, DCTERMS_CITATION)
    )
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": iri,
        "name": title,
        "description": description,
        "url": urls.full(urls.dataset()),
        "identifier": reader.release.id,
        "version": reader.release.id,
        "dateModified": reader.release.manifest["built"][:10],
        "license": LICENCE,
        "creator": {"@type": "Organization", "name": "the vitk contributors"},
        "creditText": citation,
        "isAccessibleForFree": True,
        "keywords": ["vitamin K", "vitamin K2", "menaquinone", "phylloquinone", "knowledge graph", "evidence"],
        "distribution": [_download(dump) for dump in dcat.dumps("")],
    }


def _download(dump: dict[str, Any]) -> dict[str, Any]:
    urls, format = site().urls, BY_NAME[dump["format"]]
    return {
        "@type": "DataDownload",
        "name": f"{format.label}, compressed",
        "contentUrl": urls.full(urls.dump(dump["name"])),
        "encodingFormat": [format.media_type, "application/gzip"],
        "contentSize": f"{dump['bytes']} B",
        "sha256": dump["sha256"],
    }
