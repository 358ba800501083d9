"""Local names of entities, terms and graphs in URL paths."""

from __future__ import annotations

from urllib.parse import quote, unquote

from werkzeug.routing import BaseConverter

from kg.rdf.iri import encoded_name
from kg.rdf.vocabulary import Vocabulary


class LocalNameConverter(BaseConverter):
    """Matches the rest of a path, which arrives decoded, and encodes it again as in the IRI of the entity.

    So a name may have any character, among them slashes and line ends. It does not begin with a slash: empty segments
    of a path are merged.
    """

    part_isolating = False
    regex = r"(?!/)(?:.|\n)+"

    def to_python(self, value: str) -> str:
        """Returns the local name."""
        return encoded_name(value)


def in_path(name: str) -> str:
    """Returns a local name as it is written in a path: as in the IRI, in which it is encoded already."""
    return encoded_name(unquote(name))


def local_path(vocabulary: Vocabulary, iri: str) -> str:
    """Returns the path of the local page of an IRI of ours; other IRIs unchanged."""
    for start, path in (
        (vocabulary.entities, page_path),
        (vocabulary.terms, term_path),
        (vocabulary.graph(""), graph_path),
    ):
        if iri.startswith(start):
            return path(iri.removeprefix(start))
    if iri in (vocabulary.base + "dataset", vocabulary.base + "ontology"):
        return "/" + iri.removeprefix(vocabulary.base)
    return iri


def page_path(name: str) -> str:
    """Returns the path of the page of an entity, given by its local name."""
    return f"/page/{in_path(name)}"


def term_path(name: str) -> str:
    """Returns the path of the page of an ontology term."""
    return f"/ontology/{quote(name)}"


def graph_path(name: str) -> str:
    """Returns the path of the page of a named graph."""
    return f"/graph/{quote(name)}"
