"""Loads the graph of a release into memory, where queries run several times faster than on disk."""

from __future__ import annotations

import gzip
from pathlib import Path

from pyoxigraph import RdfFormat, Store


def load(dump: Path) -> Store:
    """Loads a dump of gzip-compressed N-Quads."""
    store = Store()
    with gzip.open(dump) as file:
        store.bulk_load(file, format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    return store
