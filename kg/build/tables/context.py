"""What the rows of tables depend on in curated files: little, so that an edit seldom changes it.

Rules for rows and the side index of the tables see these triples of the curated graphs and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from kg.build.load.mapping import TableMapping
from kg.build.load.templates import literals_of
from kg.rdf.vocabulary import RDF_TYPE, Vocabulary

# Which forms of vitamin K there are, and which origins of amounts count as measurements.
_PROPERTIES = ("isFormOf", "isSumWithin", "countsAsMeasurement")
_CLASSES = ("VitaminK2Form",)


@dataclass(frozen=True)
class Context:
    """The curated triples on which rows depend, sorted, and the IRIs that rows cannot describe."""

    quads: tuple[Quad, ...]
    foreign: Collection[str]

    @property
    def digest(self) -> str:
        """SHA-256 of the triples, in hex."""
        return _digest(map(str, self.quads))

    def store(self) -> Store:
        """A store in memory with the triples."""
        store = Store()
        store.extend(self.quads)
        return store

    def foreign_to(self, mapping: TableMapping, vocabulary: Vocabulary) -> frozenset[str]:
        """The IRIs that a row of this table could describe if no curated file did."""
        starts = tuple(vocabulary.expand(start) for start in mapping.starts())
        return frozenset(iri for iri in self.foreign if iri.startswith(starts))


def of(curated: Store, foreign: Collection[str], vocabulary: Vocabulary) -> Context:
    """The context in curated graphs with their inferences.

    Args:
        curated: the graphs.
        foreign: IRIs of the entities that curated files describe.
        vocabulary: of the release.
    """
    found: set[Quad] = set()
    for name in _PROPERTIES:
        found.update(curated.quads_for_pattern(None, NamedNode(vocabulary.term(name)), None))
    for name in _CLASSES:
        found.update(curated.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(vocabulary.term(name))))
    return Context(tuple(sorted(found, key=str)), foreign)


def digest_of(iris: Iterable[str]) -> str:
    """SHA-256 of some IRIs in any order, in hex."""
    return _digest(sorted(iris))


def subject_starts(mappings: Iterable[TableMapping], vocabulary: Vocabulary) -> tuple[str, ...]:
    """How the IRI of every subject in the graphs of tables begins."""
    templates: set[str] = set()
    for mapping in mappings:
        for entity in (*mapping.entities, *(entity for table in mapping.tables for entity in table.entities)):
            templates |= {entity.about, *(template for _, template in entity.of)}
    return tuple(sorted(vocabulary.expand(literals_of(template)[0]) for template in templates))


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
