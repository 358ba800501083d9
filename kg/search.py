"""Finds things by name, abbreviation, identifier or words, typos forgiven; the exact name comes first."""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

MAX_CHARACTERS = 200
# Likeness of names from 0 to 1: from CLOSE on it is taken for a typo, from DISTANT on it is offered last.
CLOSE, DISTANT = 0.8, 0.6


@dataclass(frozen=True)
class Hit:
    """One thing found: which, what it is called, what kind it is, and the name by which it was found."""

    iri: str
    label: str
    kind: str
    kind_label: str
    description: str
    matched: str


def normalise(text: str) -> str:
    """The text as it is compared: letters and digits alone, without case or diacritics; MK-7, mk 7 and MK7 are one."""
    return "".join(character for character in fold(text) if character.isalnum())


def fold(text: str) -> str:
    """The text without case and diacritics, and with American and British spelling made one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"is(?=(?:e|ed|es|er|ing|ation)\b)", "iz", plain.replace("ae", "e").replace("oe", "e"))


@dataclass(frozen=True)
class _Sought:
    text: str
    key: str
    kind: str | None


class Search:
    """Search in the index of a release."""

    def __init__(self, index: Path) -> None:
        # Threads of the server share the connection; it is read-only and sqlite3 serialises its use.
        self._connection = sqlite3.connect(f"file:{index}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def find(self, text: str, limit: int = 20, kind: str | None = None) -> list[Hit]:
        """The best matches, best first.

        Args:
            text: what was typed; empty finds everything of the kind, by name.
            limit: number of hits at most.
            kind: IRI of a class to which the hits must belong.
        """
        sought = _sought(text, kind)
        if not sought.key:
            return self._hits([(id, "") for id in self._of_kind(kind, limit)]) if kind else []
        found: dict[int, str] = {}
        near: list[tuple[float, int, str]] = []

        def close() -> list[tuple[int, str]]:
            near.extend(self._near(sought))
            return [(id, name) for score, id, name in near if score >= CLOSE]

        def distant() -> list[tuple[int, str]]:
            return [(id, name) for score, id, name in near if score < CLOSE]

        steps: tuple[Callable[[], list[tuple[int, str]]], ...] = (
            lambda: self._exact(sought),
            lambda: self._prefix(sought),
            close,
            lambda: self._words(sought),
            distant,
        )
        for step in steps:
            for id, matched in step():
                found.setdefault(id, matched)
            if len(found) >= limit:
                break
        return self._hits(list(found.items())[:limit])

    def nearest(self, text: str, limit: int = 3) -> list[Hit]:
        """The things whose names are nearest to a name that does not exist."""
        hits = self.find(text, limit)
        found = {
            hit.iri: hit
            for hit in [*hits, *self._hits([(id, name) for _, id, name in self._near(_sought(text, None))])]
        }
        return list(found.values())[:limit]

    def of_kinds(self, kinds: Collection[str], offset: int, limit: int) -> tuple[int, list[Hit]]:
        """How many things belong to one of some classes, and some of them by name."""
        wanted = json.dumps(sorted(kinds))
        among = "FROM thing WHERE kind IN (SELECT value FROM json_each(?1))"
        total = self._connection.execute(f"SELECT count(*) {among}", (wanted,)).fetchone()[0]
        query = f"SELECT id {among} ORDER BY label COLLATE NOCASE, iri LIMIT ?2 OFFSET ?3"
        found = self._connection.execute(query, (wanted, limit, offset)).fetchall()
        return total, self._hits([(id, "") for (id,) in found])

    def _of_kind(self, kind: str | None, limit: int) -> list[int]:
        query = "SELECT id FROM thing WHERE kind = ? ORDER BY label COLLATE NOCASE LIMIT ?"
        return [id for (id,) in self._connection.execute(query, (kind, limit))]

    def _exact(self, sought: _Sought) -> list[tuple[int, str]]:
        query = """SELECT thing, text FROM name JOIN thing ON thing.id = name.thing
                   WHERE normalised = ?1 AND (?2 IS NULL OR kind = ?2)
                   ORDER BY is_statement, is_label DESC, length(label) LIMIT 50"""
        return self._connection.execute(query, (sought.key, sought.kind)).fetchall()

    def _prefix(self, sought: _Sought) -> list[tuple[int, str]]:
        query = """SELECT thing, text FROM name JOIN thing ON thing.id = name.thing
                   WHERE normalised >= ?1 AND normalised < ?1 || char(1114111) AND NOT is_statement
                         AND (?2 IS NULL OR kind = ?2)
                   ORDER BY is_label DESC, length(normalised), normalised LIMIT 50"""
        return self._connection.execute(query, (sought.key, sought.kind)).fetchall()

    def _words(self, sought: _Sought) -> list[tuple[int, str]]:
        words = re.findall(r"\w+", fold(sought.text))
        if not words:
            return []
        match = " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}"*'
        query = """SELECT thing.id, label FROM words JOIN thing ON thing.id = words.rowid
                   WHERE words MATCH ?1 AND (?2 IS NULL OR kind = ?2)
                   ORDER BY bm25(words, 10.0, 1.0) + is_statement LIMIT 100"""
        return self._connection.execute(query, (match, sought.kind)).fetchall()

    def _near(self, sought: _Sought) -> list[tuple[float, int, str]]:
        key = sought.key
        if len(key) < 3:
            return []
        grams = {key[at : at + 3] for at in range(len(key) - 2)}
        query = """SELECT thing, text, name.normalised FROM grams JOIN name ON name.rowid = grams.rowid
                   JOIN thing ON thing.id = name.thing
                   WHERE grams MATCH ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY grams.rank LIMIT 60"""
        rows = self._connection.execute(
            query, (" OR ".join(f'"{gram}"' for gram in sorted(grams)), sought.kind)
        ).fetchall()
        scored = [(difflib.SequenceMatcher(None, key, name).ratio(), id, name_text) for id, name_text, name in rows]
        return [row for row in sorted(scored, key=lambda row: -row[0]) if row[0] >= DISTANT]

    def _hits(self, found: list[tuple[int, str]]) -> list[Hit]:
        query = "SELECT iri, label, kind, kind_label, description, ?2 FROM thing WHERE id = ?1"
        return [Hit(*self._connection.execute(query, one).fetchone()) for one in found]


def _sought(text: str, kind: str | None) -> _Sought:
    shortened = text[:MAX_CHARACTERS]
    return _Sought(shortened, normalise(shortened), kind)
