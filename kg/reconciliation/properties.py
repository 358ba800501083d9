"""The properties by which entities are compared, and whose values are added to tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pyoxigraph import NamedNode

from kg import amounts
from kg.index.question_words import normalise
from kg.rdf.terms import Row, Term
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION, OUTSIDE_PREFIXES, SKOS_ALT_LABEL
from kg.reader.reader import Reader
from kg.reconciliation.identifiers import entity_id, term_id

# Numbers whose unit another property states are offered only together, as text: a number alone would be misread.
AMOUNT = "amount"
_DECIMAL = OUTSIDE_PREFIXES["xsd"] + "decimal"
_INTEGER = OUTSIDE_PREFIXES["xsd"] + "integer"
_UNITS = ("unit", "referenceUnit")
_AMOUNT_PARTS = (
    *("minimumAmount", "maximumAmount", "unit", "referenceAmount", "referenceUnit", "perDays", "isApproximate"),
    *("isMinimumExclusive", "isBelowDetection", "isBelowQuantification", "isTrace", "isSingleDose", "isDivided"),
)
_OTHERS = {
    SKOS_ALT_LABEL: ("other name", "Another name of the entity."),
    DCTERMS_DESCRIPTION: ("description", "What the entity is."),
    OUTSIDE_PREFIXES["bibo"] + "doi": ("DOI", "The DOI of a publication."),
    OUTSIDE_PREFIXES["bibo"] + "pmid": ("PubMed id", "The PubMed id of a publication."),
    OUTSIDE_PREFIXES["skos"] + "exactMatch": ("same in other databases", "Identifiers of the same entity elsewhere."),
    OUTSIDE_PREFIXES["skos"] + "closeMatch": ("nearly the same", "Identifiers of nearly the same entity."),
}
_MAX_CACHED = 64


@dataclass(frozen=True)
class Property:
    """A property: its identifier in the protocol, its IRI ("" for ``AMOUNT``), its name and what it says."""

    id: str
    iri: str
    name: str
    description: str


@dataclass(frozen=True)
class PropertyValue:
    """A value.

    Attributes:
        text: the label of an entity, an identifier in another database, or a literal.
        entity: the identifier of an entity of ours, or "".
        number: an integer, or ``None``.
    """

    text: str
    entity: str = ""
    number: int | None = None


class Properties:
    """The properties of one release."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._of_class = lru_cache(_MAX_CACHED)(self._used_in)

    @cached_property
    def all(self) -> Mapping[str, Property]:
        """All properties by identifier, those of the ontology first, by name."""
        vocabulary = self._reader.vocabulary
        rows = self._reader.run("pages/schema-properties", {"graph": vocabulary.graph("ontology")})
        left_out = {vocabulary.term(name) for name in _UNITS}
        left_out |= {row["property"].value for row in rows if "range" in row and row["range"].value == _DECIMAL}
        found = {}
        for row in rows:
            if (iri := row["property"].value) not in left_out:
                name = term_id(vocabulary, iri)
                found[name] = Property(name, iri, row["label"].value, row["definition"].value)
        for iri, (label, description) in _OTHERS.items():
            name = term_id(vocabulary, iri)
            found[name] = Property(name, iri, label, description)
        return {**found, AMOUNT: Property(AMOUNT, "", "amount", "An amount with its unit and what it refers to.")}

    def suggested(self, prefix: str) -> list[Property]:
        """Returns the properties whose name or identifier starts with a text, then those that contain it."""
        key = normalise(prefix)
        keys = {one: (normalise(one.name), normalise(one.id)) for one in self.all.values()}
        started = [one for one, names in keys.items() if any(name.startswith(key) for name in names)]
        return started + [one for one, names in keys.items() if one not in started and any(key in n for n in names)]

    def of_class(self, class_iri: str) -> Sequence[Property]:
        """Returns the properties that members of a class have, those of most members first."""
        return self._of_class(class_iri)

    def _used_in(self, class_iri: str) -> Sequence[Property]:
        rows = self._reader.run("pages/properties-of-class", {"class": class_iri})
        ids = [term_id(self._reader.vocabulary, row["property"].value) for row in rows]
        found = [self.all[one] for one in ids if one in self.all]
        return (*found, self.all[AMOUNT]) if "minimumAmount" in ids else tuple(found)

    def values(
        self, iris: Collection[str], properties: Collection[Property]
    ) -> dict[tuple[str, str], list[PropertyValue]]:
        """Returns the values by IRI of the entity and identifier of the property, in the order of their terms."""
        term = self._reader.vocabulary.term
        wanted = {one.iri: one.id for one in properties if one.iri}
        parts = {term(name): name for name in _AMOUNT_PARTS} if any(one.id == AMOUNT for one in properties) else {}
        if not iris or not (wanted or parts):
            return {}
        given = {"entities": sorted(iris), "properties": sorted({*wanted, *parts})}
        found: dict[tuple[str, str], list[PropertyValue]] = {}
        amount: dict[str, dict[str, str]] = {}
        for row in self._reader.run("pages/values-of-entities", given):
            entity, predicate = row["entity"].value, row["property"].value
            if predicate in wanted:
                values = found.setdefault((entity, wanted[predicate]), [])
                if (value := self._value(row)) not in values:
                    values.append(value)
            if predicate in parts:
                amount.setdefault(entity, {})[parts[predicate]] = row["value"].value
        for entity, fields in amount.items():
            if words := amounts.phrase(fields):
                found[entity, AMOUNT] = [PropertyValue(words)]
        return found

    def _value(self, row: Row) -> PropertyValue:
        value: Term = row["value"]
        vocabulary = self._reader.vocabulary
        if not isinstance(value, NamedNode):
            is_integer = value.datatype.value == _INTEGER
            return PropertyValue(value.value, number=int(value.value) if is_integer else None)
        if value.value.startswith(vocabulary.entities):
            label = row["label"].value if "label" in row else ""
            label = label or self._reader.references([], extra=[value.value])[value.value].label
            return PropertyValue(label, entity_id(vocabulary, value.value))
        if "identifier" in row:
            return PropertyValue(row["identifier"].value)
        return PropertyValue(row["label"].value if "label" in row else vocabulary.shorten(value.value))
