"""One entity with its names and relations."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.vocabulary import SKOS_DEFINITION


@dataclass(frozen=True)
class Reference:
    """An IRI and its label."""

    iri: str
    label: str


@dataclass(frozen=True)
class LiteralValue:
    """A literal: its lexical form, and its language tag or the local name of its datatype."""

    text: str
    type: str


@dataclass(frozen=True)
class StatedValue:
    """A value of a property; ``inferred`` if a rule derived it rather than a curator stated it.

    ``meaning`` explains a hedge or a basis in a sentence and is empty for other values.
    """

    value: Reference | LiteralValue
    inferred: bool
    meaning: str = ""

    @property
    def words(self) -> str:
        """The label of an entity, or the text of a literal."""
        return self.value.label if isinstance(self.value, Reference) else self.value.text


@dataclass(frozen=True)
class Relation:
    """A property of an entity, with its values."""

    property: Reference
    values: tuple[StatedValue, ...]


@dataclass(frozen=True)
class Entity:
    """An entity with everything that its page shows."""

    iri: str
    name: str
    label: str
    types: tuple[Reference, ...]
    inferred_types: tuple[Reference, ...]
    description: str
    abbreviations: tuple[str, ...]
    synonyms: tuple[str, ...]
    amount: str
    relations: tuple[Relation, ...]

    def texts(self, predicate: str) -> tuple[str, ...]:
        """Returns the literal values of the property with this IRI."""
        values = [stated.value for r in self.relations if r.property.iri == predicate for stated in r.values]
        return tuple(value.text for value in values if isinstance(value, LiteralValue))

    @property
    def definitions(self) -> tuple[str, ...]:
        """Of an ontology term, what it means."""
        return self.texts(SKOS_DEFINITION)

    @property
    def description_or_definition(self) -> str:
        """Its description, or else its definition; "" where it has neither."""
        return self.description or " ".join(self.definitions)

    def related(self, predicate: str) -> Relation | None:
        """Returns the relation whose property has this local name in the ontology, or ``None``."""
        return next((r for r in self.relations if r.property.iri.endswith("ontology#" + predicate)), None)

    def linked(self, predicate: str) -> tuple[Reference, ...]:
        """Returns the entities that are values of the property with this IRI."""
        values = [stated.value for r in self.relations if r.property.iri == predicate for stated in r.values]
        return tuple(value for value in values if isinstance(value, Reference))
