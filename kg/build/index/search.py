"""Writes the side index of a release, a SQLite file for ``kg.index.search``; ``facets`` adds tables for lists."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Store

from kg.build.index import facets
from kg.build.index.lay_names import LAY_NAMES
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
CREATE TABLE spelling (word TEXT UNIQUE, uses INTEGER);
CREATE VIRTUAL TABLE spelling_grams USING fts5 (word, tokenize = 'trigram');
"""


@dataclass
class _Entry:
    label: str
    kinds: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    description: str = ""
    place: str = ""


def write(store: Store, catalogue: Catalogue, path: Path) -> int:
    """Writes the index and returns the number of entities in it."""
    classes = facets.classes(store, catalogue)
    entities = _entities(store, catalogue)
    # Row ids follow the order of names, so that lists by name need no sorting.
    by_name = sorted(entities, key=lambda iri: (natural_key(entities[iri].label), iri))
    ids = {iri: number for number, iri in enumerate(by_name, 1)}
    uses: Counter[str] = Counter()
    with closing(sqlite3.connect(path)) as connection:
        with connection:
            connection.executescript(SCHEMA)
            for iri, number in ids.items():
                entry = entities[iri]
                class_iri = max(entry.kinds, key=lambda class_iri: (len(classes[class_iri].upwards), class_iri))
                rank = _rank(iri.rpartition("/")[2], entry)
                row = (
                    number,
                    iri,
                    entry.label,
                    class_iri,
                    entry.kinds[class_iri],
                    entry.description,
                    entry.place,
                    rank,
                )
                connection.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
                _write_names(connection, number, entry, iri.rpartition("/")[2], rank)
                if rank not in (STATED, RECORDED):
                    uses.update(_words(" ".join((entry.label, *entry.names))))
            for word, count in sorted(uses.items()):
                connection.execute("INSERT INTO spelling VALUES (?, ?)", (word, count))
                connection.execute("INSERT INTO spelling_grams (rowid, word) VALUES (last_insert_rowid(), ?)", (word,))
            facets.write(store, catalogue, connection, ids, classes)
        connection.execute("ANALYZE")
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        connection.commit()
    return len(entities)


def _write_names(connection: sqlite3.Connection, number: int, entry: _Entry, local: str, rank: int) -> None:
    names = {entry.label, *entry.names}
    keys = {normalise(local): entry.label}
    for name in sorted({*names, *_accessions(names)}, key=lambda name: (name == entry.label, len(name), name)):
        keys[normalise(name)] = name
        if rank == TOPIC:
            keys.setdefault(plain(words_of(fold(name))), name)
    for key, name in keys.items():
        connection.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (key, name, number, name == entry.label))
        # The long names of table foods are found by their words; as complete strings they are too similar to each
        # other.
        if rank in (TOPIC, STUDIED):
            connection.execute("INSERT INTO grams (rowid, normalised) VALUES (last_insert_rowid(), ?)", (key,))
    text = fold(" ".join(sorted(names))), fold(entry.description)
    connection.execute("INSERT INTO words (rowid, names, description) VALUES (?, ?, ?)", (number, *text))


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


def _entities(store: Store, catalogue: Catalogue) -> dict[str, _Entry]:
    engine = EmbeddedEngine(store)
    query = catalogue["pages/search-index"].fill({"inferred": catalogue.vocabulary.graph("inferred")})
    entities: dict[str, _Entry] = {}
    for row in engine.select(query):
        entry = entities.setdefault(row["entity"].value, _Entry(row["label"].value))
        entry.kinds[row["kind"].value] = row["kindLabel"].value
    # Queried separately from the classes: together they take four times as long.
    for row in engine.select(catalogue["pages/search-names"].fill({})):
        if row["entity"].value in entities:
            predicate = row["property"].value if "property" in row else DCTERMS_IDENTIFIER
            _add_value(entities[row["entity"].value], predicate, row["value"].value, catalogue)
    for name, local in LAY_NAMES.items():
        if named := entities.get(catalogue.vocabulary.entity_iri(local)):
            named.names.add(name)
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
