"""A server with a history and an imported graph: changes as pages, feed and patch, Memento, and whose statement it is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.build.graphs import imported_graphs
from kg.build.graphs.imported_graphs import Naming
from kg.changes import history
from kg.engine.factory import engine_for
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from server.app import create_app
from tests.support import minimal_curated
from tests.support.paths import BASE

MINE = "https://example.org/mine"
K1 = f"<{BASE}id/phylloquinone>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """A release, and the next one: an entity has another description, and a graph was imported."""
    folder = tmp_path_factory.mktemp("own")
    curated, data = minimal_curated.write(folder / "curated"), folder / "data"
    first = pipeline.build(curated, data, BASE, proof=False).release
    entities = curated / "entities" / "entities.ttl"
    entities.write_text(entities.read_text("utf-8").replace("The menaquinones together.", "All menaquinones."), "utf-8")
    notes = folder / "notes.ttl"
    notes.write_text(f'{K1} {LABEL} "Poison"@en ; <#note> "mine" .\n[] <#about> {K1} .\n', "utf-8")
    with imported_graphs.stage_import(data, [notes], Naming(graph=MINE), Vocabulary(BASE)) as staged:
        second = pipeline.build(curated, data, BASE, proof=False, importing_graphs=staged).release
    assert history.record(data, second)
    return first, second


@pytest.fixture(scope="module")
def own(releases: tuple[Release, Release]) -> Iterator[FlaskClient]:
    settings = Settings(data_dir=releases[1].path.parents[1], page_budget_ms=60_000)
    engine = engine_for(settings, releases[1])
    assert engine.wait_until_ready(60)
    yield create_app(settings, Reader(releases[1]), engine).test_client()
    engine.close()


def rows(client: FlaskClient, query: str, **parameters: str) -> list[list[str]]:
    response = client.get("/sparql", query_string={"query": query, "format": "csv", **parameters})
    assert response.status_code == 200, response.text
    return [line.split(",") for line in response.text.splitlines()[1:]]


# A query for labels of vitamin K1, with parameters of the protocol, and whether the imported label is found.
DATASETS = {
    "the default graph": (f"SELECT ?o {{ {K1} {LABEL} ?o }}", {}, ["phylloquinone"]),
    "GRAPH": (f"SELECT ?o {{ GRAPH <{MINE}> {{ {K1} {LABEL} ?o }} }}", {}, ["Poison"]),
    "FROM": (f"SELECT ?o FROM <{MINE}> {{ {K1} {LABEL} ?o }}", {}, ["Poison"]),
    "FROM NAMED": (f"SELECT ?o FROM NAMED <{MINE}> {{ GRAPH ?g {{ {K1} {LABEL} ?o }} }}", {}, ["Poison"]),
    "default-graph-uri": (f"SELECT ?o {{ {K1} {LABEL} ?o }}", {"default-graph-uri": MINE}, ["Poison"]),
    "named-graph-uri": (f"SELECT ?o {{ GRAPH ?g {{ {K1} {LABEL} ?o }} }}", {"named-graph-uri": MINE}, ["Poison"]),
    "any graph": (f"SELECT ?o {{ GRAPH ?g {{ {K1} {LABEL} ?o }} }}", {}, ["Poison", "phylloquinone"]),
    "joined": (f"SELECT ?n {{ {K1} {LABEL} ?l GRAPH <{MINE}> {{ {K1} <{MINE}#note> ?n }} }}", {}, ["mine"]),
}


@pytest.mark.parametrize(("query", "parameters", "found"), DATASETS.values(), ids=DATASETS)
def test_an_imported_graph_is_found_by_its_name_alone(
    query: str, parameters: dict[str, str], found: list[str], own: FlaskClient
) -> None:
    assert sorted(row[0] for row in rows(own, query, **parameters)) == sorted(found)


def test_an_imported_label_renames_nothing_in_results(own: FlaskClient) -> None:
    query = f"SELECT ?s {{ GRAPH <{MINE}> {{ ?s <{MINE}#note> ?o }} }}"
    assert rows(own, query, labels="en") == [[f"{BASE}id/phylloquinone", "phylloquinone"]]


def test_the_service_describes_its_graphs_and_not_a_union(own: FlaskClient) -> None:
    described = own.get("/sparql", headers={"Accept": "application/n-triples"}).text
    assert f"#name> <{MINE}> ." in described
    assert "UnionDefaultGraph" not in described
    void = own.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    assert f'<{MINE}> <http://rdfs.org/ns/void#triples> "3"^^' in void


def test_pages_show_whose_statement_it_is(own: FlaskClient) -> None:
    page = own.get("/page/phylloquinone", headers=HTML).text
    title, _, imported = page.partition('id="imported"')
    assert "Poison" not in title
    assert "not a part of vitk" in imported
    assert MINE in imported
    assert "Poison" in imported
    assert "(something without a name)" in imported
    assert "Poison" not in own.get("/page/vitamin-k2", headers=HTML).text
    assert "Poison" not in own.get("/api/v1/entities/phylloquinone").text
    assert "1 graph" in own.get("/dataset", headers=HTML).text


def test_imported_graphs_have_a_page(own: FlaskClient) -> None:
    assert MINE in own.get("/imported-graphs").text
    page = own.get("/imported-graphs", query_string={"graph": MINE})
    assert (page.status_code, "Poison" in page.text) == (200, True)
    missing = own.get("/imported-graphs?graph=http://no.such/graph")
    assert (missing.status_code, MINE in missing.text) == (404, True)


def test_changes_are_a_page_a_feed_json_and_a_patch(own: FlaskClient, releases: tuple[Release, Release]) -> None:
    first, second = releases
    listed = own.get("/changes", headers=HTML)
    assert "No assessment of evidence changed." in listed.text
    assert f"/changes/{second.id}" in listed.text
    page = own.get(f"/changes/{second.id}", headers=HTML).text
    assert "vitamin K2" in page
    assert "<del>The menaquinones together.</del>" in page
    assert "<ins>All menaquinones.</ins>" in page
    feed = ElementTree.fromstring(own.get("/changes", headers={"Accept": "application/atom+xml"}).data)
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}id") == f"{BASE}dataset/release/{second.id}"
    assert entry.findtext(f"{atom}updated") == second.built
    as_json = json.loads(own.get(f"/changes/{second.id}.json").data)
    assert (as_json["previous"], as_json["entities"][0]["label"]) == (first.id, "vitamin K2")
    patch = own.get(f"/changes/{second.id}.rdfp")
    assert patch.headers["Content-Encoding"] == "gzip"
    assert b'"All menaquinones."@en' in gzip.decompress(patch.data)


# A path of changes, and the status and a word of its response.
PATHS = {
    "history of an entity": ("/changes?entity=id:vitamin-k2", 200, "All menaquinones."),
    "of one without changes": ("/changes?entity=id:vitamin-k", 200, "Nothing about it changed"),
    "of none": ("/changes?entity=id:no-such", 404, "There is no entity"),
    "of what is no IRI": ("/changes?entity=%3Cx%3E", 404, "There is no entity"),
    "of no release": ("/changes/000000000000", 404, "are not recorded"),
    "a path": ("/changes/..%2f..%2fmanifest", 404, ""),
}


@pytest.mark.parametrize(("path", "status", "said"), PATHS.values(), ids=PATHS)
def test_pages_of_changes_say_what_is_there(path: str, status: int, said: str, own: FlaskClient) -> None:
    response = own.get(path, headers=HTML)
    assert (response.status_code, said in response.text) == (status, True)


def test_the_dataset_names_its_previous_version(own: FlaskClient, releases: tuple[Release, Release]) -> None:
    described = own.get("/dataset.nt").text
    assert f"#previousVersion> <http://localhost/dataset?release={releases[0].id}> ." in described


# Accept-Datetime, and which of two releases it leads to; None for a bad request.
DATES = {"none": ("", 1), "later": ("Fri, 01 Jan 2100 00:00:00 GMT", 1), "too early": ("Sat, 01 Jan 2000 00:00:00 GMT", 0), "no date": ("tomorrow", None)}  # fmt: skip


@pytest.mark.parametrize(("date", "chosen"), DATES.values(), ids=DATES)
def test_a_timegate_leads_to_the_release_of_a_date(
    date: str, chosen: int | None, own: FlaskClient, releases: tuple[Release, Release]
) -> None:
    headers = {"Accept-Datetime": date} if date else {}
    response = own.get("/timegate/page/natto?claims=x", headers=headers)
    if chosen is None:
        assert response.status_code == 400
        return
    assert response.status_code == 302
    # Both may have been built in the same second.
    ids = {releases[chosen].id} | ({one.id for one in releases} if releases[0].built == releases[1].built else set())
    assert response.headers["Location"] in {f"/page/natto?claims=x&release={one}" for one in ids}
    assert response.headers["Vary"] == "Accept-Datetime"
    assert '<http://localhost/page/natto?claims=x>; rel="original"' in response.headers["Link"]


@pytest.mark.parametrize("path", ["%2Fevil.example/a", "%5Cevil.example", '%2F%2Fevil.example?x=%22&y=">'])
def test_a_timegate_leads_nowhere_else(path: str, own: FlaskClient) -> None:
    response = own.get(f"/timegate/{path}", follow_redirects=False)
    if response.status_code == 308:
        # Slashes in a row are one.
        response = own.get(response.headers["Location"])
    assert response.status_code == 302
    assert response.headers["Location"].startswith(("/evil.example", "/%5Cevil.example"))
    assert '">' not in response.headers["Location"]
    assert response.headers["Link"].count('rel="') == 3


def test_a_timemap_lists_all_releases(own: FlaskClient, releases: tuple[Release, Release]) -> None:
    response = own.get("/timemap/page/natto")
    assert response.content_type == "application/link-format"
    for release in releases:
        assert f'<http://localhost/page/natto?release={release.id}>; rel="memento"; datetime="' in response.text
    assert response.text.count('rel="memento"') == 2


def test_a_pinned_document_says_of_when_it_is(own: FlaskClient, releases: tuple[Release, Release]) -> None:
    response = own.get(f"/page/phylloquinone?release={releases[1].id}", headers=HTML)
    assert response.headers["Memento-Datetime"].endswith("GMT")
    assert '<http://localhost/page/phylloquinone>; rel="original"' in response.headers["Link"]
    assert 'rel="timemap"' in response.headers["Link"]
    assert "Memento-Datetime" not in own.get("/page/phylloquinone", headers=HTML).headers


def test_equal_inputs_give_equal_releases_whatever_came_before(
    releases: tuple[Release, Release], tmp_path: Path
) -> None:
    data = releases[0].path.parents[1]
    curated = data.parent / "curated"
    notes = data.parent / "notes.ttl"
    with imported_graphs.stage_import(tmp_path, [notes], Naming(graph=MINE), Vocabulary(BASE)) as staged:
        again = pipeline.build(curated, tmp_path, BASE, proof=False, importing_graphs=staged).release
    assert again.id == releases[1].id
    assert again.manifest.dumps == releases[1].manifest.dumps
    assert (again.manifest.build.predecessor, releases[1].manifest.build.predecessor) == ("", releases[0].id)
