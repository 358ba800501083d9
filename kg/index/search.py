"""Finds entities by name, abbreviation, identifier, words or question, with tolerance for typos; exact names first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.index import question_words
from kg.index.connection import IndexConnection
from kg.index.question_words import normalise
from kg.index.ranks import RECORDED, STATED, TOPIC
from kg.index.similar_names import SimilarNames
from kg.index.spelling import Spelling

MAX_CHARACTERS = 200
# More hits than anyone pages through; if there are more, the words are too common to rank.
MAX_HITS = 2000
_PREFIXED = 50
# Of entities with only some of the words, this many follow at most; the longest words, which are rarer, count.
_MAX_PARTIAL, _MAX_PARTIAL_WORDS = 50, 4


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


@dataclass(frozen=True)
class Mention:
    """An entity that a text names, from word ``start`` to the word before ``end``; ``type`` is the IRI of its class."""

    start: int
    end: int
    row_id: int
    iri: str
    label: str
    type: str
    text: str


@dataclass(frozen=True)
class Matches:
    """Row ids with the names that matched, best first.

    ``corrected`` is the text that was searched for instead of a misspelt one, or ""; ``has_partial`` says that some
    match only a part of the words, and that there may be more of these.
    """

    found: list[tuple[int, str]]
    corrected: str = ""
    has_partial: bool = False


class Search:
    """Full-text search in the side index of a release.

    In all methods ``class_iri`` is the class to which results must belong, or ``None`` for all; text is cut after
    ``MAX_CHARACTERS``.
    """

    def __init__(self, index: Path) -> None:
        self._connection = IndexConnection(index)
        self._spelling = Spelling(self._connection)
        self.similar = SimilarNames(self._connection, self._spelling)
        # How many entities a facet counts for each value: the fewer, the more specific the value is.
        self._uses = dict(self._connection.execute("SELECT iri, sum(entities) FROM facet_value GROUP BY iri"))

    def find(self, text: str, limit: int = 20, class_iri: str | None = None) -> list[Hit]:
        """Returns the best matches, best first; for empty text all entities of the class, by name."""
        if not normalise(text[:MAX_CHARACTERS]):
            return self.hits([(row_id, "") for row_id in self._of_type(class_iri, limit)]) if class_iri else []
        return self.hits(self.matches(text, class_iri, most=limit).found[:limit])

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
            return self.hits(self.matches(shortened, None, most=limit, records=False).found[:limit])
        return self.hits(list(found.items())[:limit])

    def matches(
        self,
        text: str,
        class_iri: str | None = None,
        most: int = MAX_HITS,
        *,
        records: bool = True,
        partial: bool = True,
    ) -> Matches:
        """Returns row id and matched name of every match, best first; at most ``most`` for each kind of match.

        Names that equal the text come first, then names that start with it, entities that the text mentions, names that
        contain all its words, descriptions that contain them, and, where there are none, what contains some of them.
        Stop words count only in names that equal the text. Spelling is corrected if no name matches.

        Args:
            text: the search text.
            class_iri: class of the results, ``None`` for all.
            most: maximum number.
            records: whether evidence lines, results and other records of rank ``RECORDED`` are wanted too.
            partial: whether entities with some of the words may follow where none has all.
        """
        shortened = text[:MAX_CHARACTERS]
        key = normalise(shortened)
        if not key:
            return Matches([])
        words = question_words.words_of(question_words.fold(shortened))
        content = question_words.content_words(words)
        rank = RECORDED if records or class_iri else STATED
        found: dict[int, str] = {}
        corrected = ""

        def add(more: Iterable[tuple[int, str]]) -> None:
            for row_id, name in more:
                found.setdefault(row_id, name)

        add(self._exact(key, class_iri))
        begun = self._prefix(key, class_iri)
        add((row_id, name) for row_id, name, its_rank in begun if its_rank == TOPIC)
        if content != words:
            add(self._exact("".join(content), class_iri))
        is_named = bool(found or begun)
        if not is_named and (near := self._spelling.near(key, class_iri)):
            corrected = near[0][2]
            words = question_words.words_of(question_words.fold(corrected))
            content = question_words.content_words(words)
            add((row_id, name) for _, row_id, name in near)
        mentioned = self._mentioned(words, class_iri) if not is_named else []
        add(mentioned)
        add(self._words("names", content, class_iri, most, rank))
        add((row_id, name) for row_id, name, _ in begun)
        add(self._words("names description", content, class_iri, most, rank) if len(found) < most else [])
        if not found and (better := self._spelling.corrected(content)) != content:
            content, corrected = better, " ".join(better)
            add(self._exact("".join(better), class_iri))
            mentioned = self._mentioned(better, class_iri)
            add(mentioned)
            add(self._words("names", better, class_iri, most, rank))
            add(self._words("names description", better, class_iri, most, rank))
        complete = len(found)
        # Where some entity has all words, or is called so, those with some of them are not wanted.
        if partial and complete == len(mentioned) and len(content) > 1:
            some = sorted(content, key=len)[-_MAX_PARTIAL_WORDS:]
            add(self._words("names description", some, class_iri, _MAX_PARTIAL, min(rank, STATED), joined=" OR "))
        return Matches(list(found.items()), corrected, len(found) > complete)

    def mentions(self, words: list[str], preferred: Collection[str] = ()) -> list[Mention]:
        """Returns the topics that some folded words name, in their order; of names that overlap the longest.

        Of topics with the same name, one of the classes with the IRIs ``preferred`` is meant, or else the one that has
        it as its label.
        """
        at: dict[str, tuple[int, int]] = {}
        for start, end, key in question_words.spans(words):
            at.setdefault(key, (start, end))
        query = """SELECT normalised, entity.id, iri, label, entity.type, text FROM json_each(?) given
                   CROSS JOIN name ON normalised = given.value JOIN entity ON entity.id = name.entity
                   WHERE rank = 0 ORDER BY is_label DESC, length(label), entity.id"""
        found = [Mention(*at[key], *rest) for key, *rest in self._connection.execute(query, (json.dumps(list(at)),))]
        taken: set[int] = set()
        chosen = []
        for mention in sorted(found, key=lambda one: (one.start - one.end, one.type not in preferred)):
            places = set(range(mention.start, mention.end))
            if not places & taken:
                taken |= places
                chosen.append(mention)
        return sorted(chosen, key=lambda one: one.start)

    def corrected(self, words: list[str]) -> list[str]:
        """Returns folded words with their spelling corrected."""
        return self._spelling.corrected(words)

    def nearest(self, text: str, limit: int = 3) -> list[Hit]:
        """Returns the entities whose names are nearest to a name that does not exist; none if none is similar."""
        key = normalise(text[:MAX_CHARACTERS])
        found = dict(self.matches(text, most=limit).found[:limit])
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
        query = f"SELECT id {among} ORDER BY id LIMIT ? OFFSET ?"
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

    def _mentioned(self, words: list[str], class_iri: str | None) -> list[tuple[int, str]]:
        """Returns the entities that some words name, the most specific first."""
        found = [one for one in self.mentions(words) if class_iri in (None, one.type)]
        ordered = sorted(found, key=lambda one: (self._uses.get(one.iri, 0), one.start))
        return [(one.row_id, one.text) for one in ordered]

    def _words(
        self, columns: str, words: list[str], class_iri: str | None, most: int, rank: int, joined: str = " "
    ) -> list[tuple[int, str]]:
        if len("".join(words)) < 2:
            return []
        match = f"{{{columns}}}: (" + joined.join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*']) + ")"
        query = """SELECT entity.id, label FROM words JOIN entity ON entity.id = words.rowid
                   WHERE words MATCH :match AND (:class IS NULL OR type = :class) AND entity.rank <= :rank
                   ORDER BY entity.rank, bm25(words, 10.0, 1.0) LIMIT :most"""
        given = {"match": match, "class": class_iri, "most": most, "rank": rank}
        return self._connection.execute(query, given).fetchall()
