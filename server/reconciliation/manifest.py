"""The manifest of the service: what it offers, and at which addresses (specification, section 3.1)."""

from __future__ import annotations

from typing import Any

import kg
from server.core.state import AppState
from server.reconciliation import paths
from server.reconciliation.limits import MAX_QUERIES

# What people have in tables, by local name.
_DEFAULT_TYPES = (
    *(
        "Food",
        "TableFood",
        "Drug",
        "VitaminKForm",
        "Vitamin",
        "Protein",
        "Condition",
        "Population",
        "Organism",
        "Study",
    ),
)
_PREVIEW_WIDTH, _PREVIEW_HEIGHT = 420, 220


def manifest(current: AppState) -> dict[str, Any]:
    """Returns the manifest, with absolute addresses of this server."""
    urls, reader = current.urls.of_this_request(), current.reader
    root = urls.root()
    types = [reader.vocabulary.term(name) for name in _DEFAULT_TYPES]
    labels = reader.references([], extra=types)

    def service(path: str) -> dict[str, str]:
        return {"service_url": root, "service_path": path}

    return {
        "versions": ["0.2"],
        "name": "vitk: the knowledge graph of vitamin K",
        "identifierSpace": reader.vocabulary.entities,
        "schemaSpace": reader.vocabulary.terms,
        "documentation": urls.full(urls.api_docs()),
        "logo": urls.full(urls.static("icon.svg")),
        "serviceVersion": kg.__version__,
        "batchSize": MAX_QUERIES,
        "defaultTypes": [
            {"id": name, "name": labels[iri].label} for name, iri in zip(_DEFAULT_TYPES, types, strict=True)
        ],
        "view": {"url": root + "/id/{{id}}"},
        "preview": {
            "url": root + paths.PREVIEW + "?id={{id}}",
            "width": _PREVIEW_WIDTH,
            "height": _PREVIEW_HEIGHT,
        },
        "suggest": {
            "entity": service(paths.SUGGEST_ENTITY),
            "type": service(paths.SUGGEST_TYPE),
            "property": service(paths.SUGGEST_PROPERTY),
        },
        "extend": {"propose_properties": service(paths.PROPERTIES), "property_settings": []},
    }
