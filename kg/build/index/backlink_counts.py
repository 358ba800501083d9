"""Counts at build time what points at the things that very many others name, so that their pages need not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue, Value
from kg.engine.embedded.engine import EmbeddedEngine
from kg.index.backlink_counts import MIN_COUNT, SCHEMA
from kg.rdf.terms import Row
from kg.rdf.vocabulary import GRAPHS


def write(store: Store, catalogue: Catalogue, graphs: list[str], path: Path) -> int:
    """Writes the counts beside the search index and returns the number of hubs.

    Args:
        store: of the release.
        catalogue: holds the query.
        graphs: names of the graphs in which things can be hubs: those of the tables.
        path: the side index of the release.
    """
    counter = _Counter(store, catalogue)
    hubs = {hub for graph in graphs for hub in counter.hubs(graph)}
    entities = sorted({entity_iri for entity_iri, _ in hubs})
    rows = [(*hub, sum(counter.in_table(graph, *hub) for graph in graphs)) for hub in sorted(hubs)]
    rows += [(entity_iri, *count) for entity_iri in entities for count in counter.curated(entity_iri)]
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO hub VALUES (?, ?, ?)", rows)
    connection.close()
    return len(entities)


class _Counter:
    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._engine, self._catalogue = EmbeddedEngine(store), catalogue

    def hubs(self, graph: str) -> list[tuple[str, str]]:
        """The things that very many of a graph name by one relation, with the relation."""
        rows = self._ask("pages/hubs", {"graph": self._catalogue.vocabulary.graph(graph), "least": MIN_COUNT})
        return [(row["entity"].value, row["property"].value) for row in rows]

    def in_table(self, graph: str, entity_iri: str, predicate: str) -> int:
        """How many of a graph, which may hold fewer than make a hub, point at a hub."""
        vocabulary = self._catalogue.vocabulary
        arguments: dict[str, Value] = {"graph": vocabulary.graph(graph), "entity": entity_iri, "property": predicate}
        return int(self._ask("pages/hub-count", arguments)[0]["count"].value)

    def curated(self, entity_iri: str) -> list[tuple[str, int]]:
        """How many curated things point at a hub, by relation."""
        graphs = [self._catalogue.vocabulary.graph(name) for name in GRAPHS]
        rows = self._ask("pages/entity-incoming-curated", {"entity": entity_iri, "graphs": graphs})
        return sorted((row["property"].value, int(row["count"].value)) for row in rows)

    def _ask(self, name: str, values: dict[str, Value]) -> list[Row]:
        return self._engine.select(self._catalogue[name].fill(values))
