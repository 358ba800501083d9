"""What the ontology and the curated files define: the names that curated files and mappings of tables may use."""

from __future__ import annotations

import difflib
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.build.read.turtle import ParsedSources
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL

_OWL, _RDF, _RDFS = (OUTSIDE_PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs"))
IMPORTS = _OWL + "imports"
# Properties that RDF itself gives every graph; the ontology declares all others.
_BUILT_IN = {
    *(RDF_TYPE, RDFS_LABEL, _RDF + "first", _RDF + "rest", _RDFS + "comment", _RDFS + "seeAlso"),
    *(_OWL + "deprecated", _OWL + "versionInfo"),
}
_OBJECT, _DATATYPE = _OWL + "ObjectProperty", _OWL + "DatatypeProperty"
_PROPERTIES = {_OBJECT, _DATATYPE, _OWL + "AnnotationProperty"}
_CLASSES = {_OWL + "Class", _RDFS + "Class"}


class KnownNames:
    """The names that curated files define, by what they are."""

    def __init__(self, sources: ParsedSources) -> None:
        self._sources = sources
        self._vocabulary = sources.vocabulary
        self._types: dict[str, set[str]] = {}
        self._ranges: dict[str, str] = {}
        for quad in sources.quads:
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode):
                continue
            if quad.predicate.value == RDF_TYPE:
                self._types.setdefault(quad.subject.value, set()).add(quad.object.value)
            elif quad.predicate.value == _RDFS + "range":
                self._ranges[quad.subject.value] = quad.object.value

    @cached_property
    def defined(self) -> frozenset[str]:
        """IRIs of all subjects."""
        return frozenset(iri for iri in self._sources.origins if not iri.startswith("_:"))

    @cached_property
    def entities(self) -> frozenset[str]:
        """IRIs of the entities that have a type."""
        return frozenset(iri for iri in self._types if iri.startswith(self._vocabulary.entities))

    def problem_of_property(self, iri: str) -> str:
        """Returns why an IRI cannot be the property of a triple, or ""."""
        if iri == IMPORTS:
            return "owl:imports: curated files import nothing; copy the terms that you need"
        if iri in _BUILT_IN or self._types.get(iri, set()) & _PROPERTIES:
            return ""
        return self._unknown(iri, "property", _PROPERTIES)

    def problem_of_class(self, iri: str) -> str:
        """Returns why an IRI cannot be the type of an entity, or ""."""
        return "" if self._types.get(iri, set()) & _CLASSES else self._unknown(iri, "class", _CLASSES)

    def problem_of_entity(self, iri: str, also: str = "") -> str:
        """Returns why an IRI that starts like ours, or with ``also``, cannot be referred to, or ""."""
        own = (self._vocabulary.terms, self._vocabulary.entities, *([also] if also else []))
        if not iri.startswith(own) or iri in self.defined:
            return ""
        name = self._vocabulary.shorten(iri)
        return f"{name} is not defined under {self._vocabulary.base}{self.hint(name)}"

    def problem_of_value(self, predicate: str, value: object) -> str:
        """Returns why a value does not fit a property: a text where entities are, or an entity for a number; or ""."""
        types, name = self._types.get(predicate, set()), self._vocabulary.shorten(predicate)
        if _OBJECT in types and isinstance(value, Literal):
            return f"the value of {name} is an entity and not a text or number"
        if _DATATYPE in types and not isinstance(value, Literal):
            return f"the value of {name} is a text or number and not an entity"
        return ""

    def datatype(self, iri: str) -> str:
        """Returns the IRI of the datatype of a property's values, or "" if they are entities or of any datatype."""
        return self._ranges.get(iri, "") if _DATATYPE in self._types.get(iri, set()) else ""

    def hint(self, name: str) -> str:
        """Returns what to do about an undefined name."""
        near = difflib.get_close_matches(name, self._shortened, 1, 0.75)
        return f"; did you mean {near[0]}?" if near else "; define it or correct the name."

    def _unknown(self, iri: str, what: str, types: set[str]) -> str:
        name = self._vocabulary.shorten(iri)
        known = [self._vocabulary.shorten(each) for each, its in self._types.items() if its & types]
        near = difflib.get_close_matches(name, known, 1, 0.75)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"{name} is not a {what} of the ontology{hint}"

    @cached_property
    def _shortened(self) -> list[str]:
        return [self._vocabulary.shorten(iri) for iri in self.defined]
