"""How references are written in JSON: an IRI with its label and its address on this server."""

from __future__ import annotations

from kg.reader.entity import Reference
from server.core.urls import Urls


def reference(named: Reference, urls: Urls) -> dict[str, str]:
    """An IRI with its label and its address here."""
    return {"iri": named.iri, "label": named.label, "url": urls.of(named.iri)}


def optional_reference(named: Reference | None, urls: Urls) -> dict[str, str] | None:
    """As ``reference``; ``None`` where there is none."""
    return reference(named, urls) if named else None
