"""Loads the graph of a release into memory, where queries run several times faster than on disk."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store


def load(*dumps: Path, graphs: Iterable[str] = ()) -> Store:
    """Loads dumps of gzip-compressed N-Quads.

    Args:
        dumps: the files.
        graphs: IRIs of graphs that exist even while they are empty.
    """
    store = Store()
    for dump in dumps:
        with gzip.open(dump) as file:
            store.bulk_load(file, format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    for graph in graphs:
        store.add_graph(NamedNode(graph))
    return store
