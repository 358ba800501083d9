"""The dataset as others find and fetch it: descriptions, files to download, files for crawlers."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast
from xml.etree import ElementTree

import pyshacl
import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Literal, URIRef

from kg.build.dump import dumps
from kg.rdf.formats import GRAPH_FORMATS
from kg.reader.reader import Reader
from kg.release.release import DUMP
from server.linked_data import crawlers
from tests.support.paths import BASE, DATA

DATASET = URIRef(BASE + "dataset")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/.well-known/void").data, format="turtle")


def test_the_description_is_void_and_dcat_with_the_counts_of_the_release(description: Graph, reader: Reader) -> None:
    assert {VOID.Dataset, DCAT.Dataset} <= set(description.objects(DATASET, RDF.type))
    counts = reader.release.manifest.counts
    metadata = description.value(URIRef(BASE + "graph/metadata"), VOID.triples)
    assert description.value(DATASET, VOID.triples) == Literal(counts.triples + int(str(metadata)))
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.modified, DCTERMS.publisher,
                     VOID.sparqlEndpoint, VOID.exampleResource, DCAT.landingPage):  # fmt: skip
        assert description.value(DATASET, predicate), predicate
    assert list(description.subject_objects(VOID["class"]))
    assert list(description.subject_objects(VOID.property))
    for graph in counts.graphs:
        assert description.value(URIRef(graph.iri), VOID.triples) == Literal(graph.count)


def test_the_description_names_every_service_on_the_dataset(description: Graph) -> None:
    services = [*description.subjects(DCAT.servesDataset, DATASET)]
    assert all((service, RDF.type, DCAT.DataService) in description for service in services)
    addresses = {
        str(description.value(service, DCAT.endpointURL)).removeprefix("http://localhost") for service in services
    }
    assert addresses == {"/sparql", "/fragments", "/api/v1/reconcile", "/api", "/changes.atom", "/timegate/"}


def test_the_description_has_no_violation_of_dcat_ap(description: Graph) -> None:
    # Of SEMIC, under CC BY 4.0: https://github.com/SEMICeu/DCAT-AP, releases/3.0.1/html/shacl/shapes.ttl
    shapes = Graph().parse(DATA / "dcat-ap-3.0.1-shapes.ttl", format="turtle")
    conforms, _, words = pyshacl.validate(description, shacl_graph=shapes, advanced=True)
    assert conforms, words


@pytest.mark.system
def test_every_iri_of_the_dataset_resolves(client: FlaskClient, reader: Reader) -> None:
    starts = tuple(BASE + start for start in ("dataset", "code/", "graph/"))
    mine = " || ".join(f"STRSTARTS(STR(?iri), '{start}')" for start in starts)
    query = f"SELECT DISTINCT ?iri {{ {{ ?iri ?p ?o }} UNION {{ ?s ?p ?iri }} FILTER(ISIRI(?iri) && ({mine})) }}"
    found = sorted(row["iri"].value for row in reader.select(query))
    assert all(any(iri.startswith(start) for iri in found) for start in starts)
    for iri in found:
        for accept, media_type in (("text/html", "text/html"), ("text/turtle", "text/turtle")):
            answer = client.get("/" + iri.removeprefix(BASE), headers={"Accept": accept}, follow_redirects=True)
            assert (answer.status_code, answer.mimetype) == (200, media_type), iri
        if not iri.startswith(BASE + "graph/"):
            assert iri in answer.text or iri.rpartition("/")[2] in answer.text, iri
    for missing in ("/dataset/nothing", "/dataset/build/<script>", "/code/nothing/1"):
        assert client.get(missing).status_code == 404


def test_linksets_are_counted_truly(description: Graph, reader: Reader) -> None:
    linksets = list(description.subjects(RDF.type, VOID.Linkset))
    assert len(linksets) > 20
    counted = 0
    for linkset in linksets:
        target = description.value(linkset, VOID.objectsTarget)
        assert description.value(target, VOID.uriSpace)
        assert description.value(linkset, VOID.linkPredicate)
        counted += int(str(description.value(linkset, VOID.triples)))
    assert counted == len(reader.run("pages/outside-links", {}))


def test_every_download_has_the_stated_size_and_checksum(
    client: FlaskClient, description: Graph, reader: Reader
) -> None:
    spdx = "http://spdx.org/rdf/terms#"
    page = client.get("/dataset", headers=HTML).text
    # Files that are made on demand have no size.
    files = list(description.subjects(DCAT.byteSize, None))
    on_demand = {str(file) for file in description.subjects(RDF.type, DCAT.Distribution)} - {
        str(file) for file in files
    }
    assert {one.rpartition("/")[2] for one in on_demand} == {f"ontology.{fmt.name}" for fmt in GRAPH_FORMATS}
    assert all(client.get("/" + one.rpartition("/")[2]).status_code == 200 for one in on_demand)
    assert {str(file).rpartition(".")[0].rpartition(".")[2] for file in files} == {"nq", "ttl", "jsonld"}
    assert len(files) == 3 + len(reader.release.manifest.counts.graphs) + 1
    for file in files:
        name = str(file).rpartition("/")[2]
        with client.get(f"/dumps/{name}") as response:
            body = response.data
        assert response.mimetype == "application/gzip"
        assert response.headers["Content-Length"] == str(len(body))
        assert description.value(file, DCAT.byteSize).eq(Literal(len(body)))  # type: ignore[union-attr]
        digest = hashlib.sha256(body).hexdigest()
        checksum = description.value(file, URIRef(spdx + "checksum"))
        assert str(description.value(checksum, URIRef(spdx + "checksumValue"))).lower() == digest
        assert digest in page
        assert name in page
        part = client.get(f"/dumps/{name}", headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.data) == (206, body[:10])
        part.close()


def quads_of(path: Path | None, fmt: RdfFormat) -> Iterator[Quad]:
    assert path
    with gzip.open(path) as file:
        yield from parse(cast(IO[bytes], file), format=fmt)


def test_downloads_hold_the_release(reader: Reader) -> None:
    triples = reader.release.manifest.counts.triples
    for name, fmt in [("vitk.nq.gz", RdfFormat.N_QUADS), ("vitk.ttl.gz", RdfFormat.TURTLE),
                         ("vitk.jsonld.gz", RdfFormat.JSON_LD)]:  # fmt: skip
        assert len(list(islice(quads_of(reader.release.download(name), fmt), 1000))) == 1000
    downloaded = len(list(quads_of(reader.release.download("graph-claims.ttl.gz"), RdfFormat.TURTLE)))
    counted = {graph.iri: graph.count for graph in reader.release.manifest.counts.graphs}
    assert downloaded == counted[BASE + "graph/claims"] < triples


def test_a_large_release_offers_n_quads_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "MAX_QUADS", 1)
    store = Store()
    store.load(b"<a:a> <a:b> <a:c> <a:/g> .\n<a:a> <a:b> <a:d> <a:/g> .", RdfFormat.N_QUADS)
    dumps.write_graphs(store, [NamedNode("a:/g")], tmp_path / "graphs", {})
    assert [path.name for path in (tmp_path / "graphs").iterdir()] == ["g.nq.gz"]
    assert [dump.name for dump in dumps.assemble({"a:/g": tmp_path / "graphs"}, 2, tmp_path)] == ["vitk.nq.gz"]
    assert len(list(quads_of(tmp_path / DUMP, RdfFormat.N_QUADS))) == 2


@pytest.mark.parametrize("name", ["nothing.gz", "manifest.json", "%2e%2e%2fmanifest.json", "dump.nq.gz", "x" * 9000])
def test_other_files_of_a_release_are_not_there(client: FlaskClient, name: str) -> None:
    response = client.get(f"/dumps/{name}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_every_graph_has_a_page_and_an_unknown_one_is_reported_which_there_are(
    client: FlaskClient, reader: Reader
) -> None:
    for name in (
        "metadata",
        *(graph.iri.rpartition("/")[2] for graph in reader.release.manifest.counts.graphs),
    ):
        page = client.get(f"/graph/{name}", headers=HTML)
        assert page.status_code == 200
        assert f"graph-{name}.ttl.gz" in page.text
    assert "claims" in client.get("/graph/nothing").get_json()["detail"]


def structured(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">([^<]*)</script>', page)
    assert found
    document = json.loads(found[1])
    assert isinstance(document, dict)
    return document


def test_pages_say_in_the_words_of_schema_org_what_they_are(client: FlaskClient, reader: Reader) -> None:
    home = structured(client.get("/").text)
    assert (home["@type"], home["@id"], home["version"]) == ("Dataset", str(DATASET), reader.release.id)
    assert {"name", "description", "license", "creator", "distribution", "url", "dateModified"} <= set(home)
    for name, media_type in {"osteocalcin": "Protein", "warfarin": "Drug", "claim-f034-1": "Claim", "natto": "Thing",
                       "osteoporosis": "MedicalCondition"}.items():  # fmt: skip
        entity = structured(client.get(f"/page/{name}").text)["mainEntity"]
        assert isinstance(entity, dict)
        assert (entity["@id"], entity["@type"]) == (f"{BASE}id/{name}", media_type)
    term = structured(client.get("/ontology/Claim", headers=HTML).text)["mainEntity"]
    assert isinstance(term, dict)
    assert (term["@type"], term["inDefinedTermSet"]) == ("DefinedTerm", BASE + "ontology")


def test_the_sitemap_lists_every_curated_entity_once_and_all_its_pages_are_there(
    client: FlaskClient, reader: Reader
) -> None:
    index = ElementTree.fromstring(client.get("/sitemap.xml").text)
    assert index.tag == SITEMAP + "sitemapindex"
    pages: list[str] = []
    for part in index.iter(SITEMAP + "loc"):
        listed = ElementTree.fromstring(client.get(str(part.text)).text)
        assert len(listed) <= crawlers.PER_FILE
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", str(date.text)) for date in listed.iter(SITEMAP + "lastmod"))
        pages += [str(page.text) for page in listed.iter(SITEMAP + "loc")]
    assert len(set(pages)) == len(pages) > 12_000
    assert "http://localhost/page/menaquinone-7" in pages
    for page in pages[:20] + pages[100::1500]:
        assert client.get(page, headers=HTML).status_code == 200, page
    beyond = len(index) + 1
    assert client.get(f"/sitemap-{beyond}.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def test_robots_and_language_models_find_what_there_is(client: FlaskClient) -> None:
    robots = client.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert "Sitemap: http://localhost/sitemap.xml" in robots.text
    assert "Disallow: /page" not in robots.text
    llms = client.get("/llms.txt").text
    assert llms.startswith("# vitk\n\n> ")
    for link in re.findall(r"\]\((http://localhost[^)]*)\)", llms):
        assert client.get(link).status_code < 400, link
