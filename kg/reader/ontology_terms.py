"""The terms of the ontology for its documentation, read by one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class TermNode:
    """A term in a tree, with the terms directly below it."""

    term: OntologyTerm
    below: tuple[TermNode, ...]


def trees(groups: Mapping[str, Sequence[OntologyTerm]]) -> dict[str, list[TermNode]]:
    """Returns the groups as trees, in which each term appears once.

    Classes and properties are below the first class or property that they specialise, named values below their class,
    which then appears there too, without its other subclasses.
    """
    classes = {term.iri: term for terms in groups.values() for term in terms}
    found: dict[str, list[TermNode]] = {}
    for title, terms in groups.items():
        if title == _NAMED:
            by_class: dict[str, list[OntologyTerm]] = {}
            for term in terms:
                own = (one.iri for one in term.relations.get("type", ()) if one.iri in classes)
                by_class.setdefault(next(own, term.iri), []).append(term)
            found[title] = [
                TermNode(classes[iri], tuple(TermNode(term, ()) for term in members if term.iri != iri))
                for iri, members in sorted(by_class.items(), key=lambda item: natural_key(classes[item[0]].label))
            ]
        else:
            found[title] = _forest(terms)
    return found


def _forest(terms: Sequence[OntologyTerm]) -> list[TermNode]:
    here = {term.iri for term in terms}
    below: dict[str, list[OntologyTerm]] = {}
    for term in terms:
        above = (*term.relations.get("subclass of", ()), *term.relations.get("subproperty of", ()))
        below.setdefault(next((one.iri for one in above if one.iri in here), ""), []).append(term)

    def nodes(above: str) -> list[TermNode]:
        return [TermNode(term, tuple(nodes(term.iri))) for term in below.get(above, ())]

    return nodes("")


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
