"""Finds texts that are no entities, such as pages and catalogue queries, by the words of their titles and summaries."""

from __future__ import annotations

import math
from collections import Counter
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
        self._documents = [
            (document, stems(document.title), stems(f"{document.title} {document.summary} {document.words}"))
            for document in documents
        ]
        self._uses = Counter(word for *_, words in self._documents for word in words)

    def find(self, text: str, limit: int) -> list[Document]:
        """Returns the documents that contain most of the words of a text, best first."""
        wanted = stems(text)
        total = sum(map(self._weight, wanted))
        scored = []
        for place, (document, title, words) in enumerate(self._documents):
            share = sum(map(self._weight, wanted & words))
            if total and share >= _MIN_SHARE * total:
                scored.append((-share - _IN_TITLE * sum(map(self._weight, wanted & title)), place, document))
        return [document for *_, document in sorted(scored, key=lambda row: row[:2])[:limit]]

    def _weight(self, word: str) -> float:
        return math.log((1 + len(self._documents)) / (1 + self._uses[word])) + 0.1
