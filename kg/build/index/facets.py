"""Writes the tables for lists into the side index: the class tree with its members, and the facet values."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.reader.labels import Labels

SCHEMA = """
CREATE TABLE class (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, meaning TEXT, is_defined INTEGER,
                    members INTEGER);
CREATE TABLE class_above (class INTEGER, above INTEGER);
CREATE TABLE member (class INTEGER, entity INTEGER, PRIMARY KEY (class, entity)) WITHOUT ROWID;
CREATE TABLE facet_value (id INTEGER PRIMARY KEY, facet TEXT, iri TEXT, label TEXT, entities INTEGER);
CREATE UNIQUE INDEX facet_value_by_iri ON facet_value (facet, iri);
CREATE TABLE has (value INTEGER, entity INTEGER, PRIMARY KEY (value, entity)) WITHOUT ROWID;
CREATE INDEX has_by_entity ON has (entity);
CREATE INDEX entity_by_type ON entity (type);
CREATE TABLE class_facet (class INTEGER, facet TEXT, iri TEXT, label TEXT, entities INTEGER);
CREATE INDEX class_facet_by_class ON class_facet (class, facet);
"""
# Facet counts of large classes are precomputed, since counting them takes long.
COUNT = """
INSERT INTO class_facet
SELECT class, 'type', type, type_label, count(*) FROM member JOIN entity ON id = entity
WHERE class IN (SELECT id FROM class WHERE members >= :large) GROUP BY class, type
UNION ALL
SELECT member.class, facet, iri, label, count(*) FROM member JOIN has ON has.entity = member.entity
JOIN facet_value ON facet_value.id = has.value
WHERE member.class IN (SELECT id FROM class WHERE members >= :large) GROUP BY member.class, has.value
"""
LARGE = 500


@dataclass
class Class:
    """A class of the ontology: label, definition, and superclasses."""

    label: str
    meaning: str
    is_defined: bool
    above: set[str] = field(default_factory=set)
    upwards: set[str] = field(default_factory=set)


def classes(store: Store, catalogue: Catalogue) -> dict[str, Class]:
    """Returns the classes by IRI; ``upwards`` is the class itself and all its superclasses."""
    found: dict[str, Class] = {}
    for row in _select(store, catalogue, "pages/classes"):
        entry = found.setdefault(row["class"], Class(row["label"], row.get("meaning", ""), row["isDefined"] == "true"))
        if "above" in row:
            entry.above.add(row["above"])
    for iri, entry in found.items():
        waiting = [iri]
        while waiting:
            class_iri = waiting.pop()
            if class_iri not in entry.upwards:
                entry.upwards.add(class_iri)
                waiting += found[class_iri].above
    return found


def begin(connection: sqlite3.Connection, tree: Mapping[str, Class]) -> None:
    """Makes the tables, and writes the classes.

    Args:
        connection: to the side index.
        tree: the classes by IRI.
    """
    connection.executescript(SCHEMA)
    numbers = _numbers(tree)
    for iri, number in numbers.items():
        entry = tree[iri]
        row = (number, iri, entry.label, entry.meaning, entry.is_defined, 0)
        connection.execute("INSERT INTO class VALUES (?, ?, ?, ?, ?, ?)", row)
        connection.executemany(
            "INSERT INTO class_above VALUES (?, ?)", [(number, numbers[above]) for above in sorted(entry.above)]
        )


def add(
    store: Store,
    catalogue: Catalogue,
    connection: sqlite3.Connection,
    entities: Mapping[str, int],
    tree: Mapping[str, Class],
) -> None:
    """Adds members and facet values.

    Args:
        store: what is said of entities.
        catalogue: the catalogue, which has the queries.
        connection: to the side index.
        entities: row ids of entities that are new in the index, by IRI; the store may say more of others too.
        tree: the classes by IRI.
    """
    ids = _Ids(connection, entities)
    members: defaultdict[str, set[int]] = defaultdict(set)
    types = connection.execute("SELECT iri, type FROM entity").fetchall()
    for entity_iri, class_iri in types:
        if entity_iri in entities:
            for upwards in tree[class_iri].upwards:
                members[upwards].add(entities[entity_iri])
    for row in _select(store, catalogue, "pages/memberships"):
        if row["class"] in tree and (entity := ids.of(row["entity"])) is not None:
            for upwards in tree[row["class"]].upwards:
                members[upwards].add(entity)
    for iri, number in _numbers(tree).items():
        connection.executemany(
            "INSERT OR IGNORE INTO member VALUES (?, ?)", [(number, entity) for entity in sorted(members[iri])]
        )
    _add_values(store, catalogue, connection, ids)


def finish(connection: sqlite3.Connection) -> None:
    """Counts members and values, when all entities are there."""
    connection.execute("UPDATE class SET members = (SELECT count(*) FROM member WHERE class = class.id)")
    connection.execute("UPDATE facet_value SET entities = (SELECT count(*) FROM has WHERE value = facet_value.id)")
    connection.execute(COUNT, {"large": LARGE})


class _Ids:
    """Row ids of the entities in the index, by IRI."""

    def __init__(self, connection: sqlite3.Connection, new: Mapping[str, int]) -> None:
        self._connection = connection
        self._known: dict[str, int | None] = dict(new)

    def of(self, iri: str) -> int | None:
        """The row id of an entity; ``None`` if it is not in the index."""
        if iri not in self._known:
            row = self._connection.execute("SELECT id FROM entity WHERE iri = ?", (iri,)).fetchone()
            self._known[iri] = row[0] if row else None
        return self._known[iri]


def _numbers(tree: Mapping[str, Class]) -> dict[str, int]:
    return {iri: number for number, iri in enumerate(sorted(tree), 1)}


def _add_values(store: Store, catalogue: Catalogue, connection: sqlite3.Connection, ids: _Ids) -> None:
    having: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for row in _select(store, catalogue, "pages/facets"):
        if (entity := ids.of(row["entity"])) is not None:
            having[row["facet"], row["value"]].add(entity)
    engine = EmbeddedEngine(store)
    there = {
        (facet, iri): number for number, facet, iri in connection.execute("SELECT id, facet, iri FROM facet_value")
    }
    # A value of rows that curated files describe, such as a form of vitamin K, gets its label with these.
    query = catalogue["pages/labels"].fill({"entities": sorted({iri for _, iri in there})})
    for known in engine.select(query) if there else ():
        connection.execute(
            "UPDATE facet_value SET label = ? WHERE iri = ?", (known["label"].value, known["entity"].value)
        )
    labels = Labels(engine, catalogue).of({iri for _, iri in having})
    for facet, iri in sorted(having):
        number = there.setdefault((facet, iri), len(there) + 1)
        row_ = (number, facet, iri, labels[iri], 0)
        connection.execute("INSERT OR IGNORE INTO facet_value VALUES (?, ?, ?, ?, ?)", row_)
        connection.executemany(
            "INSERT OR IGNORE INTO has VALUES (?, ?)", [(number, entity) for entity in sorted(having[facet, iri])]
        )


def _select(store: Store, catalogue: Catalogue, name: str) -> Iterator[dict[str, str]]:
    """Yields the rows with terms as strings."""
    for row in EmbeddedEngine(store).rows(catalogue[name].fill({})):
        yield {column: term.value for column, term in row.items()}
