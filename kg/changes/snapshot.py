"""What a release says of an entity, read without its catalogue, so that those of earlier versions can be compared."""

from __future__ import annotations

import re
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kg.rdf.vocabulary import DCTERMS_TITLE, OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, Vocabulary

_SUBCLASS = NamedNode(OUTSIDE_PREFIXES["rdfs"] + "subClassOf")
_NAMES = (RDFS_LABEL, DCTERMS_TITLE)
_CLASSES = {"proposition": "Proposition", "claim": "Claim", "study": "Study"}
_MAX_TEXT = 300


class Snapshot:
    """One of two releases.

    Args:
        store: its store.
        vocabulary: its vocabulary.
    """

    def __init__(self, store: Store, vocabulary: Vocabulary) -> None:
        self._store, self.vocabulary = store, vocabulary
        self._labels: dict[str, str] = {}

    def values(self, iri: str, name: str) -> list[NamedNode | Literal]:
        """The values of a property of vitk's ontology, sorted; the property is given by its local name."""
        found = self._store.quads_for_pattern(NamedNode(iri), NamedNode(self.vocabulary.term(name)), None)
        return sorted((q.object for q in found if isinstance(q.object, NamedNode | Literal)), key=str)

    def value(self, iri: str, name: str) -> str:
        """The first value of a property; "" if there is none."""
        return next((term.value for term in self.values(iri, name)), "")

    def pointing(self, name: str, iri: str) -> list[str]:
        """The entities of which an IRI is the value of a property, sorted."""
        found = self._store.quads_for_pattern(None, NamedNode(self.vocabulary.term(name)), NamedNode(iri))
        return sorted({quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)})

    def exists(self, iri: str) -> bool:
        """Whether anything is stated of an IRI."""
        return next(iter(self._store.quads_for_pattern(NamedNode(iri), None, None)), None) is not None

    def label(self, iri: str) -> str:
        """The name of an entity; words from its IRI if it has none."""
        if iri not in self._labels:
            found = [
                quad.object.value
                for name in _NAMES
                for quad in self._store.quads_for_pattern(NamedNode(iri), NamedNode(name), None)
                if isinstance(quad.object, Literal)
            ]
            self._labels[iri] = found[0] if found else self._from_iri(iri)
        return self._labels[iri]

    def words(self, term: NamedNode | BlankNode | Literal | Triple) -> str:
        """A value in words."""
        if isinstance(term, NamedNode):
            return self.label(term.value)
        if isinstance(term, Literal):
            return term.value if len(term.value) <= _MAX_TEXT else term.value[:_MAX_TEXT] + "…"
        return "(details)"

    def kind(self, iri: str) -> str:
        """Under which heading changes of an entity are listed."""
        if not iri.startswith(self.vocabulary.entities):
            return "term"
        types = {
            quad.object.value
            for quad in self._store.quads_for_pattern(NamedNode(iri), NamedNode(RDF_TYPE), None)
            if isinstance(quad.object, NamedNode)
        }
        for kind, classes in self._classes.items():
            if types & classes:
                return kind
        is_evidence = any(
            quad.graph_name == NamedNode(self.vocabulary.graph("evidence"))
            for quad in self._store.quads_for_pattern(NamedNode(iri), NamedNode(RDF_TYPE), None)
        )
        return "evidence" if is_evidence else "entity"

    @cached_property
    def _classes(self) -> dict[str, set[str]]:
        return {kind: self._below(self.vocabulary.term(name)) for kind, name in _CLASSES.items()}

    def _below(self, top: str) -> set[str]:
        found, waiting = {top}, [top]
        while waiting:
            quads = self._store.quads_for_pattern(None, _SUBCLASS, NamedNode(waiting.pop()))
            new = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)} - found
            found |= new
            waiting += new
        return found

    def _from_iri(self, iri: str) -> str:
        curie = self.vocabulary.shorten(iri)
        if curie == iri:
            return iri
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", curie.partition(":")[2]).replace("-", " ").lower()
