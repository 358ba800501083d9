"""Bodies of requests: complete or refused, within a time."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.release.release import Release
from tests.benchmarks.bombs import ENDLESS
from tests.support.servers import Running
from tests.support.waiting import lateness

QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
PATIENCE = 4.0


@pytest.fixture(scope="module")
def running(serve: Callable[..., Running], small_release: Release, small_data_dir: Path) -> Running:
    return serve("--no-build", data_dir=small_data_dir, query_timeout=PATIENCE, in_memory_quads=0)


def connected(running: Running) -> socket.socket:
    place = urllib.parse.urlsplit(running.address)
    connection = socket.create_connection((place.hostname or "", place.port or 0), timeout=30)
    connection.settimeout(30)
    return connection


def head(media_type: str, *lines: str, path: str = "/sparql") -> bytes:
    return "\r\n".join(
        [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {media_type}", *lines, "", ""]
    ).encode()


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))


def answer(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and JSON body of the one answer."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(1 << 16)
    start, _, body = received.partition(b"\r\n\r\n")
    lines = start.decode().splitlines()
    length = next(int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:"))
    while len(body) < length:
        body += connection.recv(1 << 16)
    return int(lines[0].split()[1]), json.loads(body)


def test_a_body_in_chunks_is_read_whole_or_refused(running: Running) -> None:
    graph = b"&default-graph-uri=https://w3id.org/vitk/graph/claims"
    counts = []
    for filling, status in ((10, 200), (3 << 20, 200), ((4 << 20) + 1, 413)):
        with connected(running) as connection:
            with contextlib.suppress(ConnectionError):
                query = b"query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }&filling="
                connection.sendall(head(FORM, "Transfer-Encoding: chunked") + chunked(query + b"x" * filling, graph))
            found, document = answer(connection)
        assert found == status
        counts.append(document.get("results") or document["detail"])
    assert counts[0] == counts[1]
    assert "4,194,304 bytes" in counts[2]


def test_a_body_that_ends_before_its_announced_length_is_refused(running: Running) -> None:
    with connected(running) as connection:
        connection.sendall(head(QUERY, "Content-Length: 100") + b"ASK {}")
        connection.shutdown(socket.SHUT_WR)
        status, document = answer(connection)
    assert (status, document["title"]) == (400, "Incomplete request body")
    assert "100 bytes" in document["detail"]


def test_a_body_in_chunks_that_breaks_off_is_not_run(running: Running) -> None:
    query = b"ASK {}"
    for rest in (b"", b"zz\r\n", b"5\r\nab"):
        with connected(running) as connection:
            connection.sendall(head(QUERY, "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n" % (len(query), query) + rest)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        assert received.startswith((b"HTTP/1.1 400 ", b"")) and b"boolean" not in received


def test_a_body_in_very_many_pieces_is_refused(running: Running) -> None:
    with connected(running) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(head(QUERY, "Transfer-Encoding: chunked") + chunked(*[b" "] * 20_000))
        assert answer(connection)[0] == 400


def test_a_connection_is_used_again_after_a_body(running: Running) -> None:
    with connected(running) as connection:
        for form in ("Content-Length: 6", "Transfer-Encoding: chunked"):
            connection.sendall(head(QUERY, form) + (chunked(b"ASK {}") if "chunked" in form else b"ASK {}"))
            assert answer(connection) == (200, {"head": {}, "boolean": True})


@pytest.mark.system
def test_a_body_that_does_not_come_ends_its_connection_in_time(running: Running) -> None:
    with connected(running) as connection:
        connection.sendall(head(QUERY, "Content-Length: 100") + b"ASK {}")
        started = time.monotonic()
        status, document = answer(connection)
        assert (status, document["title"]) == (408, "Request timeout")
        assert "6 bytes" in document["detail"]
        # The minimum; the time limit of queries here is shorter.
        assert time.monotonic() - started > 9
        assert connection.recv(1) == b""


def test_time_for_a_query_runs_while_its_body_comes(running: Running) -> None:
    late = lateness(lambda: urllib.request.urlopen(running.address + "/healthz", timeout=30).close())
    with connected(running) as connection:
        query = ENDLESS.encode()
        limit = 2 * late
        path = f"/sparql?timeout={limit}"
        connection.sendall(head(QUERY, f"Content-Length: {len(query)}", path=path) + query[:9])
        time.sleep(limit)
        started = time.monotonic()
        connection.sendall(query[9:])
        assert answer(connection)[0] == 504
        # The time did not begin only now.
        assert time.monotonic() - started < late
