"""Engines elsewhere that misbehave: what they say is checked for being whole, in time, of its kind, and of the release."""

from __future__ import annotations

import csv
import io
import json
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kg.engine.interface.base import QueryRequest
from kg.engine.remote.engine import RemoteEngine
from kg.rdf import jsonld
from kg.rdf.formats import RESULT_FORMATS
from kg.rdf.output_buffer import INLINE
from kg.reader.reader import Reader
from tests.support.misbehaving_endpoint import Behaviour, MisbehavingEndpoint, reply
from tests.support.waiting import GRACE

TIMEOUT = 1.0
SELECT, CONSTRUCT = "SELECT ?x { ?x ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
ROW = {"x": {"type": "literal", "value": 'a "quoted" { [ thing \\" \\'}}
ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [ROW] * 20_000}}).encode()
HEAD_LAST = json.dumps({"results": {"bindings": [ROW] * 20_000}, "head": {"vars": ["x"]}}).encode()
FEW_ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [ROW] * 3}}).encode()
XML_ROW = b'<result><binding name="x"><literal>a</literal></binding></result>'
XML_START = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    b"<results>"
)
XML_ROWS = XML_START + XML_ROW * 20_000 + b"</results></sparql>"
FEW_XML_ROWS = XML_START + XML_ROW * 3 + b"</results></sparql>"
LINES = b"".join(b"<urn:s%d> <urn:p> <urn:o> .\n" % number for number in range(40_000))
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
def test_an_answer_of_another_kind_is_told(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], fmt: str, media_type: str, body: bytes
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(body, media_type)
    status, detail = ask(client, fmt=fmt)
    assert (status, JSON in detail, media_type in detail) == (502, True, True)


@pytest.mark.parametrize("body", [b"x\r\na\r\n", b"<p>Welcome</p>", b"", b"[1]", XML_ROWS])
def test_a_type_that_is_not_that_of_the_body_is_told(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], body: bytes
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(body)
    assert ask(client)[0] == 502


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
    assert len(answers["json"].get_json()["results"]["bindings"]) == 20_000
    assert len(list(csv.reader(io.StringIO(answers["csv"].text)))) == 20_001


def drip(text: bytes, pause: float, before: bytes = b"") -> Behaviour:
    """Sends a text again and again."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(before)
        end = time.monotonic() + TIMEOUT + 2 * GRACE
        while time.monotonic() < end:
            connection.sendall(text)
            time.sleep(pause)

    return behave


OK = b"HTTP/1.1 200 OK\r\n"
LONG = b"Content-Type: application/sparql-results+json\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize(
    "behaviour",
    [drip(b"X-Slow: 1\r\n", 0.1, OK), drip(b"H", 0.1), drip(b"1", 0.1, b"HTTP/1.1 2"),
     drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0), drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.1), drip(b" ", 0.1, OK + LONG),
     drip(b"1\r\n \r\n", 0.1, OK + b"Content-Type: application/sparql-results+json\r\nTransfer-Encoding: chunked\r\n\r\n"),
     drip(b"", 0.1)],
    ids=["headers", "no HTTP", "status line", "a flood of 100", "some 100", "body", "chunks", "nothing"],
)  # fmt: skip
def test_nothing_that_comes_slowly_holds_a_query_past_its_time(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], behaviour: Behaviour
) -> None:
    client = remote_client(endpoint.address, query_timeout=TIMEOUT)
    endpoint.behaviour = behaviour
    started = time.monotonic()
    status, detail = ask(client)
    assert 0.9 * TIMEOUT < time.monotonic() - started < TIMEOUT + GRACE
    assert (status, "given up" in detail) == (504, True)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_engine_that_takes_nothing_is_given_up_in_time(
    remote_client: Callable[..., FlaskClient], scheme: str
) -> None:
    """The handshake of TLS, and the sending of a query longer than what the system holds for a reader."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        client = remote_client(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/", query_timeout=TIMEOUT)
        started = time.monotonic()
        query = f"SELECT * {{ ?s ?p '{'é' * 900_000}' }}"
        assert client.post("/sparql", data=query.encode(), content_type="application/sparql-query").status_code == 504
        assert time.monotonic() - started < TIMEOUT + GRACE


def test_an_engine_that_lets_nobody_in_is_given_up_in_time(remote_client: Callable[..., FlaskClient]) -> None:
    with socket.socket() as listening, ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            filling = waiting.enter_context(socket.socket())
            filling.settimeout(0)
            filling.connect_ex(listening.getsockname())
        client = remote_client(f"http://127.0.0.1:{listening.getsockname()[1]}/", query_timeout=TIMEOUT)
        started = time.monotonic()
        assert ask(client)[0] == 504
        assert time.monotonic() - started < TIMEOUT + GRACE


def test_tls_is_spoken_and_timed(
    endpoint: MisbehavingEndpoint,
    remote_client: Callable[..., FlaskClient],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    endpoint.socket = context.wrap_socket(endpoint.socket, server_side=True)
    address = endpoint.address.replace("http://127.0.0.1", "https://localhost")
    status, detail = ask(remote_client(address))
    assert (status, "certificate" in detail) == (502, True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    endpoint.behaviour = reply(ROWS)
    assert ask(remote_client(address))[0] == 200
    endpoint.behaviour = drip(b" ", 0.1, OK + LONG)
    started = time.monotonic()
    assert ask(remote_client(address, query_timeout=TIMEOUT))[0] == 504
    assert time.monotonic() - started < TIMEOUT + GRACE


@pytest.mark.parametrize(
    ("behaviour", "status", "said", "unsaid"),
    [(reply(b"", JSON, "503 Service Unavailable", "length", "Retry-After: 7"), 503, "no more queries", "reached"),
     (reply(b"<p>Error", "text/html", "400 Bad Request"), 400, "status 400", "<p>"),
     (reply(b"SP030: no", "text/plain", "400 Bad Request"), 400, "SP030: no", "reached"),
     (lambda connection: connection.sendall(OK + LONG + b"{"), 502, "broke off", "reached"),
     (lambda connection: connection.sendall(OK + LONG[:20]), 502, "answered in applic", "reached"),
     (lambda connection: None, 502, "without an answer", "reached"),
     (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), 502, "not HTTP", "reached")],
    ids=["busy", "page", "words", "body", "headers", "hangs up", "SSH"],
)  # fmt: skip
def test_what_went_wrong_is_told_as_it_was(
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
    ("given", "told"),
    [("7", "7"), ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"), ("soon", "5"), ("", "5")],
)
@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_a_busy_engine_says_when_to_come_again(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], status: str, given: str, told: str
) -> None:
    client = remote_client(endpoint.address)
    endpoint.behaviour = reply(b"", "text/plain", status, "length", *([f"Retry-After: {given}"] if given else []))
    answer = client.get("/sparql", query_string={"query": SELECT})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, told)


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
        endpoint.address, reader.release, size=2, waiting=2, result=256 << 20, prefixes=reader.vocabulary.prefixes
    )


def memory(name: str) -> int:
    """A figure of this process, in kB."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))
