"""The paths of local pages, without the path prefix of the server."""

from __future__ import annotations

from urllib.parse import quote

from kg.rdf.vocabulary import Vocabulary
from server.core.local_names import in_path

SPARQL = "/sparql"
FRAGMENTS = "/fragments"


def local(vocabulary: Vocabulary, iri: str) -> str:
    """The path of the local page of an IRI of ours; other IRIs unchanged."""
    for start, path in ((vocabulary.entities, page), (vocabulary.terms, term), (vocabulary.graph(""), graph)):
        if iri.startswith(start):
            return path(iri.removeprefix(start))
    if iri in (vocabulary.base + "dataset", vocabulary.base + "ontology"):
        return "/" + iri.removeprefix(vocabulary.base)
    return iri


def page(name: str) -> str:
    """The path of the page of an entity, given by its local name."""
    return f"/page/{in_path(name)}"


def term(name: str) -> str:
    """The path of the page of an ontology term, given by its local name."""
    return f"/ontology/{quote(name)}"


def graph(name: str) -> str:
    """The path of the page of a named graph, given by its local name."""
    return f"/graph/{quote(name)}"


def pinned(root: str, path: str, query_string: str, release: str) -> str:
    """Returns the permanent URL of a request, which names a release.

    Args:
        root: path prefix of the server.
        path: path of the request, without the prefix.
        query_string: query string of the request, not empty.
        release: id of the release.
    """
    return f"{root}{path if path == SPARQL else quote(path)}?{query_string}&release={release}"
