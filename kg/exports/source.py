"""What exports say of a proposition: its assessment, its amounts, the publications behind it, identifiers of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kg.propositions import assessment
from kg.propositions.assessment import Assessment
from kg.propositions.index import PropositionIndex, PropositionSummary
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"
# The parts of the triple; every other role qualifies it.
TRIPLE = ("subject", "predicate", "object")


@dataclass(frozen=True)
class Publication:
    """How a study is cited; texts that are not known are "". ``address`` is that of a source of claims."""

    study: Reference
    title: str
    citation: str
    doi: str
    pmid: str
    address: str


@dataclass(frozen=True)
class Identifier:
    """An entity in an outside vocabulary: the prefix of its CURIE, what follows it, and the IRI."""

    prefix: str
    local: str
    iri: str

    @property
    def curie(self) -> str:
        """The CURIE, such as ``CHEBI:28384``."""
        return f"{self.prefix}:{self.local}"


@dataclass(frozen=True)
class ExportedProposition:
    """A proposition as exports write it.

    Attributes:
        assessment: its assessment with the evidence.
        amounts: the numbers that it states, by local name of the property.
        publications: of the studies that decide it, each once.
    """

    assessment: Assessment
    amounts: dict[str, str]
    publications: tuple[Publication, ...]

    @property
    def summary(self) -> PropositionSummary:
        """The proposition with direction, certainty and roles."""
        return self.assessment.summary

    @property
    def iri(self) -> str:
        """The IRI of the proposition."""
        return self.summary.proposition.iri

    @property
    def qualifiers(self) -> dict[str, tuple[Reference, ...]]:
        """What qualifies the triple, by local name of the property."""
        return {name: named for name, named in self.summary.roles.items() if name not in TRIPLE}


class ExportSource:
    """Reads propositions for exports; what is the same for all of them is read once.

    ``below`` returns the IRIs of a class, given by its local name, and its subclasses.
    """

    def __init__(self, reader: Reader, index: PropositionIndex) -> None:
        self.reader, self._index = reader, index
        self.vocabulary, self.release = reader.vocabulary, reader.release
        self.below = lru_cache(None)(lambda name: frozenset(reader.types_below(reader.vocabulary.term(name))))

    def of(self, iri: str) -> ExportedProposition | None:
        """Returns the proposition with this IRI; ``None`` if there is none."""
        found = assessment.of_proposition(self.reader, self._index, iri)
        return None if found is None else self._exported(found)

    def all(self) -> Iterator[ExportedProposition]:
        """Returns all propositions, in order of their IRIs."""
        iris = sorted(self._index.summaries)
        return map(self._exported, assessment.of_propositions(self.reader, self._index, iris).values())

    def _exported(self, found: Assessment) -> ExportedProposition:
        studies = dict.fromkeys(one.study.iri for one in found.deciding)
        return ExportedProposition(
            assessment=found,
            amounts=self._amounts.get(found.summary.proposition.iri, {}),
            publications=tuple(self.publications[study] for study in studies),
        )

    @cached_property
    def publications(self) -> dict[str, Publication]:
        """How each study is cited, by its IRI."""
        rows = self.reader.run("pages/study-citations", {})
        refer = self.reader.references(rows, "study")
        return {
            (iri := row["study"].value): Publication(
                refer[iri],
                *(row[name].value if name in row else "" for name in ("title", "citation", "doi", "pmid", "address")),
            )
            for row in rows
        }

    @cached_property
    def identifiers(self) -> dict[str, tuple[Identifier, ...]]:
        """The exact matches of each entity in other vocabularies, by its IRI."""
        starts = {pattern.iri_start: prefix for prefix, pattern in self.reader.identifier_patterns.items()}
        found: defaultdict[str, set[Identifier]] = defaultdict(set)
        for row in self.reader.run("pages/outside-links", {}):
            outside = row["outside"].value
            start = next((start for start in starts if outside.startswith(start)), None)
            if row["mapping"].value == _EXACT_MATCH and start is not None:
                local = outside.removeprefix(start)
                found[row["entity"].value].add(Identifier(starts[start], local, outside))
        return {iri: tuple(sorted(known, key=lambda one: one.curie)) for iri, known in found.items()}

    @cached_property
    def _amounts(self) -> dict[str, dict[str, str]]:
        terms = self.vocabulary.terms
        rows = self.reader.run("pages/proposition-amounts", {})
        return {
            iri: {row["property"].value.removeprefix(terms): row["value"].value for row in group}
            for iri, group in self.reader.grouped(rows, "proposition").items()
        }
