"""Counts at build time the incoming links of entities with very many of them, so that their pages need not."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue, Value
from kg.engine.embedded.engine import EmbeddedEngine
from kg.index.backlink_counts import MIN_COUNT, SCHEMA
from kg.rdf.terms import Row
from kg.rdf.vocabulary import GRAPHS

# IRIs of entity and property, and how many entities of tables refer to the one by the other.
Hub = tuple[str, str, int]


def linked_from_tables(store: Store, catalogue: Catalogue, graphs: Collection[str]) -> list[Hub]:
    """Counts links to the entities that very many others refer to (hubs).

    Args:
        store: with the graphs.
        catalogue: the catalogue, which has the queries.
        graphs: names of the graphs in which an entity can be a hub: those of the tables.
    """
    counter = _Counter(store, catalogue)
    most_linked = {hub for graph in graphs for hub in counter.most_linked(graph)}
    return [(*hub, sum(counter.in_table(graph, *hub) for graph in graphs)) for hub in sorted(most_linked)]


def write(from_tables: Iterable[Hub], curated: Store, catalogue: Catalogue, connection: sqlite3.Connection) -> None:
    """Writes the counts into the side index, with those of links from curated graphs.

    Args:
        from_tables: counts of links from tables.
        curated: all graphs but those of tables.
        catalogue: the catalogue, which has the queries.
        connection: to the side index.
    """
    rows = list(from_tables)
    counter = _Counter(curated, catalogue)
    entities = sorted({entity_iri for entity_iri, _, _ in rows})
    rows += [(entity_iri, *count) for entity_iri in entities for count in counter.curated(entity_iri)]
    connection.executescript(SCHEMA)
    connection.executemany("INSERT INTO hub VALUES (?, ?, ?)", rows)


class _Counter:
    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._engine, self._catalogue = EmbeddedEngine(store), catalogue

    def most_linked(self, graph: str) -> list[tuple[str, str]]:
        """Returns hubs of a graph, each with the property by which many entities refer to it."""
        rows = self._ask("pages/hubs", {"graph": self._catalogue.vocabulary.graph(graph), "least": MIN_COUNT})
        return [(row["entity"].value, row["property"].value) for row in rows]

    def in_table(self, graph: str, entity_iri: str, predicate: str) -> int:
        """Counts the entities of a graph, possibly few, that refer to a hub by a property."""
        vocabulary = self._catalogue.vocabulary
        arguments: dict[str, Value] = {"graph": vocabulary.graph(graph), "entity": entity_iri, "property": predicate}
        return int(self._ask("pages/hub-count", arguments)[0]["count"].value)

    def curated(self, entity_iri: str) -> list[tuple[str, int]]:
        """Counts the curated entities that refer to a hub, by property."""
        graphs = [self._catalogue.vocabulary.graph(name) for name in GRAPHS]
        rows = self._ask("pages/entity-incoming-curated", {"entity": entity_iri, "graphs": graphs})
        return sorted((row["property"].value, int(row["count"].value)) for row in rows)

    def _ask(self, name: str, values: dict[str, Value]) -> list[Row]:
        return self._engine.select(self._catalogue[name].fill(values))
