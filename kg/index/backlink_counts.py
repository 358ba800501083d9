"""Things that very many others name, with the counts that were made when the release was built."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

# From this many things that point at one by one relation on, the count is made at build time.
MIN_COUNT = 300
SCHEMA = """
CREATE TABLE hub (entity TEXT, property TEXT, count INTEGER);
CREATE INDEX hub_by_thing ON hub (entity);
"""


class BacklinkCounts:
    """The counts in the side index of a release."""

    def __init__(self, index: Path) -> None:
        # Threads of the server share the connection; it is read-only and sqlite3 serialises its use.
        self._connection = sqlite3.connect(f"file:{index}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def counts(self, entity_iri: str) -> Counter[str]:
        """How many things point at this one, by IRIs of relations; empty for a thing that is no hub."""
        counts: Counter[str] = Counter()
        for predicate, count in self._connection.execute(
            "SELECT property, count FROM hub WHERE entity = ?", (entity_iri,)
        ):
            counts[predicate] += count
        return counts
