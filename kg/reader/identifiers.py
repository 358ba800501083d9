"""Identifiers of an entity in other vocabularies, with the page that shows each."""

from __future__ import annotations

from dataclasses import dataclass

from kg.reader.reader import Reader

# How close each kind of mapping is, the closest first.
_CLOSENESS = {
    "exactMatch": "exact match",
    "closeMatch": "close match",
    "narrowMatch": "narrower",
    "broadMatch": "broader",
    "relatedMatch": "related",
}


@dataclass(frozen=True)
class Identifier:
    """An identifier in another vocabulary: vocabulary, identifier, name there, closeness of the match, page or ""."""

    vocabulary: str
    identifier: str
    name: str
    closeness: str
    page: str


def identifiers_for(reader: Reader, entity_iri: str) -> list[Identifier]:
    """Returns the identifiers of an entity, the closest match first."""
    found = []
    for row in reader.run("pages/outside", {"entity": entity_iri}):
        identifier = row["identifier"].value if "identifier" in row else row["outside"].value
        vocabulary, _, local = identifier.partition(":")
        pattern = reader.identifier_patterns.get(vocabulary)
        found.append(
            Identifier(
                vocabulary=vocabulary,
                identifier=local or identifier,
                name=row["name"].value if "name" in row else "",
                closeness=row["mapping"].value.rpartition("#")[2],
                page=pattern.page_of(local) if pattern else row["outside"].value,
            )
        )
    order = list(_CLOSENESS)
    return sorted(found, key=lambda one: (order.index(one.closeness), one.vocabulary.casefold(), one.identifier))


def by_closeness(found: list[Identifier]) -> list[tuple[str, list[Identifier]]]:
    """The identifiers under words for how close they are."""
    grouped = [(words, [one for one in found if one.closeness == closeness]) for closeness, words in _CLOSENESS.items()]
    return [(words, identifiers) for words, identifiers in grouped if identifiers]
