"""Counts at build time the incoming links of entities with very many of them, so that their pages need not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue, Value
from kg.engine.embedded.engine import EmbeddedEngine
from kg.index.backlink_counts import MIN_COUNT, SCHEMA
from kg.rdf.terms import Row
from kg.rdf.vocabulary import GRAPHS


def write(store: Store, catalogue: Catalogue, graphs: list[str], path: Path) -> int:
    """Writes the counts into the side index; returns the number of such entities (hubs).

    Args:
        store: the store of the release.
        catalogue: the catalogue, which has the queries.
        graphs: names of the graphs in which an entity can be a hub: those of the tables.
        path: the side index of the release.
    """
    counter = _Counter(store, catalogue)
    most_linked = {hub for graph in graphs for hub in counter.most_linked(graph)}
    entities = sorted({entity_iri for entity_iri, _ in most_linked})
    rows = [(*hub, sum(counter.in_table(graph, *hub) for graph in graphs)) for hub in sorted(most_linked)]
    rows += [(entity_iri, *count) for entity_iri in entities for count in counter.curated(entity_iri)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO hub VALUES (?, ?, ?)", rows)
    return len(entities)


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
