"""Precomputed counts of incoming links, for entities that very many others refer to."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

# Number of incoming links by one property from which the count is made when the release is built.
MIN_COUNT = 300
SCHEMA = """
CREATE TABLE hub (entity TEXT, property TEXT, count INTEGER);
CREATE INDEX hub_by_thing ON hub (entity);
"""


class BacklinkCounts:
    """The precomputed link counts in the side index of a release."""

    def __init__(self, index: Path) -> None:
        # Threads of the server share the connection; it is read-only and sqlite3 serialises its use.
        self._connection = sqlite3.connect(f"file:{index}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def counts(self, entity_iri: str) -> Counter[str]:
        """Counts the entities that refer to this one, by property IRI; empty if nothing was precomputed for it."""
        counts: Counter[str] = Counter()
        for predicate, count in self._connection.execute(
            "SELECT property, count FROM hub WHERE entity = ?", (entity_iri,)
        ):
            counts[predicate] += count
        return counts
