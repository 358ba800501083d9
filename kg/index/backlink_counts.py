"""Precomputed counts of incoming links, for entities that very many others refer to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kg.index.connection import IndexConnection

# Number of incoming links by one property from which the count is made when the release is built.
MIN_COUNT = 300
SCHEMA = """
CREATE TABLE hub (entity TEXT, property TEXT, count INTEGER);
CREATE INDEX hub_by_entity ON hub (entity);
"""


class BacklinkCounts:
    """The precomputed link counts in the side index of a release."""

    def __init__(self, index: Path) -> None:
        self._connection = IndexConnection(index)

    def counts(self, entity_iri: str) -> Counter[str]:
        """Counts the entities that refer to this one, by property IRI; empty if nothing was precomputed for it."""
        counts: Counter[str] = Counter()
        for predicate, count in self._connection.execute(
            "SELECT property, count FROM hub WHERE entity = ?", (entity_iri,)
        ):
            counts[predicate] += count
        return counts
