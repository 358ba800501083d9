"""Suggests the names and words of a release that are nearest to a misspelt one."""

from __future__ import annotations

import difflib
import re

from kg.index.connection import IndexConnection

# Similarity from 0 to 1. From SAME on a name counts as the intended one, from CLOSE on as a likely one, from DISTANT on
# it is offered last.
SAME, CLOSE, DISTANT = 0.9, 0.8, 0.6
_WORD_CLOSE = 0.7
_CANDIDATES = 60
_MAX_LENGTH = 40


class Spelling:
    """Finds the nearest names and words in the side index of a release."""

    def __init__(self, connection: IndexConnection) -> None:
        self._connection = connection

    def near(self, key: str, class_iri: str | None = None) -> list[tuple[float, int, str]]:
        """Returns similarity, row id and name of entities with names similar to a normalised one, best first."""
        if not 3 <= len(key) <= _MAX_LENGTH:
            return []
        query = """SELECT entity, text, name.normalised FROM grams JOIN name ON name.rowid = grams.rowid
                   JOIN entity ON entity.id = name.entity
                   WHERE grams MATCH :grams AND (:class IS NULL OR type = :class) ORDER BY grams.rank LIMIT :most"""
        given = {"grams": _grams(key), "class": class_iri, "most": _CANDIDATES}
        rows = self._connection.execute(query, given).fetchall()
        scored = [(_similarity(key, name), row_id, text) for row_id, text, name in rows]
        return [row for row in sorted(scored, key=lambda row: -row[0]) if row[0] >= DISTANT]

    def corrected(self, words: list[str]) -> list[str]:
        """Returns the words, each one that occurs in no name replaced by the nearest one that does, if there is one."""
        return [word if self._is_known(word) else self._nearest(word) for word in words]

    def _is_known(self, word: str) -> bool:
        query = "SELECT 1 FROM spelling WHERE word >= :word AND word < :word || char(1114111) LIMIT 1"
        if len(word) < 4 or not word.isalpha():
            return True
        return self._connection.execute(query, {"word": word}).fetchone() is not None

    def _nearest(self, word: str) -> str:
        query = """SELECT spelling.word, uses FROM spelling_grams JOIN spelling ON spelling.rowid = spelling_grams.rowid
                   WHERE spelling_grams MATCH ? ORDER BY spelling_grams.rank LIMIT ?"""
        rows = self._connection.execute(query, (_grams(word), _CANDIDATES)).fetchall()
        best = max(((_similarity(word, known), uses, known) for known, uses in rows), default=(0.0, 0, word))
        return best[2] if best[0] >= _WORD_CLOSE else word


def _grams(text: str) -> str:
    return " OR ".join(f'"{gram}"' for gram in sorted({text[at : at + 3] for at in range(len(text) - 2)}))


def _similarity(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second).ratio()


def words_of(text: str) -> list[str]:
    """Returns the words of a folded text."""
    return re.findall(r"\w+", text)
