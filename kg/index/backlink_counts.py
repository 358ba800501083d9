"""Things that very many others name, with the counts that were made when the release was built."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kg.index.connection import IndexConnection

# From this many things that point at one by one relation on, the count is made at build time.
MIN_COUNT = 300
SCHEMA = """
CREATE TABLE hub (entity TEXT, property TEXT, count INTEGER);
CREATE INDEX hub_by_thing ON hub (entity);
"""


class BacklinkCounts:
    """The counts in the side index of a release."""

    def __init__(self, index: Path) -> None:
        self._connection = IndexConnection(index)

    def counts(self, entity_iri: str) -> Counter[str]:
        """How many things point at this one, by IRIs of relations; empty for a thing that is no hub."""
        counts: Counter[str] = Counter()
        for predicate, count in self._connection.execute(
            "SELECT property, count FROM hub WHERE entity = ?", (entity_iri,)
        ):
            counts[predicate] += count
        return counts
