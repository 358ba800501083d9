"""No query reaches another endpoint or a file, in whatever spelling; what only looks like SERVICE runs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from kg.engine.interface.base import QueryRejectedError, QueryRequest, ServiceError
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.rdf.vocabulary import OUTSIDE_PREFIXES
from kg.reader.reader import Reader
from kg.settings import Settings
from kg.sparql import guard
from kg.sparql.tokens import readings, tokenize
from server.sparql.errors import to_problem

DISTANT = time.monotonic() + 3600
SPELLINGS = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { service<%s>{ ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b true SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b trueSERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b 1.SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b 1e5SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b 'x'@en.SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b []SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b ()SERVICE<%s>{ ?s ?p ?o } }",
    "SELECT * { {}SERVICE<%s>{ ?s ?p ?o } }",
    "PREFIX ex: <%s> SELECT * { SERVICEex: { ?s ?p ?o } }",
    "PREFIX ex: <%s> SELECT * { SERVICE ex: { ?s ?p ?o } }",
    "PREFIX : <%s> SELECT * { SERVICE: { ?s ?p ?o } }",
    "BASE <%s> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { BIND(<%s> AS ?x) SERVICE?x{ ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <%s> } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { #c\n SeRvIcE#<\n<%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE\t\r\n# SILENT\r<%s> { ?s ?p ?o } }",
    "SELECT * { BIND('\\'' AS ?q) SERVICE <%s> { ?s ?p '\\'' } }",
    "SELECT * { BIND('\\\\' AS ?q) SERVICE <%s> { ?s ?p '' } }",
    "SELECT * { BIND('''a'b''' AS ?q) SERVICE <%s> { ?s ?p ?o } }",
    'SELECT * { BIND("""a"b\\"""" AS ?q) SERVICE <%s> { ?s ?p ?o } }',
    "SELECT * { BIND('' AS ?q) SERVICE <%s> { ?s ?p '' } }",
    "SELECT * { { SELECT * { SERVICE <%s> { ?s ?p ?o } } } }",
    "SELECT * { OPTIONAL { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { {} UNION { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { GRAPH ?g { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT (EXISTS { SERVICE <%s> { ?s ?p ?o } } AS ?x) {}",
    "ASK { SERVICE <%s> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
    "DESCRIBE ?s WHERE { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o } HAVING (EXISTS { SERVICE <%s> { ?s ?p ?o } })",
    "SELECT * { \\u0053ERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <%s> { ?s ?p ?o } }",
    # Less-than signs that look like IRIs and hide what follows from a reader of tokens alone.
    "SELECT * { ?s ?p ?a FILTER(?a<'''>''') SERVICE <%s> { ?x ?y ?z } #'''\n }",
    "SELECT * { ?s ?p ?a, ?b FILTER(?a<?b#>'''\n) SERVICE <%s> { ?x ?y ?z } #'''\n }",
    "SELECT * { ?s ?p ?a FILTER(?a<'>'||?a<'x') SERVICE <%s> { ?x ?y ?z } #'\n }",
]


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        yield listening


def address_of(canary: socket.socket) -> str:
    return f"http://127.0.0.1:{canary.getsockname()[1]}/"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_service_reaches_a_listening_canary(
    client: FlaskClient, canary: socket.socket, spelling: str
) -> None:
    answer = client.get("/sparql", query_string={"query": spelling % address_of(canary)})
    assert answer.status_code == 400
    with pytest.raises(TimeoutError):
        canary.accept()


def test_the_canary_would_be_reached_without_the_guard(canary: socket.socket) -> None:
    thread = threading.Thread(target=lambda: canary.accept()[0].close())
    thread.start()
    with pytest.raises(OSError, match=r"Connection reset|(?i:http)"):
        list(Store().query(SPELLINGS[0] % address_of(canary)))  # type: ignore[arg-type]
    thread.join()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?service 'SERVICE <x>' . ?s <http://ex/SERVICE> ?o # SERVICE\n }",
        'SELECT * { ?s ?p "SERVICE <http://127.0.0.1/> { ?s ?p ?o }" }',
        "SELECT * { ?s ?p '''it's a SERVICE''' }",
        "PREFIX ex: <http://ex/> SELECT * { ?s ex:SERVICE ex:service.SERVICE }",
        "SELECT ?SERVICE { ?SERVICE ?p $service } LIMIT 1",
        "SELECT * { ?s ?p 'a'@service }",
        "SELECT * { ?s <http://ex/SERVICE#'> ?o . ?s ?p <urn:SERVICE> FILTER(?s<?o) }",
        "# SERVICE\nSELECT * { ?s ?p ?o } LIMIT 1",
    ],
)
def test_words_that_only_look_like_service_are_let_through(client: FlaskClient, query: str) -> None:
    assert client.get("/sparql", query_string={"query": query}).status_code == 200


def test_an_endpoint_on_the_list_is_called_and_no_other(reader: Reader, canary: socket.socket) -> None:
    allowed = address_of(canary)
    pool = WorkerPool(
        reader.release,
        size=1,
        max_wait=5,
        max_waiting=0,
        in_memory=False,
        limits=Limits(1 << 30, 1 << 20, (allowed,)),
        prefixes={},
    )
    try:
        for spelling in (
            "SELECT * { SERVICE <http://127.0.0.1:1234/> {} }",
            f"SELECT * {{ SERVICE <{allowed}x> {{}} }}",
            f"SELECT * {{ BIND(<{allowed}> AS ?x) SERVICE ?x {{}} }}",
            f"BASE <{allowed}> SELECT * {{ SERVICE <> {{}} }}",
            f"SELECT * {{ SERVICE <{allowed}> {{}} SERVICE <http://127.0.0.1:1234/> {{}} }}",
        ):
            with pytest.raises(QueryRejectedError, match="may call only"):
                pool.run(QueryRequest(spelling, "json", "ttl"), deadline=DISTANT)
        called = threading.Event()

        def listen() -> None:
            canary.settimeout(20)
            canary.accept()[0].close()
            called.set()

        thread = threading.Thread(target=listen)
        thread.start()
        answer = pool.run(
            QueryRequest(f"SELECT * {{ SERVICE SILENT <{allowed}> {{ ?s ?p ?o }} }}", "json", "ttl"), DISTANT
        )
        thread.join()
        assert called.is_set()
        assert not answer.is_deterministic
    finally:
        pool.close()


@pytest.mark.parametrize("answer", [b"", b'{"head": {"vars": ["s"]}, "results": {"bindings": ['], ids=["none", "cut"])
def test_an_endpoint_that_gives_no_answer_is_not_the_fault_of_the_query(
    reader: Reader, canary: socket.socket, answer: bytes
) -> None:
    allowed = address_of(canary)
    limits = Limits(1 << 30, 1 << 20, (allowed,))
    pool = WorkerPool(reader.release, size=1, max_wait=5, max_waiting=0, in_memory=False, limits=limits, prefixes={})

    def listen() -> None:
        canary.settimeout(20)
        with canary.accept()[0] as caller:
            caller.recv(1 << 16)
            if answer:
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
                caller.sendall(head.encode() + answer)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        with pytest.raises(ServiceError):
            pool.run(QueryRequest(f"SELECT * {{ SERVICE <{allowed}> {{ ?s ?p ?o }} }}", "json", "ttl"), DISTANT)
    finally:
        thread.join()
        pool.close()
    problem = to_problem(ServiceError("it broke off"), Settings(), 1, "")
    assert (problem.status, "it broke off" in problem.detail) == (502, True)


def test_from_and_graph_fetch_nothing(client: FlaskClient, canary: socket.socket) -> None:
    address = address_of(canary)
    for query in (f"SELECT * FROM <{address}> {{ ?s ?p ?o }}", f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}"):
        assert client.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"] == []
    for graph in (address, "file:///etc/passwd"):
        answer = client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", "default-graph-uri": graph})
        assert answer.get_json()["boolean"] is False
    with pytest.raises(TimeoutError):
        canary.accept()


@pytest.mark.parametrize(
    ("query", "repeatable", "names_its_dataset"),
    [
        ("SELECT ?known { ?known ?brand 'NOW()' }", True, False),
        ("SELECT (NOW() AS ?t) {}", False, False),
        ("SELECT * { BIND(1+rand()AS?x) }", False, False),
        ("SELECT * { BIND(struuid() AS ?x) }", False, False),
        ("SELECT * { BIND(UUID() AS ?x) }", False, False),
        ("SELECT * { BIND(bNode() AS ?x) }", False, False),
        ("SELECT * FROM <http://ex/g> {}", True, True),
        ("ASKFROM<http://ex/g>{}", True, True),
        ("SELECT ?from { ?from <http://ex/FROM> 'FROM' }", True, False),
    ],
)
def test_the_guard_tells_what_is_repeatable_and_what_names_its_graphs(
    query: str, repeatable: bool, names_its_dataset: bool
) -> None:
    assert guard.check(query) == guard.QueryTraits(repeatable, names_its_dataset, calls_service=False)


def test_a_query_that_need_not_be_read_is_judged_as_if_it_were(reader: Reader) -> None:
    for query in reader.catalogue.public():
        text = reader.catalogue.example(query)
        assert guard.check(text) == guard.check(f"{text} # é"), query.name


def test_tokens_cover_the_query_and_tell_strings_from_words() -> None:
    query = "SELECT ?a { ?a id:b \"x $y\" , 'it''s' ; <http://e/$z> $q . # $c\n }"
    assert [token.text for token in tokenize(query) if token.kind == "variable"] == ["?a", "?a", "$q"]
    assert [token.text for token in tokenize(query) if token.kind == "iri"] == ["<http://e/$z>"]


def test_one_reading_is_enough_where_nothing_is_ambiguous() -> None:
    query = "PREFIX o: <http://www.w3.org/2002/07/owl#> SELECT * { ?s o:sameAs <http://ex/#x'y> FILTER(?s < 3) }"
    assert list(readings(query)) == list(tokenize(query))


def test_the_guard_lets_the_prefixes_of_the_field_pass() -> None:
    guard.check("\n".join(f"PREFIX {name}: <{iri}>" for name, iri in OUTSIDE_PREFIXES.items()) + "\nASK {}")
