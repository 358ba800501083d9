"""One entity with its names and relations, and how its values are read from rows of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row, Term
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


def iris(rows: list[Row], but: tuple[str, ...]) -> set[str]:
    """Returns the IRIs in all columns but some."""
    return {
        term.value for row in rows for column, term in row.items() if isinstance(term, NamedNode) and column not in but
    }


def grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    """Groups rows by the value of a column, in the order of first occurrence."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column].value].append(row)
    return dict(groups)


def _value(term: Term, reference: Mapping[str, Reference]) -> Reference | LiteralValue:
    if isinstance(term, NamedNode):
        return reference[term.value]
    return LiteralValue(term.value, term.language or term.datatype.value.rpartition("#")[2])


def stated_values(rows: list[Row], reference: Mapping[str, Reference], inferred: str) -> tuple[StatedValue, ...]:
    """Returns the values of a property, stated ones before those in the graph ``inferred``."""
    values = [
        StatedValue(
            _value(row["value"], reference),
            row["graph"].value == inferred,
            row["meaning"].value if "meaning" in row else "",
        )
        for row in rows
    ]
    return tuple(sorted(values, key=lambda stated: (stated.inferred, natural_key(stated.words))))


def by_name(named: Reference) -> tuple[object, str]:
    """The key that sorts references by label, as people count."""
    return natural_key(named.label), named.iri
