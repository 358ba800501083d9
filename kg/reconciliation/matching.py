"""Proposes entities for a name and values of properties, with a score.

A name matches only if it is equal but for case, punctuation, diacritics and spelling variants, and means one entity. A
misspelt one is proposed and never taken as a match: one letter makes another substance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from kg.catalogue.catalogue import Value
from kg.index.search import Hit
from kg.index.similar_names import SimilarName, text_similarity
from kg.reader.reader import Reader
from kg.reconciliation.identifiers import entity_id, entity_iri
from kg.reconciliation.properties import Properties, Property, PropertyValue
from kg.reconciliation.types import Types

# A score is a percentage; this share of it depends on properties where a query has a name too.
_OF_PROPERTIES = 0.4
# Texts that are less similar are other texts.
_LEAST = 0.8
# Candidates by name whose properties are compared, for each one that is wanted.
_MORE = 3


@dataclass(frozen=True)
class Wanted:
    """A property with the values that an entity should have: texts, numbers, or identifiers of entities.

    Attributes:
        property: the property.
        texts: texts, numbers and booleans as text, compared with labels, identifiers and literals.
        entities: identifiers of entities, which must be equal.
    """

    property: Property
    texts: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReconciliationQuery:
    """What is to be found.

    Attributes:
        name: the name, or "" if only properties are given.
        classes: IRIs of classes; an entity must belong to one of them.
        needs_all: whether it must belong to all of them.
        properties: properties with wanted values.
        limit: maximum number of candidates.
    """

    name: str
    classes: tuple[str, ...] = ()
    needs_all: bool = False
    properties: tuple[Wanted, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class Candidate:
    """An entity that may be meant: ``score`` is from 0 to 100; similarities from 0 to 1, or ``None`` if not wanted."""

    id: str
    hit: Hit
    score: float
    is_match: bool
    name_similarity: float | None
    property_similarity: float | None


class Matching:
    """Finds entities of one release; ``properties`` and ``types`` are those that queries may name."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.properties, self.types = reader, Properties(reader), Types(reader)

    def candidates(self, query: ReconciliationQuery) -> list[Candidate]:
        """Returns the candidates, the best first."""
        similar = self._by_name(query) if query.name else self._by_property(query)
        hits = self._reader.search.hits([(row_id, "") for row_id, _ in similar])
        if query.needs_all or not query.name:
            places = self._of_classes(query, hits)
            similar, hits = [similar[at] for at in places], [hits[at] for at in places]
        wanted = [one.property for one in query.properties]
        values = self.properties.values([hit.iri for hit in hits], wanted) if wanted else {}
        found = [
            self._candidate(hit, alike, _compared(query.properties, values, hit.iri) if wanted else None)
            for hit, (_, alike) in zip(hits, similar, strict=True)
        ]
        found.sort(key=lambda one: -one.score)
        matches = [one for one in found if one.is_match]
        # The row of a table with the name of a food is about that food, which is meant unless the table's are wanted.
        certain = [one for one in matches if not one.hit.place] or matches
        return [one if certain == [one] else replace(one, is_match=False) for one in found[: query.limit]]

    def _candidate(self, hit: Hit, name: float | None, properties: float | None) -> Candidate:
        known = [one for one in (name, properties) if one is not None]
        score = known[0] if len(known) == 1 else known[0] * (1 - _OF_PROPERTIES + _OF_PROPERTIES * known[1])
        is_match = name == 1 and properties in (None, 1)
        return Candidate(
            entity_id(self._reader.vocabulary, hit.iri), hit, round(100 * score, 1), is_match, name, properties
        )

    def _by_name(self, query: ReconciliationQuery) -> list[tuple[int, float | None]]:
        most = query.limit * (_MORE if query.properties or query.needs_all else 1)
        similar = self._reader.search.similar
        # One more, so that a name of two entities is seen to be one, whatever the limit.
        found = similar.find(query.name, query.classes, max(most, 2))
        iri = entity_iri(self._reader.vocabulary, query.name) if ":" in query.name else ""
        if iri.startswith(self._reader.vocabulary.entities) and (row_id := similar.row_of(iri, query.classes)):
            found = [SimilarName(row_id, "", 1), *(one for one in found if one.row_id != row_id)]
        return [(one.row_id, one.similarity) for one in found]

    def _by_property(self, query: ReconciliationQuery) -> list[tuple[int, float | None]]:
        """Returns the entities with the first wanted value; the other ones only affect their scores."""
        rows = []
        for one in query.properties[:1]:
            given: dict[str, Value] = {"property": one.property.iri}
            for value in one.entities if one.property.iri else ():
                iri = entity_iri(self._reader.vocabulary, value)
                rows += self._reader.run("pages/entities-with-value", {**given, "entity": iri}) if iri else []
            for text in one.texts if one.property.iri else ():
                rows += self._reader.run("pages/entities-with-text", {**given, "text": text})
        iris = dict.fromkeys(row["subject"].value for row in rows)
        found = (self._reader.search.similar.row_of(iri) for iri in iris)
        return [(row_id, None) for row_id in found if row_id]

    def _of_classes(self, query: ReconciliationQuery, hits: Sequence[Hit]) -> list[int]:
        if not query.classes or not hits:
            return list(range(len(hits)))
        classes: dict[str, set[str]] = {}
        for row in self._reader.run("pages/kinds-of", {"entities": [hit.iri for hit in hits]}):
            classes.setdefault(row["entity"].value, set()).add(row["kind"].value)
        combined = all if query.needs_all else any
        return [at for at, hit in enumerate(hits) if combined(one in classes.get(hit.iri, ()) for one in query.classes)]


def _compared(wanted: Sequence[Wanted], values: Mapping[tuple[str, str], Sequence[PropertyValue]], iri: str) -> float:
    """Returns the mean similarity of all wanted values to those that an entity has."""
    found = []
    for one in wanted:
        stated = values.get((iri, one.property.id), ())
        found += [float(any(value.entity == entity for value in stated)) for entity in one.entities]
        found += [max((_similarity(text, value) for value in stated), default=0.0) for text in one.texts]
    return sum(found) / len(found) if found else 0.0


def _similarity(text: str, value: PropertyValue) -> float:
    if text in (value.text, value.entity):
        return 1.0
    one, other = _number(text), _number(value.text)
    if one is not None or other is not None:
        return float(one == other)
    alike = text_similarity(text, value.text)
    return alike if alike >= _LEAST else 0.0


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
