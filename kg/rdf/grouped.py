"""Puts triples in the order in which people read Turtle: what it is about first, each subject in one block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.vocabulary import RDF_TYPE, RDFS_LABEL

_XSD = "http://www.w3.org/2001/XMLSchema#"
# Datatypes whose literals Turtle writes without naming them.
_WRITTEN_PLAINLY = {_XSD + name for name in ("string", "boolean", "integer")}


def by_subject(triples: Iterable[Triple], first: str) -> list[Triple]:
    """Returns the triples by subject: the IRI ``first``, then those that are described, then those with labels alone.

    Within a subject its types come first, then its labels, then the other properties by their IRIs.
    """
    ordered = sorted(triples, key=lambda triple: _key(triple, first))
    described = {first} | {_value(one.subject) for one in ordered if one.predicate.value != RDFS_LABEL}
    return sorted(ordered, key=lambda triple: _value(triple.subject) not in described)


def used(prefixes: Mapping[str, str], triples: Iterable[Triple]) -> dict[str, str]:
    """Returns the prefixes that Turtle needs for the triples; those of ``a`` and of plain literals are none."""
    iris: set[str] = set()
    for triple in triples:
        iris.update(term.value for term in (triple.subject, triple.object) if isinstance(term, NamedNode))
        if triple.predicate.value != RDF_TYPE:
            iris.add(triple.predicate.value)
        if isinstance(triple.object, Literal) and not triple.object.language:
            iris.add(triple.object.datatype.value)
    iris -= _WRITTEN_PLAINLY
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {prefix: namespace for prefix, namespace in prefixes.items() if _begins(iris, namespaces, namespace)}


def _begins(iris: set[str], namespaces: set[str], namespace: str) -> bool:
    # Namespaces that end otherwise, such as those of OBO with an underscore, are searched for one by one.
    return namespace in namespaces or (namespace[-1] not in "#/" and any(iri.startswith(namespace) for iri in iris))


def _key(triple: Triple, first: str) -> tuple[bool, str, int, str, str]:
    predicate, subject = triple.predicate.value, _value(triple.subject)
    place = (RDF_TYPE, RDFS_LABEL).index(predicate) if predicate in (RDF_TYPE, RDFS_LABEL) else 2
    return subject != first, subject, place, predicate, str(triple.object)


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
