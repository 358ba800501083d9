"""The SPARQL endpoint, with real workers."""

from __future__ import annotations

import json
import socket
import threading
import time
from operator import attrgetter
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import parse

from kg.engine import guard
from kg.engine.tokens import tokenize
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from kg.reader import Reader
from kg.vocabulary import OUTSIDE_PREFIXES

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
NATTO = RDFS + "SELECT ?label { <https://w3id.org/vitk/id/natto> rdfs:label ?label }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { <https://w3id.org/vitk/id/natto> ?p ?o BIND(<https://w3id.org/vitk/id/natto> AS ?s) }"


def labels(document: dict[str, object]) -> list[str]:
    return [row["label"]["value"] for row in document["results"]["bindings"]]  # type: ignore[index]


def test_get_and_both_posts_give_the_same_answer(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": NATTO}),
        client.post("/sparql", data={"query": NATTO}),
        client.post("/sparql", data=NATTO, content_type="application/sparql-query"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.mimetype == "application/sparql-results+json"
        assert labels(json.loads(answer.data)) == ["natto"]


def test_a_form_is_decoded_once(client: FlaskClient) -> None:
    query = "ASK { FILTER(STR(<http://ex/a%20b>) = 'http://ex/a%20b') }"
    assert client.post("/sparql", data={"query": query}).get_json()["boolean"] is True


@pytest.mark.parametrize("format", RESULT_FORMATS, ids=attrgetter("name"))
def test_results_in_every_format_by_accept_and_by_parameter(client: FlaskClient, format: Format) -> None:
    by_accept = client.get("/sparql", query_string={"query": NATTO}, headers={"Accept": format.media_type})
    by_parameter = client.get("/sparql", query_string={"query": NATTO, "format": format.name})
    assert by_accept.content_type == by_parameter.content_type == format.content_type
    assert by_accept.data == by_parameter.data
    assert "natto" in by_accept.text


@pytest.mark.parametrize("format", GRAPH_FORMATS, ids=attrgetter("name"))
def test_graphs_in_every_format(client: FlaskClient, format: Format) -> None:
    answer = client.get("/sparql", query_string={"query": GRAPH}, headers={"Accept": format.media_type})
    assert answer.content_type == format.content_type
    assert len(list(parse(answer.data, format=format.rdf))) > 3


def test_csv_in_one_line_of_curl(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": NATTO, "format": "csv"}).text == "label\r\nnatto\r\n"


@pytest.mark.parametrize(
    ("query", "accept"),
    [(NATTO, "text/turtle"), (GRAPH, "text/csv"), (NATTO, "image/png")],
    ids=["rows", "graph", "none"],
)
def test_an_impossible_accept_is_406_and_lists_what_there_is(client: FlaskClient, query: str, accept: str) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.get_json()["available"]


@pytest.mark.parametrize(
    ("query", "line", "column", "hint"),
    [
        ("SELECT ?x WHERE {\n  ?x vitk:subject ?y }", 2, 6, "PREFIX vitk: <https://w3id.org/vitk/ontology#>"),
        ("SELEC ?x WHERE { ?x ?p ?o }", 1, 1, "Did you mean SELECT?"),
        ("SELECT ?x WHERE { ?x ?p ?o", 1, 17, "Add }"),
        ("SELECT ?x WHERE { ?x ?p ?o }}", 1, 29, "Open it with {"),
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
    [("none", 400), ("two", 400), ("update", 400), ("media type", 415), ("method", 405), ("not utf-8", 400)],
)
def test_requests_that_are_no_query_are_refused(client: FlaskClient, kind: str, status: int) -> None:
    answers = {
        "none": lambda: client.get("/sparql"),
        "two": lambda: client.get("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D"),
        "update": lambda: client.post("/sparql", data={"update": "DROP ALL"}),
        "media type": lambda: client.post("/sparql", data="ASK {}", content_type="text/plain"),
        "method": lambda: client.put("/sparql", data="ASK {}"),
        "not utf-8": lambda: client.post("/sparql", data=b"ASK {\xff}", content_type="application/sparql-query"),
    }
    answer = answers[kind]()
    assert answer.status_code == status
    assert answer.get_json()["detail"]
    if status == 405:
        assert "POST" in answer.headers["Allow"]


SERVICE_SPELLINGS = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { service<%s>{ ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b true SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b trueSERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b 1.SERVICE<%s>{ ?s ?p ?o } }",
    "PREFIX ex: <%s> SELECT * { SERVICEex: { ?s ?p ?o } }",
    "SELECT * { BIND(<%s> AS ?x) SERVICE?x{ ?s ?p ?o } }",
    "SELECT * { #c\n SeRvIcE#<\n<%s> { ?s ?p ?o } }",
    "SELECT * { BIND('\\'' AS ?q) SERVICE <%s> { ?s ?p '\\'' } }",
    "SELECT * { BIND('''a'b''' AS ?q) SERVICE <%s> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("spelling", SERVICE_SPELLINGS)
def test_no_spelling_of_service_reaches_a_listening_canary(client: FlaskClient, spelling: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        answer = client.get("/sparql", query_string={"query": spelling % address})
        assert answer.status_code == 400
        with pytest.raises(TimeoutError):
            canary.accept()


def test_words_that_only_look_like_service_are_let_through(client: FlaskClient) -> None:
    query = "SELECT * { ?s ?service 'SERVICE <x>' . ?s <http://ex/SERVICE> ?o # SERVICE\n }"
    assert client.get("/sparql", query_string={"query": query}).status_code == 200


def test_from_and_graph_fetch_nothing(client: FlaskClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/g"
        for query in (f"SELECT * FROM <{address}> {{ ?s ?p ?o }}", f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}"):
            assert client.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"] == []
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_named_graph_can_be_asked_alone(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s a <http://www.w3.org/2002/07/owl#Ontology> }"
    counts = {}
    for graph in ("ontology", "claims"):
        answer = client.get(
            "/sparql", query_string={"query": query, "default-graph-uri": f"https://w3id.org/vitk/graph/{graph}"}
        )
        counts[graph] = answer.get_json()["results"]["bindings"][0]["n"]["value"]
    assert counts == {"ontology": "1", "claims": "0"}


CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_a_query_that_runs_too_long_is_stopped_and_the_next_one_answered(client: FlaskClient) -> None:
    started = time.monotonic()
    answer = client.get("/sparql", query_string={"query": CARTESIAN})
    assert answer.status_code == 504
    assert time.monotonic() - started < 3.5
    assert client.get("/sparql", query_string={"query": NATTO}).status_code == 200


def test_while_all_workers_are_busy_pages_still_answer_and_one_query_too_many_is_told(client: FlaskClient) -> None:
    answers: list[int] = []

    def ask() -> None:
        answers.append(client.application.test_client().get("/sparql", query_string={"query": CARTESIAN}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert client.get("/page/natto").status_code == 200
    assert time.monotonic() - started < 1
    for thread in threads:
        thread.join()
    assert sorted(answers)[:2] == [504, 504] or answers.count(503) >= 1
    assert set(answers) <= {503, 504}


def test_deep_nesting_and_long_queries_cost_nothing(client: FlaskClient) -> None:
    for query in ("SELECT * " + "{" * 20_000, "SELECT * { ?s ?p " + "(" * 20_000, "ASK {} #" + "x" * 1_000_001):
        answer = client.post("/sparql", data={"query": query})
        assert answer.status_code == 400
    assert client.get("/sparql", query_string={"query": NATTO}).status_code == 200


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
        assert answer.get_json()["head"]["vars"], query.name  # test_competency.py looks at the rows


def test_every_page_query_parses_and_every_file_is_read(reader: Reader) -> None:
    from kg.catalogue import FOLDER

    assert {query.name for query in reader.catalogue.all()} == {
        path.relative_to(FOLDER).with_suffix("").as_posix() for path in Path(FOLDER).rglob("*.rq")
    }


def test_tokens_cover_the_query_and_tell_strings_from_words() -> None:
    query = "SELECT ?a { ?a id:b \"x $y\" , 'it''s' ; <http://e/$z> $q . # $c\n }"
    assert [token.text for token in tokenize(query) if token.kind == "variable"] == ["?a", "?a", "$q"]
    assert [token.text for token in tokenize(query) if token.kind == "iri"] == ["<http://e/$z>"]


def test_the_guard_lets_the_prefixes_of_the_field_pass() -> None:
    guard.check("\n".join(f"PREFIX {name}: <{iri}>" for name, iri in OUTSIDE_PREFIXES.items()) + "\nASK {}")
