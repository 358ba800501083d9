"""Remote endpoints that misbehave: what they send is checked for being complete, in time, of its kind, and of the release."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kg.engine.interface.base import QueryRequest
from kg.engine.remote import client as remote_client_module
from kg.engine.remote.engine import RemoteEngine
from kg.rdf import jsonld
from kg.rdf.formats import RESULT_FORMATS
from kg.rdf.output_buffer import INLINE
from kg.reader.reader import Reader
from tests.support.misbehaving_endpoint import Behaviour, MisbehavingEndpoint, reply

OK = b"HTTP/1.1 200 OK\r\n"
LONG = b"Content-Type: application/sparql-results+json\r\nContent-Length: 100000\r\n\r\n"
SELECT, CONSTRUCT = "SELECT ?x { ?x ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
# Few long rows fill the buffer in memory as well as many short ones, in less time.
COUNT, LONG_TEXT = 5_000, "x" * 250
ROW = {"x": {"type": "literal", "value": 'a "quoted" { [ thing \\" \\' + LONG_TEXT}}
ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [ROW] * COUNT}}).encode()
HEAD_LAST = json.dumps({"results": {"bindings": [ROW] * COUNT}, "head": {"vars": ["x"]}}).encode()
FEW_ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [ROW] * 3}}).encode()
XML_ROW = b'<result><binding name="x"><literal>%s</literal></binding></result>' % LONG_TEXT.encode()
XML_START = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    b"<results>"
)
XML_ROWS = XML_START + XML_ROW * COUNT + b"</results></sparql>"
FEW_XML_ROWS = XML_START + XML_ROW * 3 + b"</results></sparql>"
LINES = b"".join(b"<urn:s%d> <urn:p> <urn:%s> .\n" % (number, b"o" * 40) for number in range(jsonld.AT_ONCE + 1))
RDFXML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
    + b'<rdf:Description rdf:about="urn:s"><e:p>o</e:p></rdf:Description>' * 2
    + b"</rdf:RDF>"
)


def ask(client: FlaskClient, query: str = SELECT, fmt: str = "") -> tuple[int, str]:
    """Status and, of a problem, its detail."""
    answer = client.get("/sparql", query_string={"query": query} | ({"format": fmt} if fmt else {}))
    return answer.status_code, answer.get_json()["detail"] if answer.mimetype == "application/problem+json" else ""


@pytest.mark.parametrize("framing", ["length", "close", "chunked"])
@pytest.mark.parametrize(
    ("media_type", "body", "cut"),
    # More than is buffered in memory, and a few rows.
    [*((JSON, ROWS, cut) for cut in (1, 400_000)), *((JSON, FEW_ROWS, cut) for cut in (1, 2, 3, 40)),
     (JSON, HEAD_LAST, 1), (JSON, HEAD_LAST, 20),
     (JSON, b'{"head":{},"boolean":true}', 1), (JSON, b'{"boolean":true,"head":{}}', 1),
     *((XML, XML_ROWS, cut) for cut in (1, 400_000)),
     *((XML, FEW_XML_ROWS, cut) for cut in (1, 9, 19, 19 + len(XML_ROW)))],
)  # fmt: skip
def test_rows_that_are_cut_off_never_go_out(
    endpoint: MisbehavingEndpoint,
    remote_client: Callable[..., FlaskClient],
    framing: str,
    media_type: str,
    body: bytes,
    cut: int,
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(body[:-cut], media_type, "200 OK", framing)
    for fmt in ("json", "csv"):
        assert ask(client, fmt=fmt)[0] == 502
    endpoint.behaviour = reply(body, media_type, "200 OK", framing)
    for known in RESULT_FORMATS:
        assert ask(client, fmt=known.name)[0] == 200


@pytest.mark.parametrize(
    ("media_type", "body", "framing", "status"),
    [("application/n-triples", LINES, "length", 200), ("application/n-triples", LINES, "chunked", 200),
     ("application/n-triples", LINES, "close", 502), ("application/n-triples", LINES[:-5], "length", 502),
     ("text/turtle", LINES[:-3], "length", 502), ("text/turtle", LINES[:-3], "close", 502),
     ("application/rdf+xml", RDFXML, "close", 200), ("application/rdf+xml", RDFXML[:-10], "close", 502),
     ("application/rdf+xml", RDFXML[: -len("<rdf:Description rdf:about='urn:s'><e:p>o</e:p></rdf:Description></rdf:RDF>")], "length", 502)],
)  # fmt: skip
def test_graphs_that_are_cut_off_never_go_out(
    endpoint: MisbehavingEndpoint,
    remote_client: Callable[..., FlaskClient],
    media_type: str,
    body: bytes,
    framing: str,
    status: int,
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(body, media_type, "200 OK", framing)
    for fmt in ("ttl", "jsonld", "nt"):
        assert ask(client, CONSTRUCT, fmt)[0] == status


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [("text/csv", b"x\r\na\r\n"), ("text/tab-separated-values", b'?x\n"a"\n'), ("text/html", b"<p>Welcome</p>"),
     ("text/turtle", b"<urn:a> <urn:b> <urn:c> .")],
)  # fmt: skip
def test_an_answer_of_another_kind_is_reported(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], fmt: str, media_type: str, body: bytes
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(body, media_type)
    status, detail = ask(client, fmt=fmt)
    assert (status, JSON in detail, media_type in detail) == (502, True, True)


@pytest.mark.parametrize("body", [b"x\r\na\r\n", b"<p>Welcome</p>", b"", b"[1]", XML_ROWS])
def test_a_type_that_is_not_that_of_the_body_is_reported(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], body: bytes
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(body)
    assert ask(client)[0] == 502


def test_relative_iris_have_the_base_of_this_endpoint_and_errors_their_place(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def record(_: object, parameters: list[tuple[str, str]], *rest: object) -> NoReturn:
        sent.append(dict(parameters)["query"])
        raise remote_client_module.RemoteRejectedError(f"error at 1:{len(sent[-1])}: expected something")

    web = remote_client(endpoint.address)
    assert ask(web)[0] == 200
    monkeypatch.setattr(remote_client_module, "ask", record)
    for query in ("CONSTRUCT { <s> ?p ?o } WHERE { ?s ?p ?o", "SELECT (URI('s') AS ?x) { ?s ?p ?o"):
        problem = web.get("/sparql", query_string={"query": query}, headers={"Host": "h.example"}).get_json()
        assert sent[-1] == f"BASE <http://h.example/sparql> {query}"
        assert (problem["title"], problem["line"]) == ("Syntax error", 1)
        assert problem["column"] <= len(query)
    web.get("/sparql", query_string={"query": SELECT})
    assert sent[-1] == SELECT


def test_rows_in_xml_go_out_as_what_was_wanted(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient]
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(XML_ROWS, XML)
    answers = {
        fmt.name: client.get("/sparql", query_string={"query": SELECT, "format": fmt.name}) for fmt in RESULT_FORMATS
    }
    for fmt in RESULT_FORMATS:
        assert answers[fmt.name].mimetype == fmt.media_type
    assert len(answers["json"].get_json()["results"]["bindings"]) == COUNT
    assert len(list(csv.reader(io.StringIO(answers["csv"].text)))) == COUNT + 1


@pytest.mark.parametrize(
    ("behaviour", "status", "said", "unsaid"),
    [(reply(b"", JSON, "503 Service Unavailable", "length", "Retry-After: 7"), 503, "overloaded", "reached"),
     (reply(b"<p>Error", "text/html", "400 Bad Request"), 400, "status 400", "<p>"),
     (reply(b"SP030: no", "text/plain", "400 Bad Request"), 400, "SP030: no", "reached"),
     (lambda connection: connection.sendall(OK + LONG + b"{"), 502, "broke off", "reached"),
     (lambda connection: connection.sendall(OK + LONG[:20]), 502, "sent applic", "reached"),
     (lambda connection: None, 502, "without a response", "reached"),
     (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), 502, "not valid HTTP", "reached")],
    ids=["busy", "page", "words", "body", "headers", "hangs up", "SSH"],
)  # fmt: skip
def test_the_cause_of_a_failure_is_reported_as_it_was(
    endpoint: MisbehavingEndpoint,
    remote_client: Callable[..., FlaskClient],
    behaviour: Behaviour,
    status: int,
    said: str,
    unsaid: str,
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = behaviour
    found, detail = ask(client)
    assert (found, said in detail, unsaid in detail) == (status, True, False), detail


@pytest.mark.parametrize(
    ("given", "reported"),
    [("7", "7"), ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"), ("soon", "5"), ("", "5")],
)
@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_a_busy_engine_says_when_to_come_again(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], status: str, given: str, reported: str
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(b"", "text/plain", status, "length", *([f"Retry-After: {given}"] if given else []))
    answer = client.get("/sparql", query_string={"query": SELECT})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, reported)


@pytest.mark.performance
@pytest.mark.parametrize("fmt", ["json", "csv", "tsv", "xml"])
def test_a_large_answer_takes_little_memory(endpoint: MisbehavingEndpoint, small_reader: Reader, fmt: str) -> None:
    engine = remote(endpoint, small_reader)
    row = json.dumps({"x": {"type": "uri", "value": "https://example.org/a-long-name-of-a-thing" * 5}}).encode()

    def pieces() -> Iterator[bytes]:
        yield b'{"head":{"vars":["x"]},"results":{"bindings":['
        for _ in range(100):
            yield b",".join([row] * 1000) + b","
        yield row + b"]}}"

    endpoint.behaviour = reply(pieces(), JSON, "200 OK", "chunked")
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    answer = engine.run(QueryRequest(SELECT, fmt, None), time.monotonic() + 60)
    assert answer.length > INLINE * 16
    assert sum(map(len, answer.chunks())) == answer.length
    assert memory("VmHWM") - before < 32 << 10
    engine.close()


def test_json_ld_is_that_of_home(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], small_reader: Reader
) -> None:
    prefixes = small_reader.vocabulary.prefixes
    lines = b"".join(
        b"<%sid/thing-%d> <%sontology#isMadeFrom> <%sid/soybean> .\n" % (b, number, b, b)
        for b in [small_reader.release.base_iri.encode()]
        for number in range(jsonld.AT_ONCE // 2)
    )
    endpoint.behaviour = reply(lines, "application/n-triples")
    client = remote_client(endpoint.address)
    given = client.get("/sparql", query_string={"query": CONSTRUCT, "format": "jsonld"})
    triples = [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]
    assert given.data == jsonld.compact(triples, prefixes)
    written = io.BytesIO()
    jsonld.write(triples * 3, written, prefixes)
    document = json.loads(written.getvalue())
    assert document["@context"] == prefixes
    assert document["@graph"][0] == {"@id": "id:thing-0", "vitk:isMadeFrom": [{"@id": "id:soybean"}] * 2}
    assert {quad.triple for quad in parse(written.getvalue(), format=RdfFormat.JSON_LD)} == set(triples)


def remote(endpoint: MisbehavingEndpoint, reader: Reader) -> RemoteEngine:
    return RemoteEngine(
        endpoint.address,
        reader.release,
        size=2,
        max_wait=5,
        max_waiting=2,
        result=256 << 20,
        prefixes=reader.vocabulary.prefixes,
    )


def memory(name: str) -> int:
    """A figure of this process, in kB."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))
