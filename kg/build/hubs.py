"""Counts at build time what points at the things that very many others name, so that their pages need not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.catalogue import Catalogue
from kg.hubs import LEAST, SCHEMA


def write(store: Store, catalogue: Catalogue, graphs: list[str], path: Path) -> int:
    """Writes the counts beside the search index and returns the number of hubs.

    Args:
        store: of the release.
        catalogue: holds the query.
        graphs: names of the graphs in which things can be hubs: those of the tables.
        path: the side index of the release.
    """
    rows = []
    for graph in graphs:
        query = catalogue["pages/hubs"].fill({"graph": catalogue.vocabulary.graph(graph), "least": LEAST})
        solutions = store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        for row in solutions:
            thing, property, count = row["thing"], row["property"], row["count"]
            assert isinstance(thing, NamedNode) and isinstance(property, NamedNode) and isinstance(count, Literal)
            rows.append((thing.value, property.value, int(count.value)))
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO hub VALUES (?, ?, ?)", rows)
    connection.close()
    return len({thing for thing, _, _ in rows})
