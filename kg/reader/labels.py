"""The one label service: what IRIs are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine

# Graphs whose labels are few and asked for by every page.
_CURATED = ("ontology", "entities", "claims", "evidence", "composition")
_MAX_CACHED = 50_000


class Labels:
    """Labels of things, terms and outside IRIs, asked for many at a time; a release's labels never change, so those
    that were found once are kept."""

    def __init__(self, engine: EmbeddedEngine, catalogue: Catalogue) -> None:
        self._engine, self._catalogue = engine, catalogue
        self._known: dict[str, str] = {}

    def warm(self) -> None:
        """Reads the labels of all curated things at once."""
        graphs = [self._catalogue.vocabulary.graph(name) for name in _CURATED]
        query = self._catalogue["pages/labels-of-graphs"].fill({"graphs": graphs})
        self._known.update((row["entity"].value, row["label"].value) for row in self._engine.select(query))

    def of(self, iris: Iterable[str]) -> dict[str, str]:
        """A label for every IRI: its own where the graph has one, else read from the IRI."""
        wanted = sorted(set(iris))
        missing = [iri for iri in wanted if iri not in self._known]
        found = {iri: self._fallback(iri) for iri in missing} | self._ask(missing)
        if len(self._known) + len(found) < _MAX_CACHED:
            self._known.update(found)
        return {iri: self._known.get(iri) or found[iri] for iri in wanted}

    def _ask(self, iris: list[str]) -> dict[str, str]:
        if not iris:
            return {}
        rows = self._engine.select(self._catalogue["pages/labels"].fill({"entities": iris}))
        found = {row["entity"].value: row["label"].value for row in rows}
        start = self._catalogue.vocabulary.entity_iri("measurement-")
        if unnamed := [iri for iri in iris if iri not in found and iri.startswith(start)]:
            rows = self._engine.select(self._catalogue["pages/measurement-labels"].fill({"entities": unnamed}))
            found |= {row["entity"].value: f"{row['component'].value} in {row['food'].value}" for row in rows}
        return found

    def _fallback(self, iri: str) -> str:
        curie = self._catalogue.vocabulary.shorten(iri)
        if curie == iri:
            return iri
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unquote(curie.partition(":")[2]))
        return words.replace("-", " ").replace("_", " ").lower()
