"""The side index is made in two steps, tables first; it contains what one step over the complete graph would give."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.build.index import facets, search, side_index
from kg.build.index.facets import Class
from kg.catalogue.catalogue import Catalogue
from kg.rdf.vocabulary import GRAPHS, RDF_TYPE, RDFS_LABEL, Vocabulary
from kg.reader.reader import Reader
from tests.support.paths import BASE

# Row ids differ, so each row is identified by what it is about.
TABLES = {
    "entity": "SELECT iri, label, type, type_label, description, place, rank FROM entity",
    "order": "SELECT iri FROM entity ORDER BY id",
    "name": "SELECT normalised, text, iri, is_label FROM name JOIN entity ON id = entity",
    "words": "SELECT iri, names, words.description FROM words JOIN entity ON id = words.rowid",
    "grams": "SELECT grams.normalised, text FROM grams JOIN name ON name.rowid = grams.rowid",
    "spelling": "SELECT * FROM spelling",
    "class": "SELECT iri, label, members FROM class",
    "member": "SELECT class.iri, entity.iri FROM member JOIN class ON class.id = class JOIN entity ON entity.id = entity",
    "facet_value": "SELECT facet, iri, label, entities FROM facet_value",
    "has": "SELECT facet, facet_value.iri, entity.iri FROM has JOIN facet_value ON facet_value.id = value "
    "JOIN entity ON entity.id = entity",
    "class_facet": "SELECT class.iri, facet, class_facet.iri, class_facet.label, entities FROM class_facet "
    "JOIN class ON class.id = class",
    "hub": "SELECT * FROM hub",
    "amount": "SELECT measurement, source, food, independent FROM amount ORDER BY id",
    "ranked": "SELECT form, micrograms, measurement FROM ranked JOIN amount ON id = amount",
    "grouped": "SELECT * FROM grouped",
}


@pytest.fixture(scope="module")
def in_one_step(small_reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index made from the complete graph at once."""
    folder = tmp_path_factory.mktemp("index")
    store = Store()
    store.extend(Store.read_only(str(small_reader.release.store)))
    catalogue, vocabulary = small_reader.catalogue, small_reader.vocabulary
    curated = Store()
    for name in GRAPHS:
        curated.extend(store.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph(name))))
    tree = facets.classes(curated, catalogue)
    (folder / "begun").mkdir()
    names = [table.name for table in small_reader.release.manifest.tables]
    side_index.begin(store, catalogue, names, tree, folder / "begun")
    index, completions = folder / "search.sqlite", folder / "completion.json"
    side_index.finish(folder / "begun", Store(), curated, catalogue, tree, index, completions)
    return folder


@pytest.mark.parametrize("table", TABLES)
def test_two_steps_give_what_one_step_gives(table: str, in_one_step: Path, small_reader: Reader) -> None:
    found = []
    for path in (small_reader.release.search_index, in_one_step / "search.sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(TABLES[table]).fetchall()
        found.append(rows if " ORDER BY " in TABLES[table] else sorted(rows))
    assert found[0]
    assert found[0] == found[1]


def test_two_steps_give_the_completions_of_one_step(in_one_step: Path, small_reader: Reader) -> None:
    ours, theirs = (
        json.loads(path.read_text("utf-8"))
        for path in (small_reader.release.completion, in_one_step / "completion.json")
    )
    assert ours["entities"]
    assert ours == theirs


VOCABULARY = Vocabulary(BASE)
FOOD = VOCABULARY.term("Food")


def named(labels: list[str]) -> Store:
    store = Store()
    for label in labels:
        entity, graph = NamedNode(VOCABULARY.entity_iri(label)), NamedNode(VOCABULARY.graph("entities"))
        store.add(Quad(entity, NamedNode(RDF_TYPE), NamedNode(FOOD), graph))
        store.add(Quad(entity, NamedNode(RDFS_LABEL), Literal(label, language="en"), graph))
    return store


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["b", "d"], ["a", "c", "e"]),
        (["b", "d"], ["c1", "c2", "c3"]),
        (["b"], ["a1", "a2"]),
        (["b"], ["c1", "c2"]),
        ([], ["b", "a"]),
        (["a"], []),
    ],
)
def test_ids_follow_names_and_those_that_come_later_leave_the_others_alone(first: list[str], second: list[str]) -> None:
    catalogue, tree = Catalogue(VOCABULARY), {FOOD: Class("food", "", is_defined=False, upwards={FOOD})}
    with closing(sqlite3.connect(":memory:")) as connection:
        search.begin(connection)
        before, _ = search.add(named(first), catalogue, connection, tree)
        after, _ = search.add(named(second), catalogue, connection, tree)
        rows = connection.execute("SELECT label FROM entity ORDER BY id").fetchall()
        ids = dict(connection.execute("SELECT iri, id FROM entity"))
    assert [label for (label,) in rows] == sorted([*first, *second])
    assert ids == {**before, **after}


def test_too_many_names_between_two_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_ROOM", 3)
    catalogue, tree = Catalogue(VOCABULARY), {FOOD: Class("food", "", is_defined=False, upwards={FOOD})}
    with closing(sqlite3.connect(":memory:")) as connection:
        search.begin(connection)
        search.add(named(["a", "c"]), catalogue, connection, tree)
        with pytest.raises(search.NoRoomError):
            search.add(named(["b1", "b2", "b3"]), catalogue, connection, tree)
