"""Labels of IRIs; the only place that looks them up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.rdf.terms import Row

# Graphs with few labels, which every page needs.
_CURATED = ("ontology", "entities", "claims", "propositions", "evidence", "composition")
_MAX_CACHED = 50_000


def query_of_curated(catalogue: Catalogue) -> str:
    """Returns the query for the labels of all curated entities."""
    graphs = [catalogue.vocabulary.graph(name) for name in _CURATED]
    return catalogue["pages/labels-of-graphs"].fill({"graphs": graphs})


class Labels:
    """Looks up labels of entities, terms and external IRIs, in batches.

    Labels of a release never change, so up to ``_MAX_CACHED`` of them are cached.
    """

    def __init__(self, engine: EmbeddedEngine, catalogue: Catalogue) -> None:
        self._engine, self._catalogue = engine, catalogue
        self._known: dict[str, str] = {}

    def warm(self, prepared: list[Row] | None = None) -> None:
        """Reads the labels of all curated entities at once, or takes those of ``query_of_curated``."""
        rows = self._engine.select(query_of_curated(self._catalogue)) if prepared is None else prepared
        self._known.update((row["entity"].value, row["label"].value) for row in rows)

    def of(self, iris: Iterable[str]) -> dict[str, str]:
        """Returns a label for every IRI: the one in the graph, otherwise one derived from the IRI."""
        requested = sorted(set(iris))
        missing = [iri for iri in requested if iri not in self._known]
        found = {iri: self._fallback(iri) for iri in missing} | self._ask(missing)
        if len(self._known) + len(found) < _MAX_CACHED:
            self._known.update(found)
        return {iri: self._known.get(iri) or found[iri] for iri in requested}

    def _ask(self, iris: list[str]) -> dict[str, str]:
        if not iris:
            return {}
        rows = self._engine.select(self._catalogue["pages/labels"].fill({"entities": iris}))
        found = {row["entity"].value: row["label"].value for row in rows}
        start = self._catalogue.vocabulary.entity_iri("measurement-")
        if unnamed := [iri for iri in iris if iri not in found and iri.startswith(start)]:
            rows = self._engine.select(self._catalogue["pages/measurement-labels"].fill({"entities": unnamed}))
            found |= {row["entity"].value: f"{row['component'].value} in {row['food'].value}" for row in rows}
        computed = [iri for iri in iris if iri not in found and self._is_computed(iri)]
        return found | (self._of_computed(computed) if computed else {})

    def _is_computed(self, iri: str) -> bool:
        """Returns whether an IRI looks like a record of an assessment, which has no label of its own."""
        entity_iri = self._catalogue.vocabulary.entity_iri
        return iri.startswith(entity_iri("sensitivity-")) or (iri.startswith(entity_iri("line-")) and "--on--" in iri)

    def _of_computed(self, iris: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self._engine.select(self._catalogue["pages/assessment-labels"].fill({"entities": iris})):
            iri, proposition = row["entity"].value, row["proposition"].value
            if "--on--" in iri:
                found[iri] = f"{row['study'].value} as evidence on: {proposition}"
            else:
                change = f"without {row['study'].value}" if "study" in row else f"if {row['fact'].value}"
                found[iri] = f"{proposition[:-1] if proposition.endswith('.') else proposition}: {change}"
        return found

    def _fallback(self, iri: str) -> str:
        curie = self._catalogue.vocabulary.shorten(iri)
        if curie == iri:
            return iri
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unquote(curie.partition(":")[2]))
        plain = words.replace("-", " ").replace("_", " ").lower()
        # Names of RDFS write these as two words.
        return plain.replace("sub class", "subclass").replace("sub property", "subproperty")
