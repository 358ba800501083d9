"""The terms of the ontology as its documentation shows them, read in one question."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.terms import Term
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_DEFINITION
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_OWL, _RDFS, _SKOS = (OUTSIDE_PREFIXES[prefix] for prefix in ("owl", "rdfs", "skos"))
# In the order in which the documentation tells them.
_GROUPS = {
    "Classes": "Class",
    "Properties between things": "ObjectProperty",
    "Properties with values": "DatatypeProperty",
    "Annotations": "AnnotationProperty",
}
_NAMED = "Named values"
_RELATIONS = {
    "kind": RDF_TYPE,
    "below": _RDFS + "subClassOf",
    "below the property": _RDFS + "subPropertyOf",
    "of": _RDFS + "domain",
    "gives": _RDFS + "range",
    "the other way round": _OWL + "inverseOf",
}


@dataclass(frozen=True)
class OntologyTerm:
    """A class, property or named value; ``relations`` are what it is related to, by how, in plain words."""

    iri: str
    name: str
    label: str
    definitions: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    relations: dict[str, tuple[Reference, ...]]
    is_deprecated: bool


def by_group(reader: Reader) -> dict[str, list[OntologyTerm]]:
    """All terms by group: classes, properties of each kind, named values; by label within each."""
    rows = reader.run("pages/ontology-terms", {})
    called = reader.references(rows, "value")
    groups: dict[str, list[OntologyTerm]] = {title: [] for title in (*_GROUPS, _NAMED)}
    for iri, said in reader.grouped(rows, "term").items():
        values = {
            predicate: [row["value"] for row in stated]
            for predicate, stated in reader.grouped(said, "property").items()
        }
        kinds = {value.value for value in values.get(RDF_TYPE, ())}
        title = next((title for title, kind in _GROUPS.items() if _OWL + kind in kinds), _NAMED)
        groups[title].append(_term(iri, reader.vocabulary.terms, values, called))
    return {title: sorted(terms, key=lambda term: term.label.casefold()) for title, terms in groups.items() if terms}


def _term(iri: str, start: str, values: dict[str, list[Term]], called: dict[str, Reference]) -> OntologyTerm:
    def texts(predicate: str) -> tuple[str, ...]:
        return tuple(sorted(value.value for value in values.get(predicate, ())))

    relations = {
        how: tuple(called[value] for value in texts(predicate) if value in called and not value.startswith(_OWL))
        for how, predicate in _RELATIONS.items()
    }
    name = iri.removeprefix(start)
    return OntologyTerm(
        iri,
        name,
        next(iter(texts(RDFS_LABEL)), name),
        texts(SKOS_DEFINITION),
        texts(_SKOS + "scopeNote"),
        texts(_SKOS + "example"),
        {how: references for how, references in relations.items() if references},
        is_deprecated="true" in texts(_OWL + "deprecated"),
    )
