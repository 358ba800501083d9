"""Remote endpoints that are slow: whatever comes slowly or not at all, a query ends within its time."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.misbehaving_endpoint import Behaviour, MisbehavingEndpoint, reply
from tests.support.waiting import lateness

TIMEOUT = 0.5
# Seconds by which an answer may be late on a quiet machine.
LATENESS = 1.0
SELECT = "SELECT ?x { ?x ?p ?o }"
ROW = {"x": {"type": "literal", "value": "a"}}
ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [ROW] * 20_000}}).encode()


def ask(client: FlaskClient, query: str = SELECT, fmt: str = "") -> tuple[int, str]:
    """Status and, of a problem, its detail."""
    answer = client.get("/sparql", query_string={"query": query} | ({"format": fmt} if fmt else {}))
    return answer.status_code, answer.get_json()["detail"] if answer.mimetype == "application/problem+json" else ""


def lateness_of(client: FlaskClient) -> float:
    return lateness(lambda: client.get("/healthz"), LATENESS)


def drip(text: bytes, pause: float, before: bytes = b"") -> Behaviour:
    """Sends a text again and again."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(before)
        end = time.monotonic() + 20 * TIMEOUT
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
    late = lateness_of(client)
    started = time.monotonic()
    status, detail = ask(client)
    assert 0.9 * TIMEOUT < time.monotonic() - started < TIMEOUT + late
    assert (status, "did not respond" in detail) == (504, True)


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
        late = lateness_of(client)
        started = time.monotonic()
        query = f"SELECT * {{ ?s ?p '{'é' * 900_000}' }}"
        assert client.post("/sparql", data=query.encode(), content_type="application/sparql-query").status_code == 504
        assert time.monotonic() - started < TIMEOUT + late


def test_an_engine_that_lets_nobody_in_is_given_up_in_time(remote_client: Callable[..., FlaskClient]) -> None:
    with socket.socket() as listening, ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            filling = waiting.enter_context(socket.socket())
            filling.settimeout(0)
            filling.connect_ex(listening.getsockname())
        client = remote_client(f"http://127.0.0.1:{listening.getsockname()[1]}/", query_timeout=TIMEOUT)
        late = lateness_of(client)
        started = time.monotonic()
        assert ask(client)[0] == 504
        assert time.monotonic() - started < TIMEOUT + late


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
    client = remote_client(address, query_timeout=TIMEOUT)
    late = lateness_of(client)
    started = time.monotonic()
    assert ask(client)[0] == 504
    assert time.monotonic() - started < TIMEOUT + late
