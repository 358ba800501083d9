"""Counts at build time what points at the things that very many others name, so that their pages need not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.catalogue import Catalogue, Value
from kg.hubs import LEAST, SCHEMA


def write(store: Store, catalogue: Catalogue, graphs: list[str], path: Path) -> int:
    """Writes the counts beside the search index and returns the number of hubs.

    Args:
        store: of the release.
        catalogue: holds the query.
        graphs: names of the graphs in which things can be hubs: those of the tables.
        path: the side index of the release.
    """
    hubs: set[tuple[str, str]] = set()
    for graph in graphs:
        asked: dict[str, Value] = {"graph": catalogue.vocabulary.graph(graph), "least": LEAST}
        for row in _ask(store, catalogue["pages/hubs"].fill(asked)):
            thing, property = row["thing"], row["property"]
            assert isinstance(thing, NamedNode) and isinstance(property, NamedNode)
            hubs.add((thing.value, property.value))
    rows = [(*hub, sum(_count(store, catalogue, graph, *hub) for graph in graphs)) for hub in sorted(hubs)]
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO hub VALUES (?, ?, ?)", rows)
    connection.close()
    return len({thing for thing, _, _ in rows})


def _count(store: Store, catalogue: Catalogue, graph: str, thing: str, property: str) -> int:
    """How many of a graph, which may hold fewer than make a hub, point at a hub."""
    asked = {"graph": catalogue.vocabulary.graph(graph), "thing": thing, "property": property}
    count = next(iter(_ask(store, catalogue["pages/hub-count"].fill(asked))))["count"]
    assert isinstance(count, Literal)
    return int(count.value)


def _ask(store: Store, query: str) -> QuerySolutions:
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return solutions
