"""The SPARQL endpoint, with real workers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from rdflib import Graph

from kg.reader.reader import Reader
from kg.settings import Settings
from server.core.state import state_of
from tests.benchmarks.bombs import ENDLESS
from tests.support.session.applications import application

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
NATTO = RDFS + "SELECT ?label { <https://w3id.org/vitk/id/natto> rdfs:label ?label }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { <https://w3id.org/vitk/id/natto> ?p ?o BIND(<https://w3id.org/vitk/id/natto> AS ?s) }"


def labels(document: dict[str, object]) -> list[str]:
    return [row["label"]["value"] for row in document["results"]["bindings"]]  # type: ignore[index]


def test_get_both_posts_and_query_give_the_same_answer(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": NATTO}),
        client.post("/sparql", data={"query": NATTO}),
        client.post("/sparql", data=NATTO, content_type="application/sparql-query"),
        client.open("/sparql", method="QUERY", data=NATTO, content_type="application/sparql-query; charset=UTF-8"),
        client.open("/sparql", method="QUERY", data={"query": NATTO}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.mimetype == "application/sparql-results+json"
        assert labels(json.loads(answer.data)) == ["natto"]


@pytest.mark.parametrize("parameter", ["", "&default-graph-uri=", "&named-graph-uri="])
def test_head_says_what_get_says_without_the_body(client: FlaskClient, parameter: str) -> None:
    graph = parameter + "https://w3id.org/vitk/graph/entities" if parameter else ""
    address = f"/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%203{graph}"
    got, head = client.get(address), client.head(address)
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Vitk-Release"):
        assert head.headers[name] == got.headers[name]
    assert head.data == b""


def test_pages_of_other_origins_may_ask(client: FlaskClient) -> None:
    preflight = client.options(
        "/sparql", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "QUERY"}
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "QUERY" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    for answer in (client.get("/sparql", query_string={"query": NATTO}), client.get("/sparql?query=ASK")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Expose-Headers"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_time_that_a_query_may_take_can_be_lowered_and_not_raised(client: FlaskClient, reader: Reader) -> None:
    hasty = application(Settings(query_timeout=1.0), reader, state_of(client.application).engine).test_client()
    for requested, effective in ((0.2, 0.2), (600, 1.0)):
        answer = hasty.get("/sparql", query_string={"query": ENDLESS, "timeout": requested})
        problem = answer.get_json()
        assert (answer.status_code, problem.get("limitSeconds")) == (504, effective), problem


def test_a_byte_order_mark_before_a_query_is_no_part_of_it(client: FlaskClient) -> None:
    for answer in (
        client.get("/sparql", query_string={"query": "\ufeffASK {}"}),
        client.post("/sparql", data="\ufeffASK {}".encode(), content_type="application/sparql-query"),
    ):
        assert answer.get_json()["boolean"] is True
    assert client.get("/sparql", query_string={"query": "\ufeffASKK {}"}).get_json()["column"] == 1


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_is_no_iri_is_reported_with_its_parameter(client: FlaskClient, parameter: str) -> None:
    for value in ("claims", "<https://w3id.org/vitk/graph/claims>", "https://a b"):
        answer = client.get("/sparql", query_string={"query": "ASK {}", parameter: value})
        assert answer.status_code == 400
        assert answer.get_json()["detail"].startswith(f"{parameter} must be the absolute IRI of a graph")
        assert value in answer.get_json()["detail"]


@pytest.mark.parametrize("host", ['"><script>', "a b", "", "example.org:x", "[::1"])
def test_a_host_that_is_none_stands_in_no_link(client: FlaskClient, host: str) -> None:
    answer = client.get("/sparql", headers={"Host": host})
    assert (answer.status_code, answer.get_json()["title"]) == (400, "Invalid Host header")
    for good in ("example.org", "example.org:8000", "[::1]:8000", "127.0.0.1"):
        assert client.get("/sparql", headers={"Host": good}).status_code == 200


def test_relative_iris_are_resolved_against_the_address_of_the_endpoint(client: FlaskClient) -> None:
    query = "CONSTRUCT { <s> <p> <?q> } WHERE {}"
    expected = "<http://example.org/s> <http://example.org/p> <http://example.org/sparql?q> .\n"
    for answer in (
        client.get("/sparql", query_string={"query": query, "format": "nt"}, headers={"Host": "example.org"}),
        client.post("/sparql", data={"query": query, "format": "nt"}, headers={"Host": "example.org"}),
    ):
        assert answer.text == expected


def test_a_carriage_return_survives_xml(client: FlaskClient) -> None:
    rows = client.get("/sparql", query_string={"query": 'SELECT ("a\\r\\nb" AS ?x) {}', "format": "xml"})
    (value,) = [element.text for element in ElementTree.fromstring(rows.data).iter() if element.tag.endswith("literal")]
    graph = client.get("/sparql", query_string={"query": 'CONSTRUCT { <a:a> <a:b> "a\\r\\nb" } {}', "format": "rdf"})
    (triple,) = Graph().parse(data=graph.data, format="xml")
    assert value == str(triple[2]) == "a\r\nb"


def test_a_form_is_decoded_once(client: FlaskClient) -> None:
    query = "ASK { FILTER(STR(<http://ex/a%20b>) = 'http://ex/a%20b') }"
    answer = client.post("/sparql", data={"query": query})
    assert answer.get_json()["boolean"] is True, answer.text


@pytest.mark.parametrize(
    ("query", "line", "column", "hint"),
    [
        ("SELECT ?x WHERE {\n  ?x vitk:subject ?y }", 2, 6, "PREFIX vitk: <https://w3id.org/vitk/ontology#>"),
        ("SELEC ?x WHERE { ?x ?p ?o }", 1, 1, "Did you mean SELECT?"),
        ("SELECT ?x WHERE { ?x ?p ?o", 1, 17, "Add }"),
        ("SELECT ?x WHERE { ?x ?p ?o }}", 1, 29, "Add { before it"),
        ("SELECT ?x WHERE {\n ?x ?p }", 2, 8, "subject, predicate, object"),
        ("SELECT ?x WHERE { ?x ?p 'a }", 1, 25, "Close it"),
        ("SELECT ?x", 1, 10, "at its end"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 1, 1, "SELECT, ASK"),
        ("PREFIX v: <x:>\nSELECT * { ?s vitc:q v:y }", 2, 15, "Did you mean vitk:?"),
    ],
)
def test_a_malformed_query_is_400_with_line_column_and_hint(
    client: FlaskClient, query: str, line: int, column: int, hint: str
) -> None:
    answer = client.get("/sparql", query_string={"query": query})
    document = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert (document["line"], document["column"]) == (line, column)
    assert hint in document["detail"]
    assert document["excerpt"].splitlines()[1].index("^") == column - 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [("none", 400), ("empty", 400), ("empty form", 400), ("two", 400), ("two in form and address", 400),
     ("update", 400), ("update by address", 400), ("update as a body", 400), ("update as a query", 400),
     ("media type", 415), ("charset", 415), ("file form", 415), ("no type", 415), ("method", 405), ("not utf-8", 400),
     ("address not utf-8", 400), ("form not utf-8", 400), ("compressed", 415),
     ("time", 400), ("negative time", 400), ("language", 400), ("graph", 400), ("too long", 413),
     ("much too long", 413)],
)  # fmt: skip
def test_requests_that_are_no_query_are_refused(client: FlaskClient, kind: str, status: int) -> None:
    answers = {
        "none": lambda: client.get("/sparql?format=json"),
        "empty": lambda: client.get("/sparql?query=%20"),
        "empty form": lambda: client.post("/sparql", data={"query": ""}),
        "two in form and address": lambda: client.post("/sparql?query=ASK%20%7B%7D", data={"query": "ASK {}"}),
        "update by address": lambda: client.get("/sparql?update=DROP%20ALL"),
        "update as a body": lambda: client.post("/sparql", data="DROP ALL", content_type="application/sparql-update"),
        "update as a query": lambda: client.post("/sparql", data={"query": "DROP ALL"}),
        "charset": lambda: client.post(
            "/sparql", data="ASK {}", content_type="application/sparql-query; charset=utf-16"
        ),
        "file form": lambda: client.post("/sparql", data={"query": "ASK {}"}, content_type="multipart/form-data"),
        "no type": lambda: client.open("/sparql", method="QUERY", data="ASK {}"),
        "time": lambda: client.get("/sparql?query=ASK%20%7B%7D&timeout=soon"),
        "negative time": lambda: client.get("/sparql?query=ASK%20%7B%7D&timeout=-1"),
        "language": lambda: client.get("/sparql?query=ASK%20%7B%7D&labels=%22"),
        "graph": lambda: client.get("/sparql?query=ASK%20%7B%7D&default-graph-uri=no%20iri"),
        "too long": lambda: client.post("/sparql", data={"query": "ASK {} #" + "x" * 1_000_000}),
        "much too long": lambda: client.post("/sparql", data={"query": "ASK {} #" + "x" * 5_000_000}),
        "two": lambda: client.get("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D"),
        "update": lambda: client.post("/sparql", data={"update": "DROP ALL"}),
        "media type": lambda: client.post("/sparql", data="ASK {}", content_type="text/plain"),
        "method": lambda: client.put("/sparql", data="ASK {}"),
        "address not utf-8": lambda: client.get("/sparql?query=ASK%20%7B%7D%20%23%FF"),
        "form not utf-8": lambda: client.post(
            "/sparql", data="query=ASK%20%7B%7D%20%23%FF", content_type="application/x-www-form-urlencoded"
        ),
        "compressed": lambda: client.post(
            "/sparql",
            data=gzip.compress(b"ASK {}"),
            content_type="application/sparql-query",
            headers={"Content-Encoding": "gzip"},
        ),
        "not utf-8": lambda: client.post("/sparql", data=b"ASK {\xff}", content_type="application/sparql-query"),
    }
    answer = answers[kind]()
    assert answer.status_code == status
    assert answer.get_json()["detail"]
    if kind == "much too long":
        assert "4,194,304 bytes" in answer.get_json()["detail"]
    if status == 405:
        assert "PUT is not supported here. Supported: GET," in answer.get_json()["detail"]
        assert {"GET", "HEAD", "OPTIONS", "POST", "QUERY"} == set(answer.headers["Allow"].split(", "))


def test_a_named_graph_can_be_queried_alone(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s a <http://www.w3.org/2002/07/owl#Ontology> }"
    counts = {}
    for graph in ("ontology", "claims"):
        answer = client.get(
            "/sparql", query_string={"query": query, "default-graph-uri": f"https://w3id.org/vitk/graph/{graph}"}
        )
        counts[graph] = answer.get_json()["results"]["bindings"][0]["n"]["value"]
    assert counts == {"ontology": "1", "claims": "0"}


def test_graphs_of_the_request_override_those_of_the_query(client: FlaskClient) -> None:
    claims, ontology = (f"https://w3id.org/vitk/graph/{name}" for name in ("claims", "ontology"))
    default = f"SELECT (COUNT(*) AS ?n) FROM <{claims}> {{ ?s a <http://www.w3.org/2002/07/owl#Ontology> }}"
    named = f"SELECT (COUNT(DISTINCT ?g) AS ?n) FROM NAMED <{claims}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    cases: list[tuple[str, dict[str, str | list[str]], str]] = [
        (default, {}, "0"),
        (default, {"default-graph-uri": ontology}, "1"),
        (default, {"default-graph-uri": [claims, ontology]}, "1"),
        (named, {}, "1"),
        (named, {"named-graph-uri": [claims, ontology]}, "2"),
        (named, {"default-graph-uri": ontology}, "0"),
    ]
    for query, parameters, expected in cases:
        by_get = client.get("/sparql", query_string={"query": query, **parameters})
        by_form = client.post("/sparql", data={"query": query, **parameters})
        by_body = client.post("/sparql", query_string=parameters, data=query, content_type="application/sparql-query")
        for answer in (by_get, by_form, by_body):
            assert answer.get_json()["results"]["bindings"][0]["n"]["value"] == expected, (query, parameters)


def test_an_answer_links_to_itself_on_this_release_for_good(client: FlaskClient, reader: Reader) -> None:
    first = client.get("/sparql", query_string={"query": NATTO})
    link = first.headers["Link"].split(">")[0].removeprefix("<")
    assert link.endswith(f"&release={reader.release.id}")
    assert client.get(link).data == first.data
    gone = client.get(link.replace(reader.release.id, "0123456789ab"))
    assert (gone.status_code, gone.get_json()["release"]) == (410, reader.release.id)


def test_json_ld_is_compact_and_says_the_same(client: FlaskClient) -> None:
    query = """PREFIX id: <https://w3id.org/vitk/id/> CONSTRUCT { ?s ?p ?o . ?s <http://ex/p> 1.00, "x"@en-GB, "y", _:b . _:b a <urn:t> }
        WHERE { VALUES ?s { id:natto id:menaquinone-7 } ?s ?p ?o }"""
    compact, expanded = (
        client.get("/sparql", query_string={"query": query, "format": f}).data for f in ("jsonld", "nt")
    )
    document = json.loads(compact)
    assert document["@context"]["vitk"] == "https://w3id.org/vitk/ontology#"
    assert {node["@id"] for node in document["@graph"]} >= {"id:natto", "id:menaquinone-7"}
    natto = next(node for node in document["@graph"] if node["@id"] == "id:natto")
    assert {"@type": "xsd:decimal", "@value": "1.00"} in natto["http://ex/p"]
    graphs = [
        Dataset(quads)
        for quads in (parse(compact, format=RdfFormat.JSON_LD), parse(expanded, format=RdfFormat.N_TRIPLES))
    ]
    for graph in graphs:
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    assert graphs[0] == graphs[1]


def test_a_browser_gets_a_form_a_table_and_errors_in_place(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8"}
    assert "<textarea" in client.get("/sparql", headers=browser).text
    assert "<td>natto</td>" in client.get("/sparql", query_string={"query": NATTO}, headers=browser).text
    wrong = client.get("/sparql", query_string={"query": "SELECT ?x { ?x vitk:y ?z }"}, headers=browser)
    assert wrong.status_code == 400
    assert "is not declared" in wrong.text
    assert "vitk:y" in wrong.text


def test_the_catalogue_answers(reader: Reader, client: FlaskClient) -> None:
    for query in reader.catalogue.public():
        answer = client.get("/sparql", query_string={"query": reader.catalogue.example(query)})
        assert answer.status_code == 200, query.name
        # test_competency.py looks at the rows.
        assert not answer.is_json or answer.get_json()["head"]["vars"], query.name


def test_every_page_query_parses_and_every_file_is_read(reader: Reader) -> None:
    from kg.catalogue.catalogue import FOLDER

    assert {query.name for query in reader.catalogue.all()} == {
        path.relative_to(FOLDER).with_suffix("").as_posix() for path in Path(FOLDER).rglob("*.rq")
    }
