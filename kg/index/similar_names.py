"""Finds the entities whose names are most similar to a given one, of some classes, with a measure of the similarity."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from kg.index.connection import IndexConnection
from kg.index.question_words import content_words, fold, normalise, words_of
from kg.index.ranks import STUDIED, TOPIC
from kg.index.spelling import Spelling, edits, grams

# Names from each source of candidates, and how many of all are compared letter by letter.
_CANDIDATES, _COMPARED = 60, 12
# Names so short share no three letters with what they are misspelt as, so all of them are compared.
_SHORT = 7
# Of the words of a long name the rarest count, which are the longest.
_MAX_WORDS = 6
# What the same words in another order are worth.
_REORDERED = 0.98
# A name with other numbers is another name, however few characters differ: MK-4 is not MK-7.
_OTHER_NUMBERS = 0.5
_LEAST = 0.5
_OF_CLASSES = """(:classes IS NULL OR EXISTS (
    SELECT 1 FROM json_each(:classes) given JOIN class ON class.iri = given.value
    JOIN member ON member.class = class.id AND member.entity = entity.id
))"""


@dataclass(frozen=True)
class SimilarName:
    """An entity by its row id, the name that is most similar to the given one, and how similar it is, from 0 to 1.

    It is 1 only for names that are equal but for case, punctuation, diacritics and spelling variants.
    """

    row_id: int
    name: str
    similarity: float


@dataclass(frozen=True)
class _Name:
    entity: int
    text: str
    key: str
    order: tuple[int, bool, int, int]


class SimilarNames:
    """Compares names in the side index of a release."""

    def __init__(self, connection: IndexConnection, spelling: Spelling) -> None:
        self._connection, self._spelling = connection, spelling

    def find(self, text: str, classes: Collection[str] = (), limit: int = 10) -> list[SimilarName]:
        """Returns the entities with the most similar names, most similar first.

        Args:
            text: the name.
            classes: IRIs of classes, to any of which the entities must belong, itself or through a subclass; empty for
                all entities.
            limit: maximum number of entities.
        """
        words = words_of(fold(text))
        key = normalise(text)
        if not key:
            return []
        given: dict[str, object] = {"classes": _listed(classes), "most": _CANDIDATES}
        names = {*self._exact(key, given), *self._by_letters(key, given), *self._by_words(words, given)}
        if len(key) <= _SHORT:
            names |= self._short_names(key, given)
        matcher = difflib.SequenceMatcher(None, "", key, autojunk=False)
        near = sorted(((self._rough(matcher, name), name) for name in names), key=lambda one: (-one[0], one[1].order))
        best: dict[int, tuple[float, _Name]] = {}
        for _, name in near[: max(_COMPARED, limit)]:
            alike = _similarity(key, words, name)
            if alike >= _LEAST and alike > best.get(name.entity, (0.0, name))[0]:
                best[name.entity] = alike, name
        ordered = sorted(best.values(), key=lambda one: (-one[0], one[1].order))
        return [SimilarName(name.entity, name.text, alike) for alike, name in ordered[:limit]]

    def row_of(self, iri: str, classes: Collection[str] = ()) -> int | None:
        """Returns the row id of an entity, or ``None`` if there is no such entity of the classes."""
        among = f"FROM entity WHERE iri = :iri AND {_OF_CLASSES}"
        found = self._connection.execute(f"SELECT id {among}", {"iri": iri, "classes": _listed(classes)}).fetchone()
        return found[0] if found else None

    @staticmethod
    def _rough(matcher: difflib.SequenceMatcher[str], name: _Name) -> float:
        matcher.set_seq1(name.key)
        if matcher.quick_ratio() < _LEAST:
            return 0.0
        return max(matcher.ratio(), 0.9 * matcher.quick_ratio())

    def _exact(self, key: str, given: dict[str, object]) -> set[_Name]:
        return self._select("FROM name JOIN entity ON entity.id = name.entity WHERE normalised = :key", given, key=key)

    def _by_letters(self, key: str, given: dict[str, object]) -> set[_Name]:
        if len(key) < 3:
            return set()
        tables = """FROM grams JOIN name ON name.rowid = grams.rowid JOIN entity ON entity.id = name.entity
                    WHERE grams MATCH :grams"""
        return self._select(tables, given, "grams.rank", grams=grams(key))

    def _by_words(self, words: list[str], given: dict[str, object]) -> set[_Name]:
        """The labels with the rarest of some words, corrected in spelling: no index leads to other names."""
        chosen = sorted(self._spelling.corrected(content_words(words)), key=len)[-_MAX_WORDS:]
        if not chosen:
            return set()
        match = "{names}: (" + " OR ".join(f'"{word}"' for word in chosen) + ")"
        tables = f"""FROM words JOIN entity ON entity.id = words.rowid
                     WHERE words MATCH :match AND entity.rank <= {STUDIED} AND {_OF_CLASSES}
                     ORDER BY words.rank LIMIT :most"""
        rows = self._connection.execute(f"SELECT entity.id, label, entity.rank {tables}", {**given, "match": match})
        return {_Name(row, label, normalise(label), (rank, False, len(label), row)) for row, label, rank in rows}

    def _short_names(self, key: str, given: dict[str, object]) -> set[_Name]:
        close = [
            rowid
            for rowid, name in self._short
            if abs(len(name) - len(key)) <= 1 and len(set(name) ^ set(key)) <= 3 and edits(key, name) <= 2
        ]
        tables = """FROM name JOIN entity ON entity.id = name.entity
                    WHERE name.rowid IN (SELECT value FROM json_each(:close))"""
        return self._select(tables, given, close=json.dumps(close))

    @cached_property
    def _short(self) -> list[tuple[int, str]]:
        query = """SELECT name.rowid, normalised FROM name JOIN entity ON entity.id = name.entity
                   WHERE rank = ? AND length(normalised) BETWEEN 3 AND ?"""
        return list(self._connection.execute(query, (TOPIC, _SHORT + 1)))

    def _select(self, tables: str, given: dict[str, object], order: str = "entity.rank", **more: object) -> set[_Name]:
        columns = "entity.id, text, name.normalised, entity.rank, is_label, length(label)"
        query = f"SELECT {columns} {tables} AND {_OF_CLASSES} ORDER BY {order} LIMIT :most"
        rows = self._connection.execute(query, {**given, **more})
        return {_Name(row, text, key, (rank, not label, length, row)) for row, text, key, rank, label, length in rows}


def text_similarity(one: str, other: str) -> float:
    """Returns how similar two texts are, from 0 to 1, by the rule for names."""
    return _similarity(normalise(one), words_of(fold(one)), _Name(0, other, normalise(other), (0, False, 0, 0)))


def _listed(classes: Collection[str]) -> str | None:
    return json.dumps(sorted(classes)) if classes else None


def _similarity(key: str, words: list[str], name: _Name) -> float:
    if key == name.key:
        return 1.0
    alike = 1 - edits(key, name.key) / max(len(key), len(name.key))
    one, other = "".join(sorted(words)), "".join(sorted(words_of(fold(name.text))))
    if one != key:
        alike = max(alike, _REORDERED * (1 - edits(one, other) / max(len(one), len(other), 1)))
    return alike * (1 if _numbers(key) == _numbers(name.key) else _OTHER_NUMBERS)


def _numbers(key: str) -> list[str]:
    return sorted(re.findall(r"\d+", key))
