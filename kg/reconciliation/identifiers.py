"""The identifiers of the protocol: ends of IRIs of ours, such as ``natto`` and ``Food``, and CURIEs of others."""

from __future__ import annotations

from kg.rdf.iri import is_iri
from kg.rdf.vocabulary import Vocabulary


def entity_iri(vocabulary: Vocabulary, identifier: str) -> str:
    """Returns the IRI of an entity, given by the end of its IRI, a CURIE or the IRI; "" if it is none of these."""
    return _expanded(vocabulary, vocabulary.entities, identifier)


def term_iri(vocabulary: Vocabulary, identifier: str) -> str:
    """Returns the IRI of a class or property, given like an entity."""
    return _expanded(vocabulary, vocabulary.terms, identifier)


def entity_id(vocabulary: Vocabulary, iri: str) -> str:
    """Returns the identifier of an entity."""
    return iri.removeprefix(vocabulary.entities)


def term_id(vocabulary: Vocabulary, iri: str) -> str:
    """Returns the identifier of a class or property."""
    return vocabulary.shorten(iri).removeprefix("vitk:")


def _expanded(vocabulary: Vocabulary, start: str, identifier: str) -> str:
    iri = vocabulary.expand(identifier) if ":" in identifier else start + identifier
    return iri if identifier and is_iri(iri) else ""
