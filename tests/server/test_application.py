"""The server as clients see it, in this process."""

from __future__ import annotations

import json
import re
from operator import attrgetter

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, parse
from rdflib import Graph, URIRef
from rdflib.namespace import RDFS

from kg.rdf.formats import GRAPH_FORMATS, Format
from kg.reader.reader import Reader
from tests.support.pages import BROWSER, PAGES
from tests.support.paths import BASE


@pytest.mark.system
@pytest.mark.parametrize("path", PAGES)
def test_every_local_link_on_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": BROWSER}).text
    links = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|src|action)="(/[^"#]*)', page)}
    assert links
    for link in sorted(links)[:40]:
        statuses: list[int] = []
        # The fixture stops queries after two seconds, which a burst of load may take from a query; the next try has them.
        while len(statuses) < 3 and (not statuses or statuses[-1] == 504):
            with client.get(link, headers={"Accept": BROWSER}) as response:
                statuses.append(response.status_code)
        assert statuses[-1] in (200, 302, 303), (link, statuses)


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, "/page/menaquinone-7"),
        ("*/*", "/page/menaquinone-7"),
        (None, "/page/menaquinone-7"),
        ("text/turtle", "/data/menaquinone-7.ttl"),
        ("application/ld+json", "/data/menaquinone-7.jsonld"),
        ("application/rdf+xml", "/data/menaquinone-7.rdf"),
        ("application/n-triples", "/data/menaquinone-7.nt"),
        ("application/n-quads", "/data/menaquinone-7.nq"),
        ("application/trig", "/data/menaquinone-7.trig"),
        ("text/html;q=0.3, text/turtle;q=0.7", "/data/menaquinone-7.ttl"),
        ("application/rdf+xml;q=0.5, application/*;q=0.9, text/html;q=0.1", "/data/menaquinone-7.jsonld"),
    ],
)
def test_an_entity_leads_to_the_document_that_the_client_likes_best(
    client: FlaskClient, accept: str | None, target: str
) -> None:
    response = client.get("/id/menaquinone-7", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.headers["Location"]) == (303, target)
    assert "Accept" in response.headers["Vary"]


