"""Entities, terms and graphs as linked data: forms that agree, links between them, what was replaced."""

from __future__ import annotations

import gzip
import json
import random
import urllib.request
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse
from rdflib import Graph
from werkzeug.http import parse_options_header

from kg.rdf.formats import GRAPH_FORMATS, JSONLD, RDFXML, TURTLE, Format
from kg.reader.reader import Reader
from tests.support.paths import BASE
from tests.support.servers import Running

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# One IRI of each sort, with where its page and its data stand.
STEMS = {
    "id/natto": ("/page/natto", "/data/natto"),
    "id/claim-f034-1": ("/page/claim-f034-1", "/data/claim-f034-1"),
    "id/study-ma-2022": ("/page/study-ma-2022", "/data/study-ma-2022"),
    "ontology#Menaquinone": ("/ontology/Menaquinone", "/ontology/Menaquinone"),
    "ontology": ("/ontology", "/ontology"),
    "graph/claims": ("/graph/claims", "/graph/claims"),
    "dataset": ("/dataset", "/dataset"),
}
DATA = [stem for _, stem in STEMS.values()]


def triples_of(body: bytes, fmt: Format) -> Dataset:
    """The triples of a document, with blank nodes named alike in equal graphs."""
    found = Dataset(Quad(quad.subject, quad.predicate, quad.object) for quad in parse(body, format=fmt.rdf))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def links_of(header: str) -> list[tuple[str, dict[str, str]]]:
    """The targets and parameters of a Link header, which must be well formed."""
    links = []
    for link in header.split(", <"):
        target, end, parameters = link.removeprefix("<").partition(">; ")
        assert end, link
        assert " " not in target
        links.append((target, dict(parse_options_header("link; " + parameters)[1])))
    return links


@pytest.mark.parametrize("stem", DATA)
def test_all_forms_of_what_has_an_iri_are_the_same_graph(client: FlaskClient, stem: str) -> None:
    forms = {}
    for fmt in GRAPH_FORMATS:
        response = client.get(f"{stem}.{fmt.name}")
        assert (response.status_code, response.content_type) == (200, fmt.content_type), fmt.name
        forms[fmt.name] = triples_of(response.data, fmt)
    assert len(forms["ttl"]) > 3
    assert [name for name, form in forms.items() if form != forms["ttl"]] == []


@pytest.mark.system
def test_all_forms_of_many_entities_and_foods_are_the_same_graph(reader: Reader) -> None:
    iris = sorted(row["entity"].value for row in reader.run("pages/sitemap", {}))
    tables = "SELECT ?food WHERE { ?food a <" + reader.vocabulary.term("TableFood") + "> }"
    foods = sorted(row["food"].value for row in reader.select(tables))
    curated = sorted(set(iris) - set(foods))
    assert len(curated) > 2000
    assert len(foods) > 10_000
    chosen = random.Random(7)
    for iri in [*chosen.sample(curated, 1000), *chosen.sample(foods, 200)]:
        forms = [set(_plain(reader.data(iri, fmt), fmt)) for fmt in GRAPH_FORMATS]
        assert forms[0], iri
        assert all(form == forms[0] for form in forms), iri


def _plain(body: bytes, fmt: Format) -> Iterator[Triple]:
    # Things have no blank nodes, so equal graphs are equal sets.
    return (quad.triple for quad in parse(body, format=fmt.rdf))


