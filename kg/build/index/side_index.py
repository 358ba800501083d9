"""Puts the side index of a release together: first the rows of tables, then those of curated files.

The first step depends on tables and the ontology alone, so its result is a part that later builds reuse.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from kg.build.index import backlink_counts, completion, facets, food_ranking, search
from kg.build.index.food_ranking import Amount, Grouped
from kg.catalogue.catalogue import Catalogue

_INDEX, _BESIDE = "search.sqlite", "beside.json"
# What the first step reads beside tables: part of what its result depends on.
QUERIES = (
    *("search-index", "search-names", "memberships", "facets", "labels", "hubs", "hub-count", "amounts-to-rank"),
    *("foods-in-groups", "completion-entities", "measurement-labels", "assessment-labels"),
)


@dataclass
class _Beside:
    """What the second step needs of the first one and finds in no table of the index."""

    uses: Counter[str]
    links: list[backlink_counts.Hub]
    amounts: list[Amount]
    groups: list[Grouped]
    completions: completion.Completions

    def to_json(self) -> str:
        return json.dumps([self.uses, self.links, self.amounts, self.groups, self.completions], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> _Beside:
        uses, links, amounts, groups, completions = json.loads(text)
        return cls(
            Counter(uses),
            [(entity, predicate, count) for entity, predicate, count in links],
            [Amount(*row) for row in amounts],
            [Grouped(*row) for row in groups],
            completions,
        )


def begin(
    store: Store, catalogue: Catalogue, graphs: Collection[str], tree: Mapping[str, facets.Class], folder: Path
) -> None:
    """Writes the index of the graphs of tables.

    Args:
        store: with the graphs, and what rules infer from single rows.
        catalogue: which has the queries.
        graphs: names of the graphs of tables.
        tree: the classes of the ontology by IRI.
        folder: for the result.
    """
    with closing(sqlite3.connect(folder / _INDEX)) as connection, connection:
        search.begin(connection)
        facets.begin(connection, tree)
        ids, uses = search.add(store, catalogue, connection, tree)
        facets.add(store, catalogue, connection, ids, tree)
    beside = _Beside(
        uses,
        backlink_counts.linked_from_tables(store, catalogue, graphs),
        food_ranking.amounts_of(store, catalogue),
        food_ranking.groups_of(store, catalogue),
        completion.entities_of(store, catalogue),
    )
    (folder / _BESIDE).write_text(beside.to_json(), "utf-8")


def finish(
    begun: Path,
    added: Store,
    curated: Store,
    catalogue: Catalogue,
    tree: Mapping[str, facets.Class],
    path: Path,
    completions: Path,
) -> int:
    """Writes the index of a release, and the completion file of the editor; returns the number of entities in it.

    Args:
        begun: folder of the index of the tables.
        added: what comes to it: all graphs but those of tables, or nothing if they are in it already.
        curated: all graphs but those of tables.
        catalogue: which has the queries.
        tree: the classes of the ontology by IRI.
        path: of the index.
        completions: of the completion file.

    Raises:
        NoRoomError: the index of the tables has no room for these entities.
    """
    beside = _Beside.from_json((begun / _BESIDE).read_text("utf-8"))
    shutil.copyfile(begun / _INDEX, path)
    with closing(sqlite3.connect(path)) as connection:
        with connection:
            ids, uses = search.add(added, catalogue, connection, tree)
            search.finish(connection, beside.uses + uses)
            facets.add(added, catalogue, connection, ids, tree)
            facets.finish(connection)
            backlink_counts.write(beside.links, curated, catalogue, connection)
            amounts = [*beside.amounts, *food_ranking.amounts_of(added, catalogue)]
            groups = [*beside.groups, *food_ranking.groups_of(added, catalogue)]
            food_ranking.write(amounts, groups, curated, catalogue, connection)
        connection.execute("ANALYZE")
        connection.commit()
        (count,) = connection.execute("SELECT count(*) FROM entity").fetchone()
    entities = {**beside.completions, **completion.entities_of(added, catalogue)}
    completion.write(entities, curated, catalogue, completions)
    return int(count)
