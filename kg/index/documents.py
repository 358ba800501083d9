"""Finds texts that are no entities, such as pages and catalogue queries, by the words of their titles and summaries."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.index.question_words import stems

# The share of the weight of the searched words that a document must contain.
_MIN_SHARE = 0.6
_IN_TITLE = 0.5


@dataclass(frozen=True)
class Document:
    """A text to find: its key, title and summary; ``words`` are further words by which it is meant."""

    key: str
    title: str
    summary: str
    words: str = ""


class DocumentIndex:
    """An index of a few hundred documents, in memory.

    Words are weighted by how few documents contain them, so that words that most of them contain decide nothing.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = list(documents)
        self._titles = [stems(document.title) for document in self._documents]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, document in enumerate(self._documents):
            for word in stems(f"{document.title} {document.summary} {document.words}"):
                self._places[word].append(place)

    def find(self, text: str, limit: int) -> list[Document]:
        """Returns the documents that contain most of the words of a text, best first."""
        weights = {word: self._weight(word) for word in stems(text)}
        shares: defaultdict[int, float] = defaultdict(float)
        for word in weights:
            for place in self._places.get(word, ()):
                shares[place] += weights[word]
        least = _MIN_SHARE * sum(weights.values())
        scored = [
            (-share - _IN_TITLE * sum(weights[word] for word in weights if word in self._titles[place]), place)
            for place, share in shares.items()
            if share >= least
        ]
        return [self._documents[place] for _, place in sorted(scored)[:limit]]

    def _weight(self, word: str) -> float:
        return math.log((1 + len(self._documents)) / (1 + len(self._places.get(word, ())))) + 0.1
