"""Writes the tables for lists into the side index: the class tree with its members, and the facet values."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
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


def write(
    store: Store,
    catalogue: Catalogue,
    connection: sqlite3.Connection,
    entities: Mapping[str, int],
    tree: Mapping[str, Class],
) -> None:
    """Writes classes, members and facet values.

    Args:
        store: the store of the release.
        catalogue: the catalogue, which has the queries.
        connection: connection to the side index.
        entities: row ids of the entities in the index, by IRI.
        tree: the classes by IRI.
    """
    connection.executescript(SCHEMA)
    members: defaultdict[str, set[int]] = defaultdict(set)
    for entity_iri, class_iri in connection.execute("SELECT id, type FROM entity"):
        for upwards in tree[class_iri].upwards:
            members[upwards].add(entity_iri)
    for row in _select(store, catalogue, "pages/memberships"):
        if row["entity"] in entities:
            for upwards in tree[row["class"]].upwards if row["class"] in tree else ():
                members[upwards].add(entities[row["entity"]])
    numbers = {iri: number for number, iri in enumerate(sorted(tree), 1)}
    for iri, number in numbers.items():
        entry = tree[iri]
        row_ = (number, iri, entry.label, entry.meaning, entry.is_defined, len(members[iri]))
        connection.execute("INSERT INTO class VALUES (?, ?, ?, ?, ?, ?)", row_)
        connection.executemany(
            "INSERT INTO class_above VALUES (?, ?)", [(number, numbers[above]) for above in sorted(entry.above)]
        )
        connection.executemany(
            "INSERT INTO member VALUES (?, ?)", [(number, entity_iri) for entity_iri in sorted(members[iri])]
        )
    _write_values(store, catalogue, connection, entities)
    connection.execute(COUNT, {"large": LARGE})


def _write_values(
    store: Store, catalogue: Catalogue, connection: sqlite3.Connection, entities: Mapping[str, int]
) -> None:
    having: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for row in _select(store, catalogue, "pages/facets"):
        if row["entity"] in entities:
            having[row["facet"], row["value"]].add(entities[row["entity"]])
    labels = Labels(EmbeddedEngine(store), catalogue).of({iri for _, iri in having})
    for number, (facet, iri) in enumerate(sorted(having), 1):
        found = having[facet, iri]
        row_ = (number, facet, iri, labels[iri], len(found))
        connection.execute("INSERT INTO facet_value VALUES (?, ?, ?, ?, ?)", row_)
        connection.executemany("INSERT INTO has VALUES (?, ?)", [(number, entity_iri) for entity_iri in sorted(found)])


def _select(store: Store, catalogue: Catalogue, name: str) -> list[dict[str, str]]:
    """Returns the rows with terms as strings."""
    rows = EmbeddedEngine(store).select(catalogue[name].fill({}))
    return [{column: term.value for column, term in row.items()} for row in rows]