@pytest.mark.parametrize("iri", STEMS)
def test_an_answer_by_accept_tells_where_it_stands_and_varies(client: FlaskClient, iri: str) -> None:
    _, stem = STEMS[iri]
    for accept, form in [
        ("text/turtle", "ttl"),
        ("application/ld+json;q=0.9, text/turtle;q=0.2", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("text/html;q=0.1, application/n-triples", "nt"),
    ]:
        negotiated = client.get(stem, headers={"Accept": accept})
        assert negotiated.status_code == 200
        assert negotiated.headers["Content-Location"] == f"{stem}.{form}"
        assert "Accept" in negotiated.headers["Vary"]
        by_suffix = client.get(f"{stem}.{form}", headers={"Accept": "image/png"})
        by_parameter = client.get(f"{stem}?format={form}", headers={"Accept": "image/png"})
        assert negotiated.data == by_suffix.data == by_parameter.data
        head = client.head(stem, headers={"Accept": accept})
        assert (head.data, head.headers["Content-Length"]) == (b"", str(len(by_suffix.data)))
        again = client.get(stem, headers={"Accept": accept, "If-None-Match": negotiated.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert negotiated.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("page", "stem"), STEMS.values())
def test_browsers_get_pages(client: FlaskClient, page: str, stem: str) -> None:
    response = client.get(page, headers={"Accept": BROWSER})
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert f"{stem}.ttl" in response.text


@pytest.mark.parametrize("stem", DATA)
def test_what_nothing_can_satisfy_is_refused_with_the_alternatives(client: FlaskClient, stem: str) -> None:
    for path, headers, status in [
        (stem, {"Accept": "image/png"}, 406),
        (f"{stem}?format=docx", {}, 400),
        (f"{stem}?format=csv", {}, 406),
        (f"{stem}.docx", {}, 404),
        (f"{stem}.csv", {}, 406),
    ]:
        response = client.get(path, headers=headers)
        assert (response.status_code, response.mimetype) == (status, "application/problem+json"), path
        assert "ttl" in response.get_json()["detail"]


@pytest.mark.parametrize("iri", STEMS)
def test_documents_point_at_each_other(client: FlaskClient, iri: str) -> None:
    page, stem = STEMS[iri]
    for path, wanted in [
        (page, {"canonical", "cite-as", "license", "linkset", "alternate", "describedby", "type"}),
        (f"{stem}.ttl", {"canonical", "cite-as", "license", "linkset", "alternate", "describes", "type"}),
    ]:
        response = client.get(path, headers={"Accept": BROWSER})
        links = links_of(response.headers["Link"])
        assert wanted <= {parameters["rel"] for _, parameters in links}, path
        assert (BASE + iri, {"rel": "cite-as"}) in links
        assert all(parameters.keys() <= {"rel", "type", "profile"} for _, parameters in links)
        for target, parameters in links:
            if target.startswith("/"):
                found = client.get(target, headers={"Accept": BROWSER})
                assert found.status_code == 200, target
                assert found.mimetype == parameters["type"], target
    described = json.loads(client.get(f"{stem}.linkset").data)["linkset"]
    assert len({context["anchor"] for context in described}) == len(described) >= 7
    for context in described:
        assert {"anchor", "cite-as", "license", "type"} <= set(context)
        assert all(
            target["href"].startswith("http") for key, links in context.items() if key != "anchor" for target in links
        )


def test_an_iri_leads_on_and_says_what_else_there_is(client: FlaskClient) -> None:
    for path, target in [
        ("/id/natto.ttl", "/data/natto.ttl"),
        ("/id/natto.html", "/page/natto"),
        ("/id/natto?format=md", "/data/natto.md"),
    ]:
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (303, target)
        assert {"alternate", "describedby", "linkset"} <= {p["rel"] for _, p in links_of(response.headers["Link"])}


def test_json_ld_has_the_entity_first_by_short_names_and_reads_alike_with_the_context_at_its_address(
    client: FlaskClient, reader: Reader
) -> None:
    document = json.loads(client.get("/data/menaquinone-7.jsonld").data)
    assert (document["@id"], document["label"]) == ("id:menaquinone-7", "menaquinone-7")
    assert document["isoprenoidUnitCount"] == 7
    assert document["isFormOf"]
    whole = json.loads(client.get("/context.jsonld").data)["@context"]
    assert all(whole[name] == definition for name, definition in document["@context"].items())
    read = Graph().parse(data=json.dumps(document | {"@context": whole}), format="json-ld")
    by_reader = Graph().parse(data=reader.data(BASE + "id/menaquinone-7", TURTLE), format="turtle")
    assert set(read) == set(by_reader)
    assert set(Graph().parse(data=reader.data(BASE + "id/menaquinone-7", JSONLD), format="json-ld")) == set(by_reader)


def test_rdflib_gets_what_it_asks_for_at_an_iri_over_the_network(disk_server: Running, reader: Reader) -> None:
    natto = triples_of(reader.data(BASE + "id/natto", TURTLE), TURTLE)
    assert len(Graph().parse(f"{disk_server.address}/id/natto")) == len(natto)
    assert len(Graph().parse(f"{disk_server.address}/ontology")) > 2000
    assert len(Graph().parse(f"{disk_server.address}/.well-known/void")) > 500
    request = urllib.request.Request(f"{disk_server.address}/dumps/vitk.nq.gz", method="HEAD")
    with urllib.request.urlopen(request) as answer:
        entry = next(dump for dump in reader.release.manifest.dumps if dump.name == "vitk.nq.gz")
        assert (answer.status, int(answer.headers["Content-Length"])) == (200, entry.bytes)


def test_markdown_describes_the_entity_in_words(client: FlaskClient) -> None:
    claim = client.get("/data/claim-f034-1.md").text
    for words in ("Standing: [consistent]", "slows bone loss", "## Studies", "no medical advice"):
        assert words in claim
    assert "isoprenoid" in client.get("/data/menaquinone-7", headers={"Accept": "text/markdown"}).text
    assert client.get("/ontology/Menaquinone.md").text.startswith("# menaquinone")


def test_markdown_of_a_proposition_has_its_assessment_and_who_says_it(client: FlaskClient) -> None:
    text = client.get("/data/proposition-k2-lowers-fracture.md").text
    for words in ("computed from evidence lines: mixed, low certainty", "## Who says so", "reports disagreement"):
        assert words in text
    about = client.get("/data/bone-fracture.md").text
    assert "## Propositions about it" in about and "Vitamin K2 lowers the risk of bone fracture." in about


def test_the_ontology_has_the_labels_of_blank_nodes_of_its_dump_in_every_process(
    client: FlaskClient, reader: Reader
) -> None:
    with client.get("/dumps/graph-ontology.ttl.gz") as response:
        dump = gzip.decompress(response.data)
    assert client.get("/ontology.ttl").data == dump
    assert b"_:" in dump
    another = Reader(reader.release)
    for fmt in (RDFXML, *GRAPH_FORMATS):
        assert client.get(f"/ontology.{fmt.name}").data == another.ontology(fmt), fmt.name


def test_the_ontology_page_has_an_anchor_for_every_term(client: FlaskClient, reader: Reader) -> None:
    page = client.get("/ontology", headers={"Accept": BROWSER}).text
    terms = {row["term"].value.partition("#")[2] for row in reader.run("pages/ontology-terms", {})}
    assert len(terms) > 300
    assert [name for name in terms if f'<li id="{name}"' not in page] == []
    assert client.get("/ontology").mimetype == "application/rdf+xml"


@pytest.mark.system
def test_the_document_of_a_term_has_all_that_the_endpoint_says_of_it(client: FlaskClient, reader: Reader) -> None:
    stated = reader.triples(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(ISIRI(?s) && !ISBLANK(?o)) FILTER(STRSTARTS(STR(?s), '{BASE}ontology#')) }}"
    )
    expected: dict[str, set[str]] = {}
    for triple in stated:
        expected.setdefault(triple.subject.value, set()).add(str(triple))  # type: ignore[union-attr]
    names = [iri.partition("#")[2] for iri in sorted(expected)]
    assert "contains" in names
    for name in ["contains", "Effect", *names[::20]]:
        document = parse(client.get(f"/ontology/{name}.nt").data, format=RdfFormat.N_TRIPLES)
        assert {str(quad.triple) for quad in document} >= expected[f"{BASE}ontology#{name}"], name


@pytest.mark.parametrize("path", ["/ontology", "/ontology/Food", "/graph/claims", "/dataset", "/data/natto"])
def test_a_linkset_can_be_negotiated(client: FlaskClient, path: str) -> None:
    by_accept = client.get(path, headers={"Accept": "application/linkset+json"})
    assert (by_accept.status_code, by_accept.mimetype) == (200, "application/linkset+json")
    assert by_accept.data == client.get(path + ".linkset").data
    assert by_accept.headers["Content-Location"] == path + ".linkset"
