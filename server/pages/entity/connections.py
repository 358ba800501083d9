"""Where the entities stand that the picture of connections leaves out."""

from __future__ import annotations

from kg.rdf.vocabulary import Vocabulary
from kg.reader.entity import Entity
from server.core.urls import Urls
from server.svg.neighbourhood import Group


def more_url(urls: Urls, vocabulary: Vocabulary, entity: Entity, group: Group) -> str:
    """Returns where the entities of a group stand that are not drawn: in the list of it, or on the page.

    Args:
        urls: build the URL.
        vocabulary: shortens the IRI of the relation.
        entity: the entity in the centre.
        group: one of its groups.
    """
    is_term = "/ontology#" in entity.iri
    part = urls.term_part if is_term else urls.part
    if group.is_incoming and group.relation:
        return part(entity.name, incoming=vocabulary.shorten(group.relation.iri), page=1)
    return urls.of(entity.iri) + ("#facts" if group.relation else "#claims")
