"""Lists of entities (of a class, of a search, or all): filtered by facets, counted, sorted and paged."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.index.connection import IndexConnection
from kg.index.search import Hit, Search

TYPE = "type"
# Row ids of entities follow the order of their names.
SORTS = {
    "name": "SELECT value, '' FROM json_each(?) ORDER BY value LIMIT ? OFFSET ?",
    "type": """SELECT entity.id, '' FROM json_each(?) given JOIN entity ON entity.id = given.value
               ORDER BY type_label, entity.id LIMIT ? OFFSET ?""",
}
_OF_CLASS = {
    "name": "SELECT entity, '' FROM member WHERE class = ? ORDER BY entity LIMIT ? OFFSET ?",
    "type": """SELECT entity, '' FROM member JOIN entity ON entity.id = member.entity WHERE class = ?
               ORDER BY type_label, entity LIMIT ? OFFSET ?""",
}


@dataclass(frozen=True)
class FacetValue:
    """A value to filter by: IRI, label, the number of listed entities that have it, and whether it is selected."""

    iri: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class FacetedPage:
    """One page of a list: the total number of entities, the hits on this page, and the filter values of each facet.

    ``corrected`` and ``has_partial`` are those of ``Matches``.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    corrected: str = ""
    has_partial: bool = False


@dataclass(frozen=True)
class ClassSummary:
    """A class of the ontology; ``members`` counts its entities, those of its subclasses included.

    ``above`` are the IRIs of its superclasses; ``is_defined`` says whether a rule infers its members.
    """

    iri: str
    label: str
    meaning: str
    is_defined: bool
    members: int
    above: tuple[str, ...]


