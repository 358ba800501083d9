"""Suggests the names and words of a release that are nearest to a misspelt one."""

from __future__ import annotations

import difflib
import math
from functools import lru_cache

from kg.index.connection import IndexConnection

# Similarity from 0 to 1 from which on two texts are compared letter by letter.
_SIMILAR = 0.7
# What each doubling of the number of names with a word adds to its similarity.
_COMMON = 0.02
_CANDIDATES = 60
_MAX_LENGTH = 40
_CACHED_WORDS = 4096


class Spelling:
    """Finds the nearest names and words in the side index of a release."""

    def __init__(self, connection: IndexConnection) -> None:
        self._connection = connection
        # A search and its card look the same words up.
        self._corrected = lru_cache(_CACHED_WORDS)(self._correct)

    def near(self, key: str, class_iri: str | None = None) -> list[tuple[float, int, str]]:
        """Returns similarity, row id and name of entities whose name a normalised one may misspell, best first."""
        if not 3 <= len(key) <= _MAX_LENGTH:
            return []
        query = """SELECT entity, text, name.normalised FROM grams JOIN name ON name.rowid = grams.rowid
                   JOIN entity ON entity.id = name.entity
                   WHERE grams MATCH :grams AND (:class IS NULL OR type = :class) ORDER BY grams.rank LIMIT :most"""
        given = {"grams": grams(key), "class": class_iri, "most": _CANDIDATES}
        rows = self._connection.execute(query, given).fetchall()
        scored = [(_similarity(key, name), row_id, text) for row_id, text, name in rows if is_slip(key, name)]
        return sorted(scored, key=lambda row: -row[0])

    def corrected(self, words: list[str]) -> list[str]:
        """Returns the words, each one that occurs nowhere replaced by the word of a name that it may misspell."""
        return [self._corrected(word) for word in words]

    def _correct(self, word: str) -> str:
        return word if self._is_known(word) else self._nearest(word)

    def _is_known(self, word: str) -> bool:
        query = "SELECT 1 FROM spelling WHERE word >= :word AND word < :word || char(1114111) LIMIT 1"
        if len(word) < 4 or not word.isalpha():
            return True
        if self._connection.execute(query, {"word": word}).fetchone() is not None:
            return True
        anywhere = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
        return self._connection.execute(anywhere, (f'"{word}"',)).fetchone() is not None

    def _nearest(self, word: str) -> str:
        query = """SELECT spelling.word, uses FROM spelling_grams JOIN spelling ON spelling.rowid = spelling_grams.rowid
                   WHERE spelling_grams MATCH ? ORDER BY spelling_grams.rank LIMIT ?"""
        rows = self._connection.execute(query, (grams(word), _CANDIDATES)).fetchall()
        # Of two similar words the one in many names is meant rather than the one in few, which may itself be a slip.
        slips = (
            (_similarity(word, known) + _COMMON * math.log2(1 + uses), known)
            for known, uses in rows
            if is_slip(word, known)
        )
        return max(slips, default=(0.0, word))[1]


def grams(text: str) -> str:
    """Returns an FTS5 query for texts with any three letters in a row of a text."""
    return " OR ".join(f'"{gram}"' for gram in sorted({text[at : at + 3] for at in range(len(text) - 2)}))


def _similarity(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second).ratio()


def is_slip(typed: str, meant: str) -> bool:
    """Returns whether a text may be a misspelling of another one.

    Few letters differ for its length, and the first one does not, unless the first two are swapped: people seldom
    mistake the beginning of a word.
    """
    if typed[0] != meant[0] and typed[:2] != meant[1::-1]:
        return False
    allowed = 1 if len(typed) < 8 else 2 if len(typed) < 13 else 3
    if abs(len(typed) - len(meant)) > allowed or _similarity(typed, meant) < _SIMILAR:
        return False
    return edits(typed, meant) <= allowed


def edits(typed: str, meant: str) -> int:
    """Returns how many letters must be added, left out, replaced or swapped with their neighbour."""
    above: list[int] = []
    before = list(range(len(meant) + 1))
    for row, letter in enumerate(typed, 1):
        current = [row]
        for column, other in enumerate(meant, 1):
            cost = min(before[column] + 1, current[-1] + 1, before[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == meant[column - 2] and typed[row - 2] == other:
                cost = min(cost, above[column - 2] + 1)
            current.append(cost)
        above, before = before, current
    return before[-1]
