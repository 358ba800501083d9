"""Writes the tables of the side index for ``kg.index.search``: entities, their names and words."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Store

from kg.build.index.facets import Class
from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.index.question_words import fold, normalise, plain, words_of
from kg.index.ranks import RECORDED, STATED, STUDIED, TABLED, TOPIC
from kg.rdf.natural_order import natural_key
from kg.rdf.vocabulary import BIBO_PMID, DCTERMS_DESCRIPTION, DCTERMS_IDENTIFIER

STUDIES = ("study-", "regimen-", "intake-", "proposition-")
STATEMENTS = ("claim-", "corrected-", "flaw-")
RECORDS = ("evidence-", "line-", "measurement-", "protocol-", "result-", "search-")
SCHEMA = """
CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, type TEXT, type_label TEXT, description TEXT,
                    place TEXT, rank INTEGER);
CREATE TABLE name (normalised TEXT, text TEXT, entity INTEGER REFERENCES entity (id), is_label INTEGER);
CREATE INDEX name_by_normalised ON name (normalised);
CREATE VIRTUAL TABLE words USING fts5 (names, description, tokenize = 'porter unicode61 remove_diacritics 2',
                                       prefix = '2 3');
CREATE VIRTUAL TABLE grams USING fts5 (normalised, tokenize = 'trigram');
"""
SPELLING = """
CREATE TABLE spelling (word TEXT UNIQUE, uses INTEGER);
CREATE VIRTUAL TABLE spelling_grams USING fts5 (word, tokenize = 'trigram');
"""


# Between the row ids of two entities of tables there is room for this many others.
_ROOM = 1 << 14
_FTS_TABLES = ("words", "grams")


@dataclass
class _Entry:
    label: str
    kinds: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    description: str = ""
    place: str = ""


def begin(connection: sqlite3.Connection) -> None:
    """Makes the tables."""
    connection.executescript(SCHEMA)


def add(
    store: Store, catalogue: Catalogue, connection: sqlite3.Connection, classes: Mapping[str, Class]
) -> tuple[dict[str, int], Counter[str]]:
    """Adds the entities of a store, of which none is in the index.

    Args:
        store: with all that is said of them.
        catalogue: which has the queries.
        connection: to the side index.
        classes: the classes by IRI.

    Returns:
        Row ids by IRI, and how many entities use each word that can be misspelt.
    """
    entities = _entities(store, catalogue, classes)
    uses: Counter[str] = Counter()
    ids = _ids(entities, connection)
    rows = _Rows(connection)
    for iri, number in ids.items():
        entry, local = entities[iri], iri.rpartition("/")[2]
        class_iri = max(entry.kinds, key=lambda class_iri: (len(classes[class_iri].upwards), class_iri))
        rank = _rank(local, entry)
        kind = class_iri, entry.kinds[class_iri]
        rows.entities.append((number, iri, entry.label, *kind, entry.description, entry.place, rank))
        rows.add_names(number, entry, local, rank)
        if rank not in (STATED, RECORDED):
            uses.update(_words(" ".join((entry.label, *entry.names))))
    rows.write(connection)
    return ids, uses


def finish(connection: sqlite3.Connection, uses: Mapping[str, int]) -> None:
    """Adds the words against which misspelt ones are compared, with how many entities use each."""
    connection.executescript(SPELLING)
    for word, count in sorted(uses.items()):
        connection.execute("INSERT INTO spelling VALUES (?, ?)", (word, count))
        connection.execute("INSERT INTO spelling_grams (rowid, word) VALUES (last_insert_rowid(), ?)", (word,))


def _ids(entities: Mapping[str, _Entry], connection: sqlite3.Connection) -> dict[str, int]:
    """Row ids follow the order of names, so that lists by name need no sorting.

    Entities that come to others get ids between theirs, which stay as they are: those of tables are there first, and
    their rows are reused by later builds.
    """
    by_name = sorted((natural_key(entry.label), iri) for iri, entry in entities.items())
    there = [
        (natural_key(label), iri, number)
        for number, iri, label in connection.execute("SELECT id, iri, label FROM entity ORDER BY id")
    ]
    if not there:
        return {iri: number * _ROOM for number, (_, iri) in enumerate(by_name, 1)}
    ids: dict[str, int] = {}
    first = there[0][:2]
    # Before the first one there is room without end.
    before = [iri for name, iri in by_name if (name, iri) < first]
    ids |= {iri: there[0][2] - len(before) + number for number, iri in enumerate(before)}
    names = [key[:2] for key in there]
    last = (-1, 0)
    for name, iri in by_name[len(before) :]:
        place = bisect_left(names, (name, iri)) - 1
        last = (place, last[1] + 1 if last[0] == place else 1)
        if last[1] >= _ROOM and place + 1 < len(there):
            raise NoRoomError(f"more than {_ROOM} names between two of tables, after {names[place][0]!r}")
        ids[iri] = there[place][2] + last[1]
    return ids


class NoRoomError(Exception):
    """The entities cannot be added to an index that is there already, only written in one go."""


class _Rows:
    """Rows to write, collected: SQLite takes many at once faster than one by one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.entities: list[tuple[Any, ...]] = []
        self._names: list[tuple[Any, ...]] = []
        self._grams: list[tuple[int, str]] = []
        self._words: list[tuple[int, str, str]] = []
        (self._last_name,) = connection.execute("SELECT ifnull(max(rowid), 0) FROM name").fetchone()

    def add_names(self, number: int, entry: _Entry, local: str, rank: int) -> None:
        """Adds the names of an entity, and its words."""
        names = {entry.label, *entry.names}
        keys = {normalise(local): entry.label}
        for name in sorted({*names, *_accessions(names)}, key=lambda name: (name == entry.label, len(name), name)):
            keys[normalise(name)] = name
            if rank == TOPIC:
                keys.setdefault(plain(words_of(fold(name))), name)
        for key, name in keys.items():
            self._last_name += 1
            self._names.append((self._last_name, key, name, number, name == entry.label))
            # The long names of table foods are found by their words; as complete strings they are too similar to each
            # other.
            if rank in (TOPIC, STUDIED):
                self._grams.append((self._last_name, key))
        self._words.append((number, fold(" ".join(sorted(names))), fold(entry.description)))

    def write(self, connection: sqlite3.Connection) -> None:
        """Writes all rows."""
        connection.executemany("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self.entities)
        names = "INSERT INTO name (rowid, normalised, text, entity, is_label) VALUES (?, ?, ?, ?, ?)"
        connection.executemany(names, self._names)
        connection.executemany("INSERT INTO grams (rowid, normalised) VALUES (?, ?)", self._grams)
        connection.executemany("INSERT INTO words (rowid, names, description) VALUES (?, ?, ?)", self._words)
        for table in _FTS_TABLES:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - one of ours


def _rank(local: str, entry: _Entry) -> int:
    if entry.place:
        return TABLED
    starts = ((STATEMENTS, STATED), (STUDIES, STUDIED), (RECORDS, RECORDED))
    return next((rank for start, rank in starts if local.startswith(start)), TOPIC)


def _accessions(names: set[str]) -> set[str]:
    """Returns identifiers without their prefix: P02818 of UniProtKB:P02818."""
    return {name.partition(":")[2] for name in names if re.fullmatch(r"[A-Za-z_.]+:\S*\d\S*", name)}


def _words(text: str) -> set[str]:
    """Returns the words that can be misspelt: four or more letters, and only letters."""
    return {word for word in re.findall(r"[^\W\d_]+", fold(text)) if len(word) > 3}


def _entities(store: Store, catalogue: Catalogue, classes: Mapping[str, Class]) -> dict[str, _Entry]:
    engine = EmbeddedEngine(store)
    query = catalogue["pages/search-index"].fill({"inferred": catalogue.vocabulary.graph("inferred")})
    entities: dict[str, _Entry] = {}
    for row in engine.rows(query):
        kind = row["kind"].value
        if kind in classes:
            entry = entities.setdefault(row["entity"].value, _Entry(row["label"].value))
            entry.kinds[kind] = classes[kind].label
    # Queried separately from the classes: together they take four times as long.
    for row in engine.rows(catalogue["pages/search-names"].fill({})):
        if row["entity"].value in entities:
            predicate = row["property"].value if "property" in row else DCTERMS_IDENTIFIER
            _add_value(entities[row["entity"].value], predicate, row["value"].value, catalogue)
    return entities


def _add_value(entry: _Entry, predicate: str, value: str, catalogue: Catalogue) -> None:
    if predicate == DCTERMS_DESCRIPTION:
        entry.description = value
    elif predicate == catalogue.vocabulary.term("inTable"):
        entry.place = value
    elif predicate == BIBO_PMID:
        entry.names |= {value, f"PMID:{value}"}
    else:
        entry.names.add(value)
