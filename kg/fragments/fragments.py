"""Triple patterns: the triples that have some given terms, page by page, and how many there are.

A page costs what skipping to it costs. Without terms, pages follow the properties one after the other, so that no more
than the triples of one property are skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from pyoxigraph import Triple

from kg.rdf.terms import Term
from kg.reader.reader import Reader

SUBJECT, PROPERTY, VALUE = "subject", "property", "value"
# The most triples that are counted one by one; no entity has as many.
MAX_COUNTED = 10_000
_CACHED_COUNTS = 4096
Pattern = Mapping[str, Term]


class Fragments:
    """The triples of a release by pattern; a pattern has terms for ``SUBJECT``, ``PROPERTY`` and ``VALUE``, or fewer.

    Args:
        reader: the release.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._counted = lru_cache(_CACHED_COUNTS)(self._count)

    def count(self, pattern: Pattern) -> int:
        """Returns how many triples match a pattern; of a pattern with a subject at most ``MAX_COUNTED``."""
        return self._counted(frozenset(pattern.items()))

    def page(self, pattern: Pattern, offset: int, limit: int) -> list[Triple]:
        """Returns some triples that match a pattern, in the order of the store, which is the same in each request.

        Args:
            pattern: the given terms.
            offset: number of triples to skip.
            limit: maximum number of triples.
        """
        if pattern:
            return self._reader.matching(pattern, offset, limit)
        found: list[Triple] = []
        for term, count in self._counts_by_property.items():
            if offset < count:
                found += self._reader.matching({PROPERTY: term}, offset, limit - len(found))
                if len(found) == limit:
                    break
            offset = max(0, offset - count)
        return found

    @cached_property
    def _counts_by_property(self) -> Mapping[Term, int]:
        """How many triples each property has. One in two graphs counts twice, and so may start two pages."""
        counts: dict[Term, int] = {}
        for row in self._reader.run("pages/counts-by-graph-and-property", {}):
            counts[row["property"]] = counts.get(row["property"], 0) + int(row["count"].value)
        return counts

    def _count(self, given: frozenset[tuple[str, Term]]) -> int:
        pattern = dict(given)
        if SUBJECT in pattern:
            return len(self._reader.matching(pattern, 0, MAX_COUNTED))
        if VALUE in pattern:
            rows = self._reader.run("pages/uses-of-a-value", {"value": pattern[VALUE]})
            sought = pattern.get(PROPERTY)
            return sum(int(row["count"].value) for row in rows if sought is None or row["property"] == sought)
        if PROPERTY in pattern:
            return self._counts_by_property.get(pattern[PROPERTY], 0)
        return sum(self._counts_by_property.values())
