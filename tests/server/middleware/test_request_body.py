"""Bodies of requests: whole or refused, within a time, and no thread that answers waits for one."""

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
from kg.settings import Settings
from tests.benchmarks.bombs import ENDLESS
from tests.support.servers import Running
from tests.support.waiting import lateness, seconds_of

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


def test_many_bodies_that_do_not_come_leave_threads_for_everybody_else(running: Running) -> None:
    def answer_others() -> None:
        for path in ("/healthz", "/page/natto", "/sparql?query=ASK%7B%7D"):
            with urllib.request.urlopen(running.address + path, timeout=30) as page:
                assert page.status == 200

    late = lateness(answer_others, quiet=1)
    places = Settings().query_queue + 1
    body = head(QUERY, "Content-Length: 100") + b"ASK {}"
    waiting_body = head(QUERY, "Content-Length: 100", "Expect: 100-continue")
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(running)) for _ in range(places)]
        for connection in slow:
            connection.sendall(waiting_body)
            # The server says this when it begins to read the body.
            assert connection.recv(1 << 10).startswith(b"HTTP/1.1 100 ")
        with contextlib.ExitStack() as others:
            for connection in [others.enter_context(connected(running)) for _ in range(3 * places)]:
                connection.sendall(body)
                status, document = answer(connection)
                assert (status, document["title"]) == (503, "Server busy")
        # Nobody waited for the slow ones.
        assert seconds_of(answer_others) < min(late, PATIENCE)
        slow[0].sendall(b"ASK {} #" + b"x" * 92)
        assert answer(slow[0]) == (200, {"head": {}, "boolean": True})
    with connected(running) as connection:
        connection.sendall(head(QUERY, "Content-Length: 6") + b"ASK {}")
        assert answer(connection)[0] == 200


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