class FacetIndex:
    """Faceted lists from the side index of a release."""

    def __init__(self, index: Path, search: Search) -> None:
        self._connection = IndexConnection(index)
        self._search = search
        self._values = {
            (facet, iri): (number, label)
            for number, facet, iri, label in self._connection.execute("SELECT id, facet, iri, label FROM facet_value")
        }

    def searched(
        self,
        text: str,
        chosen: Mapping[str, str],
        facets: Sequence[str],
        start: int = 0,
        size: int = 50,
        *,
        records: bool = True,
    ) -> FacetedPage:
        """Returns the results of a search, best first.

        Args:
            text: the search text.
            chosen: IRIs of the selected values, by facet.
            facets: the facets to count.
            start: offset of the page.
            size: maximum number of entities on the page.
            records: whether evidence lines, results and other records are listed too.
        """
        matches = self._search.matches(text, records=records)
        found = dict(matches.found)
        listed, counted = self._narrowed(list(found), chosen, facets)
        shown = [(row_id, found[row_id]) for row_id in listed[start : start + size]]
        hits = tuple(self._search.hits(shown))
        return FacetedPage(len(listed), hits, counted, matches.corrected, matches.has_partial)

    def members(
        self,
        iri: str,
        chosen: Mapping[str, str],
        facets: Sequence[str],
        sort: str = "name",
        start: int = 0,
        size: int = 50,
    ) -> FacetedPage:
        """Returns the entities of a class and its subclasses.

        ``sort`` is one of ``SORTS``; the other arguments are those of ``searched``.
        """
        query = "SELECT id, members FROM class WHERE iri = ?"
        number, total = self._connection.execute(query, (iri,)).fetchone() or (0, 0)
        counted = {} if chosen else self._counted(number, facets)
        if counted:
            shown = self._connection.execute(_OF_CLASS[sort], (number, size, start)).fetchall()
            return FacetedPage(total, tuple(self._search.hits(shown)), counted)
        query = "SELECT entity FROM member WHERE class = ?"
        ids = [row_id for (row_id,) in self._connection.execute(query, (number,))]
        return self._sorted(ids, chosen, facets, sort, start, size)

    def having(
        self,
        facet: str,
        text: str,
        chosen: Mapping[str, str],
        facets: Sequence[str],
        sort: str = "name",
        start: int = 0,
        size: int = 50,
    ) -> FacetedPage:
        """Returns the entities that have any value of a facet and, if ``text`` is not empty, match it."""
        query = """SELECT DISTINCT entity FROM facet_value JOIN has ON value = id WHERE facet = ? ORDER BY entity"""
        ids = [row_id for (row_id,) in self._connection.execute(query, (facet,))]
        if text:
            allowed = set(ids)
            ids = [row_id for row_id, _ in self._search.matches(text, partial=False).found if row_id in allowed]
            listed, counted = self._narrowed(ids, chosen, facets)
            shown = [(row_id, "") for row_id in listed[start : start + size]]
            return FacetedPage(len(listed), tuple(self._search.hits(shown)), counted)
        return self._sorted(ids, chosen, facets, sort, start, size)

    def classes(self) -> dict[str, ClassSummary]:
        """Returns all classes by IRI, ordered by name."""
        query = """SELECT iri, label, meaning, is_defined, members, (
                     SELECT group_concat(other.iri, ' ') FROM class_above JOIN class other ON other.id = above
                     WHERE class_above.class = class.id)
                   FROM class ORDER BY label COLLATE NOCASE"""
        return {
            iri: ClassSummary(iri, label, meaning, bool(is_defined), members, tuple((above or "").split()))
            for iri, label, meaning, is_defined, members, above in self._connection.execute(query)
        }

    def name_of(self, facet: str, iri: str) -> str | None:
        """Returns the label of a facet's value, or ``None`` if the facet has no such value."""
        if facet == TYPE:
            row = self._connection.execute("SELECT label FROM class WHERE iri = ?", (iri,)).fetchone()
            return str(row[0]) if row else None
        number_and_label = self._values.get((facet, iri))
        return number_and_label[1] if number_and_label else None

    def values_of(self, facet: str, entities: Sequence[str]) -> dict[str, list[FacetValue]]:
        """Returns the values of a facet for each of some entities, by entity IRI."""
        query = """SELECT entity.iri, facet_value.iri, facet_value.label, facet_value.entities
                   FROM json_each(:iris) asked JOIN entity ON entity.iri = asked.value
                   JOIN has ON has.entity = entity.id JOIN facet_value ON facet_value.id = has.value
                   WHERE facet = :facet ORDER BY facet_value.label"""
        found: dict[str, list[FacetValue]] = {}
        given = {"facet": facet, "iris": json.dumps(sorted(set(entities)))}
        for entity_iri, *value in self._connection.execute(query, given):
            found.setdefault(entity_iri, []).append(FacetValue(*value))
        return found

    def numbers_of(self, entities: Sequence[str]) -> list[int]:
        """Returns the row ids of entities, in the order of their names."""
        query = "SELECT id FROM entity WHERE iri IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [row_id for (row_id,) in self._connection.execute(query, (json.dumps(entities),))]

    def _sorted(
        self, ids: list[int], chosen: Mapping[str, str], facets: Sequence[str], sort: str, start: int, size: int
    ) -> FacetedPage:
        listed, counted = self._narrowed(ids, chosen, facets)
        shown = self._connection.execute(SORTS[sort], (json.dumps(listed), size, start)).fetchall()
        return FacetedPage(len(listed), tuple(self._search.hits(shown)), counted)

    def _narrowed(
        self, ids: list[int], chosen: Mapping[str, str], facets: Sequence[str]
    ) -> tuple[list[int], dict[str, tuple[FacetValue, ...]]]:
        """Returns the entities that have all selected values, and the counts for each facet.

        A facet with a selection is counted without that selection, so that its other values stay selectable.
        """
        having = {facet: self._with(facet, iri) for facet, iri in chosen.items()}
        listed = _all_of(ids, having.values())
        free = [facet for facet in facets if facet not in chosen]
        counted = self.counts(listed, free)
        for facet in facets:
            if facet in chosen:
                others = [entities for other, entities in having.items() if other != facet]
                counted |= self.counts(_all_of(ids, others), [facet], chosen[facet])
        return listed, {facet: counted[facet] for facet in facets if counted.get(facet)}

    def _counted(self, number: int, facets: Sequence[str]) -> dict[str, tuple[FacetValue, ...]]:
        """Returns the counts precomputed for a class; empty for a small class."""
        query = """SELECT iri, label, entities FROM class_facet WHERE class = ? AND facet = ?
                   ORDER BY entities DESC, label"""
        found = {
            facet: tuple(FacetValue(*row) for row in self._connection.execute(query, (number, facet)))
            for facet in facets
        }
        return {facet: choices for facet, choices in found.items() if choices}

    def _with(self, facet: str, iri: str) -> set[int]:
        if facet == TYPE:
            return {row_id for (row_id,) in self._connection.execute("SELECT id FROM entity WHERE type = ?", (iri,))}
        number, _ = self._values.get((facet, iri), (0, ""))
        return {row_id for (row_id,) in self._connection.execute("SELECT entity FROM has WHERE value = ?", (number,))}

    def counts(self, ids: list[int], facets: Sequence[str], chosen: str = "") -> dict[str, tuple[FacetValue, ...]]:
        """Counts the values of facets among entities given by row id, the most frequent value first."""
        given = json.dumps(ids)
        counted: dict[str, list[FacetValue]] = {facet: [] for facet in facets}
        if TYPE in counted:
            query = """SELECT entity.type, type_label, count(*) AS number
                       FROM json_each(?) given JOIN entity ON entity.id = given.value
                       GROUP BY entity.type ORDER BY number DESC, type_label"""
            for class_iri, label, number in self._connection.execute(query, (given,)):
                counted[TYPE].append(FacetValue(class_iri, label, number, class_iri == chosen))
        others = [facet for facet in facets if facet != TYPE]
        if others:
            query = """SELECT facet, iri, label, number FROM (
                         SELECT has.value AS value, count(*) AS number FROM json_each(?) given
                         CROSS JOIN has ON has.entity = given.value GROUP BY has.value)
                       JOIN facet_value ON facet_value.id = value
                       WHERE facet IN (SELECT value FROM json_each(?)) ORDER BY number DESC, label"""
            for facet, iri, label, number in self._connection.execute(query, (given, json.dumps(others))):
                counted[facet].append(FacetValue(iri, label, number, iri == chosen))
        return {facet: tuple(choices) for facet, choices in counted.items()}


def _all_of(ids: list[int], having: Collection[set[int]]) -> list[int]:
    """Returns the ids that are in every set, in their order."""
    return [row_id for row_id in ids if all(row_id in entities for entities in having)]
