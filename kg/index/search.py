"""Finds entities by name, abbreviation, identifier or words, with tolerance for typos; exact names come first."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.index.connection import IndexConnection
from kg.index.spelling import CLOSE, SAME, Spelling, words_of

MAX_CHARACTERS = 200
# More hits than anyone pages through; if there are more, the words are too common to rank.
MAX_HITS = 2000
_PREFIXED = 50


@dataclass(frozen=True)
class Hit:
    """A search result: the entity, its label and type, and the name that matched.

    ``place`` is the food table that contains the entity, or empty.
    """

    iri: str
    label: str
    type: str
    type_label: str
    description: str
    matched: str
    place: str = ""


def normalise(text: str) -> str:
    """Returns the text in the form used for comparison: only letters and digits, without case or diacritics.

    ``MK-7``, ``mk 7`` and ``MK7`` become equal.
    """
    return "".join(character for character in fold(text) if character.isalnum())


def fold(text: str) -> str:
    """Returns the text without case and diacritics, American and British spelling unified."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"is(?=(?:e|ed|es|er|ing|ation)\b)", "iz", plain.replace("ae", "e").replace("oe", "e"))


class Search:
    """Full-text search in the side index of a release.

    In all methods ``class_iri`` is the class to which results must belong, or ``None`` for all; text is cut after
    ``MAX_CHARACTERS``.
    """

    def __init__(self, index: Path) -> None:
        self._connection = IndexConnection(index)
        self._spelling = Spelling(self._connection)

    def find(self, text: str, limit: int = 20, class_iri: str | None = None) -> list[Hit]:
        """Returns the best matches, best first; for empty text all entities of the class, by name."""
        if not normalise(text[:MAX_CHARACTERS]):
            return self.hits([(row_id, "") for row_id in self._of_type(class_iri, limit)]) if class_iri else []
        return self.hits(self.matches(text, class_iri, most=limit)[:limit])

    def suggest(self, text: str, limit: int = 8) -> list[Hit]:
        """Returns suggestions while the user types: names that start with the text, then names with its words."""
        shortened = text[:MAX_CHARACTERS]
        key = normalise(shortened)
        if not key:
            return []
        found: dict[int, str] = {}
        for row_id, name in [
            *self._exact(key, None),
            *((row_id, name) for row_id, name, rank in self._prefix(key, None) if not rank),
        ]:
            found.setdefault(row_id, name)
        if len(found) < limit:
            return self.hits(self.matches(shortened, None, most=limit)[:limit])
        return self.hits(list(found.items())[:limit])

    def matches(self, text: str, class_iri: str | None = None, most: int = MAX_HITS) -> list[tuple[int, str]]:
        """Returns row id and matched name of every match, best first; at most ``most`` for each kind of match.

        Names that equal the text come first, then names that start with it, names that contain its words, and
        descriptions that contain its words. A name that nearly equals the text ranks above one that only shares words;
        words are spell-checked only if no name matches.
        """
        shortened = text[:MAX_CHARACTERS]
        key = normalise(shortened)
        if not key:
            return []
        words = words_of(fold(shortened))
        found: dict[int, str] = {}

        def add(more: Iterable[tuple[int, str]]) -> None:
            for row_id, name in more:
                found.setdefault(row_id, name)

        add(self._exact(key, class_iri))
        begun = self._prefix(key, class_iri)
        add((row_id, name) for row_id, name, rank in begun if rank == 0)
        near = [] if found or begun else self._spelling.near(key, class_iri)
        add((row_id, name) for score, row_id, name in near if score >= SAME)
        add(self._words("names", words, class_iri, most))
        add((row_id, name) for row_id, name, _ in begun)
        if not found:
            add((row_id, name) for score, row_id, name in near if score >= CLOSE)
            corrected = self._spelling.corrected(words)
            add(self._words("names", corrected, class_iri, most) if corrected != words else [])
            add((row_id, name) for score, row_id, name in near if score < CLOSE)
        if len(found) < most:
            add(self._words("names description", words, class_iri, most))
        return list(found.items())

    def nearest(self, text: str, limit: int = 3) -> list[Hit]:
        """Returns the entities whose names are nearest to a name that does not exist."""
        key = normalise(text[:MAX_CHARACTERS])
        found = dict(self.matches(text, most=limit)[:limit])
        for _, row_id, name in self._spelling.near(key):
            found.setdefault(row_id, name)
        return self.hits(list(found.items())[:limit])

    def hits(self, found: list[tuple[int, str]]) -> list[Hit]:
        """Returns the entities with these row ids, each with the name that matched."""
        query = "SELECT iri, label, type, type_label, description, ?, place FROM entity WHERE id = ?"
        return [Hit(*self._connection.execute(query, (name, row_id)).fetchone()) for row_id, name in found]

    def of_types(self, kinds: Collection[str], offset: int, limit: int) -> tuple[int, list[Hit]]:
        """Returns the number of entities that belong to any of some classes, and one page of them by name."""
        class_iris = json.dumps(sorted(kinds))
        among = "FROM entity WHERE type IN (SELECT value FROM json_each(?))"
        total = self._connection.execute(f"SELECT count(*) {among}", (class_iris,)).fetchone()[0]
        query = f"SELECT id {among} ORDER BY label COLLATE NOCASE, iri LIMIT ? OFFSET ?"
        found = self._connection.execute(query, (class_iris, limit, offset)).fetchall()
        return total, self.hits([(row_id, "") for (row_id,) in found])

    def _of_type(self, class_iri: str | None, limit: int) -> list[int]:
        query = "SELECT id FROM entity WHERE type = ? ORDER BY id LIMIT ?"
        return [row_id for (row_id,) in self._connection.execute(query, (class_iri, limit))]

    def _exact(self, key: str, class_iri: str | None) -> list[tuple[int, str]]:
        query = """SELECT entity, text FROM name JOIN entity ON entity.id = name.entity
                   WHERE normalised = :key AND (:class IS NULL OR type = :class)
                   ORDER BY rank, is_label DESC, length(label), entity LIMIT 50"""
        return self._connection.execute(query, {"key": key, "class": class_iri}).fetchall()

    def _prefix(self, key: str, class_iri: str | None) -> list[tuple[int, str, int]]:
        query = """SELECT entity, text, rank FROM name JOIN entity ON entity.id = name.entity
                   WHERE normalised > :key AND normalised < :key || char(1114111) AND rank < 3
                         AND (:class IS NULL OR type = :class)
                   ORDER BY rank, length(normalised), is_label DESC, normalised, entity LIMIT :most"""
        given = {"key": key, "class": class_iri, "most": _PREFIXED}
        return self._connection.execute(query, given).fetchall()

    def _words(self, columns: str, words: list[str], class_iri: str | None, most: int) -> list[tuple[int, str]]:
        if len("".join(words)) < 2:
            return []
        match = f"{{{columns}}}: (" + " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}"*)'
        query = """SELECT entity.id, label FROM words JOIN entity ON entity.id = words.rowid
                   WHERE words MATCH :match AND (:class IS NULL OR type = :class)
                   ORDER BY entity.rank, bm25(words, 10.0, 1.0) LIMIT :most"""
        given = {"match": match, "class": class_iri, "most": most}
        return self._connection.execute(query, given).fetchall()
