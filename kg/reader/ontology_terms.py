"""The terms of the ontology for its documentation, read by one query."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Term
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_DEFINITION
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_OWL, _RDFS, _SKOS = (OUTSIDE_PREFIXES[prefix] for prefix in ("owl", "rdfs", "skos"))
# In the order of the documentation.
_GROUPS = {
    "Classes": "Class",
    "Properties between entities": "ObjectProperty",
    "Properties with values": "DatatypeProperty",
    "Annotations": "AnnotationProperty",
}
_NAMED = "Named values"
_RELATIONS = {
    "type": RDF_TYPE,
    "subclass of": _RDFS + "subClassOf",
    "subproperty of": _RDFS + "subPropertyOf",
    "domain": _RDFS + "domain",
    "range": _RDFS + "range",
    "inverse": _OWL + "inverseOf",
}


@dataclass(frozen=True)
class OntologyTerm:
    """A class, property or named value; ``relations`` are its related terms, by a plain name of the relation."""

    iri: str
    name: str
    label: str
    definitions: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    relations: dict[str, tuple[Reference, ...]]
    is_deprecated: bool


def by_group(reader: Reader) -> dict[str, list[OntologyTerm]]:
    """Returns all terms by group (classes, properties of each type, named values), each group sorted by label."""
    rows = reader.run("pages/ontology-terms", {})
    called = reader.references(rows, "value")
    groups: dict[str, list[OntologyTerm]] = {title: [] for title in (*_GROUPS, _NAMED)}
    for iri, statements in reader.grouped(rows, "term").items():
        values = {
            predicate: [row["value"] for row in stated]
            for predicate, stated in reader.grouped(statements, "property").items()
        }
        kinds = {value.value for value in values.get(RDF_TYPE, ())}
        title = next((title for title, kind in _GROUPS.items() if _OWL + kind in kinds), _NAMED)
        groups[title].append(_term(iri, reader.vocabulary.terms, values, called))
    return {title: sorted(terms, key=lambda term: natural_key(term.label)) for title, terms in groups.items() if terms}


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