def test_what_nothing_can_satisfy_is_406_with_the_alternatives(client: FlaskClient) -> None:
    response = client.get("/id/menaquinone-7", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert {entry["format"] for entry in response.get_json()["available"]} >= {"html", "ttl", "jsonld"}


@pytest.mark.parametrize("fmt", GRAPH_FORMATS, ids=attrgetter("name"))
def test_data_of_an_entity_comes_in_every_graph_format(client: FlaskClient, fmt: Format) -> None:
    response = client.get(f"/data/natto.{fmt.name}")
    assert response.status_code == 200
    assert response.content_type == fmt.content_type
    subjects = {quad.subject for quad in parse(response.data, format=fmt.rdf)}
    assert NamedNode(BASE + "id/natto") in subjects


def test_rdflib_reads_an_entity(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/data/osteocalcin.ttl").text, format="turtle")
    assert str(graph.value(URIRef(BASE + "id/osteocalcin"), RDFS.label)) == "osteocalcin"


def test_an_entity_page_shows_names_statements_claims_with_hedge_and_section_and_incoming_links(
    client: FlaskClient,
) -> None:
    page = client.get("/page/menaquinone-7").text
    for expected in ("menaquinone-7", "MK-7", "is a form of", "isoprenoid units", "/page/claim-f134-1", "(suggests)",
                     '<h2 id="incoming">Connections', "/page/menaquinone-7-supplement"):  # fmt: skip
        assert expected in page, expected


def test_a_claim_page_tells_subject_effect_object_amount_hedge_basis_and_section(client: FlaskClient) -> None:
    page = client.get("/page/claim-f088-1").text
    for expected in ("/page/eel", "/ontology/contains", "/page/vitamin-k2", "63 µg per 100 g", "F088",
                     "The source states it as a fact. The source names nothing in support.", "/page/section-foods"):  # fmt: skip
        assert expected in page, expected


def test_the_page_of_an_interaction_tells_who_acts_on_what_how_seriously_and_what_is_advised(
    client: FlaskClient,
) -> None:
    page = client.get("/page/claim-f166-1").text
    interaction = page[page.index('id="roles"') : page.index('id="evidence"')]
    for expected in ("What acts (precipitant)", "What is affected (object)", "/page/warfarin", "/page/vitamin-k",
                     "/ontology/changesEffectOf", "caution needed", "/page/use-caution", "not stated"):  # fmt: skip
        assert expected in interaction, expected
    assert "The interaction" not in client.get("/page/claim-f088-1").text


def test_a_claim_page_says_what_decides_in_numbers(client: FlaskClient) -> None:
    for name, expected in {
        "claim-f158-2": "even the best does not suffice to decide. Best evidence: 1 study without a difference; 304 people.",
        "claim-f002-1": "Decided by 1 study for, 1 for in part, 4 without a difference; 11,381 people.",
        "claim-orl001-1": "A recorded search found no evidence",
    }.items():
        assert expected in client.get(f"/page/{name}").text


def test_a_study_about_which_a_warning_was_published_is_marked(client: FlaskClient) -> None:
    (mark,) = re.findall(
        r'<a class="dot" href="/page/study-cockayne-2006"[^>]*>', client.get("/page/claim-f002-1").text
    )
    assert "a warning about this study was published" in mark
    page = client.get("/page/proposition-k2-lowers-fracture").text
    rows = [row for row in page.split("<tr>") if "warning published" in row]
    assert rows
    for row in rows:
        assert "/page/study-cockayne-2006" in row
        assert "/page/study-torgerson-2018" in row


def test_a_study_page_tells_doses_arms_deviations_and_bounds_of_p(client: FlaskClient) -> None:
    assert "(SD 2.78)" in (page := client.get("/page/study-knapen-2015").text)
    assert "/ontology/placebo" in page
    assert "&gt; 0.05" in client.get("/page/study-jiang-2014").text
    assert "/page/regimen-menaquinone-7-420-ug-once" in client.get("/page/study-sato-2012").text
    assert "up to 48 h" in client.get("/page/study-sato-2012").text
    assert "5.26 ng/ml" in client.get("/page/study-kaneki-2001").text
    assert "420 µg once" in client.get("/page/regimen-menaquinone-7-420-ug-once").text


def test_the_home_page_counts_no_computed_kinds_among_claims(reader: Reader) -> None:
    kinds = {iri.removeprefix(reader.vocabulary.terms) for iri in reader.claim_types()}
    assert {"InteractionClaim", "CorrectedClaim"} < kinds
    assert kinds & {"ContestedClaim", "RefutedClaim", "FlawedClaim"} == set()


@pytest.mark.parametrize("path", ["/page/menaquinon-7", "/id/menaquinon-7", "/data/menaquinon-7.ttl"])
def test_an_unknown_entity_is_404_with_the_three_nearest_names(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "application/json, text/turtle;q=0.9"})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    nearest = response.get_json()["nearest"]
    assert len(nearest) == 3
    assert "menaquinone-7" in {near["label"] for near in nearest}
    in_browser = client.get(path, headers={"Accept": BROWSER})
    assert in_browser.status_code == 404
    assert 'href="/page/menaquinone-7"' in in_browser.text


def test_an_unknown_suffix_is_404_and_lists_the_formats(client: FlaskClient) -> None:
    response = client.get("/data/natto.docx")
    assert response.status_code == 404
    assert "ttl" in response.get_json()["detail"]


def test_the_version_iri_of_the_ontology_leads_to_the_ontology(client: FlaskClient) -> None:
    version = re.search(r"versionIRI <\S*?ontology/([\d.]+)>", client.get("/ontology?format=ttl").text)
    assert version
    for accept in ("text/turtle", "application/rdf+xml"):
        at_version = client.get(f"/ontology/{version[1]}", headers={"Accept": accept})
        whole = client.get("/ontology", headers={"Accept": accept})
        assert (at_version.status_code, at_version.data, at_version.content_type) == (
            200,
            whole.data,
            whole.content_type,
        )
        assert "Accept" in at_version.headers["Vary"]


@pytest.mark.parametrize("version", ["0.0.1", "9999.9.9", "9" * 5000 + ".1.0", "0.1.0.0", "a.b.c"])
def test_another_version_of_the_ontology_is_a_404_problem(client: FlaskClient, version: str) -> None:
    response = client.get(f"/ontology/{version}", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_the_same_answer_is_not_sent_twice(client: FlaskClient, reader: Reader) -> None:
    for path in ("/page/natto", "/data/natto.ttl", "/", "/ontology"):
        first = client.get(path)
        tag = first.headers["ETag"]
        assert tag.startswith(f'W/"{reader.release.id}-')
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


def test_search_answers_with_names_kinds_and_addresses(client: FlaskClient) -> None:
    document = client.get("/api/v1/search?q=MK7").get_json()
    first = document["results"][0]
    assert (first["label"], first["type"], first["url"]) == ("menaquinone-7", "menaquinone", "/page/menaquinone-7")
    assert document["count"] == len(document["results"])


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=a&limit=0", "q=a&limit=101", "q=a&limit=x", "q=a&limit=%F0%9D%9F%9A"]
)
def test_search_refuses_what_it_cannot_use(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/search?{query}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_health_names_the_release(client: FlaskClient, reader: Reader) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok", "release": reader.release.id}


def test_problems_under_the_api_are_json_even_for_browsers(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing", headers={"Accept": BROWSER})
    assert response.status_code == 404
    assert json.loads(response.data)["status"] == 404


def test_a_page_asks_a_fixed_number_of_queries(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    queries_run: list[str] = []
    select = reader._engine.select

    def counting(query: str) -> object:
        queries_run.append(query)
        return select(query)

    monkeypatch.setattr(reader._engine, "select", counting)
    counts = set()
    for name in ("menaquinone-7", "vitamin-k2", "myelin-sheath", "claim-f034-1"):
        queries_run.clear()
        assert reader.entity(BASE + "id/" + name, name)
        counts.add(len(queries_run))
    assert counts <= {1, 2}
