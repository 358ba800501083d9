"""The one label service: what IRIs are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from kg.catalogue import Catalogue
from kg.engine.embedded import EmbeddedEngine


class Labels:
    """Labels of things, terms and outside IRIs, asked for many at a time."""

    def __init__(self, engine: EmbeddedEngine, catalogue: Catalogue) -> None:
        self._engine, self._catalogue = engine, catalogue

    def of(self, iris: Iterable[str]) -> dict[str, str]:
        """A label for every IRI: its own where the graph has one, else read from the IRI."""
        wanted = sorted(set(iris))
        labels = {iri: self._fallback(iri) for iri in wanted}
        if wanted:
            for row in self._engine.select(self._catalogue["pages/labels"].fill({"things": wanted})):
                labels[row["thing"].value] = row["label"].value
        return labels

    def _fallback(self, iri: str) -> str:
        curie = self._catalogue.vocabulary.shorten(iri)
        if curie == iri:
            return iri
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unquote(curie.partition(":")[2]))
        return words.replace("-", " ").replace("_", " ").lower()
