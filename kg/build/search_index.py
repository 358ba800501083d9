"""Writes the search index of a release: a SQLite file that ``kg.search`` reads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.catalogue import Catalogue
from kg.search import fold, normalise
from kg.vocabulary import DCTERMS_DESCRIPTION

# What says something is found after what something is said about.
STATEMENTS = ("claim-", "corrected-", "evidence-", "flaw-", "measurement-", "result-", "search-")
SCHEMA = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, kind TEXT, kind_label TEXT, description TEXT,
                    is_statement INTEGER);
CREATE TABLE name (normalised TEXT, text TEXT, thing INTEGER REFERENCES thing (id), is_label INTEGER);
CREATE INDEX name_by_normalised ON name (normalised);
CREATE VIRTUAL TABLE words USING fts5 (names, description, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE grams USING fts5 (normalised, tokenize = 'trigram');
"""


def write(store: Store, catalogue: Catalogue, path: Path) -> int:
    """Writes the index and returns the number of things in it."""
    things = _things(store, catalogue)
    statements = tuple(catalogue.vocabulary.thing(start) for start in STATEMENTS)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        for number, (iri, entry) in enumerate(sorted(things.items()), 1):
            row = (
                number,
                iri,
                entry["label"],
                entry["kind"],
                entry["kind_label"],
                entry["description"],
                iri.startswith(statements),
            )
            connection.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            names = {entry["label"], *entry["names"]}
            for name in sorted(names):
                key = normalise(name)
                connection.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (key, name, number, name == entry["label"]))
                if not iri.startswith(statements):
                    connection.execute("INSERT INTO grams (rowid, normalised) VALUES (last_insert_rowid(), ?)", (key,))
            text = fold(" ".join(sorted(names))), fold(str(entry["description"]))
            connection.execute("INSERT INTO words (rowid, names, description) VALUES (?, ?, ?)", (number, *text))
    connection.execute("PRAGMA optimize")
    connection.close()
    return len(things)


def _things(store: Store, catalogue: Catalogue) -> dict[str, dict[str, str | set[str]]]:
    solutions = store.query(
        catalogue["pages/search-index"].fill({"inferred": catalogue.vocabulary.graph("inferred")}),
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, QuerySolutions)
    things: dict[str, dict[str, str | set[str]]] = {}
    for row in solutions:
        thing, kind, kind_label, label = row["thing"], row["kind"], row["kindLabel"], row["label"]
        assert isinstance(thing, NamedNode) and isinstance(kind, NamedNode)
        assert isinstance(kind_label, Literal) and isinstance(label, Literal)
        entry = things.setdefault(
            thing.value,
            {
                "label": label.value,
                "kind": kind.value,
                "kind_label": kind_label.value,
                "names": set(),
                "description": "",
            },
        )
        value, names = row["value"], entry["names"]
        assert isinstance(names, set)
        if not isinstance(value, Literal):
            continue
        if row["property"] == NamedNode(DCTERMS_DESCRIPTION):
            entry["description"] = value.value
        else:
            names.add(value.value)
    return things
