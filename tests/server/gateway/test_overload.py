"""More queries than workers: clients that leave, cheap queries beside expensive ones, many connections."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client

from kg.engine.interface.cancellation import Cancellation
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from server.app import create_app
from server.core.state import state_of
from server.sparql.fast_path import SparqlFastPath
from tests.support.servers import Running
from tests.support.waiting import becomes_true, lateness, seconds_of, wait_until

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def running(serve: Callable[..., Running], small_release: Release, small_data_dir: Path) -> Running:
    return serve("--no-build", data_dir=small_data_dir, in_memory_quads=0, query_timeout=10)


def message(query: str, method: str = "GET") -> bytes:
    if method == "GET":
        return f"GET /sparql?{urllib.parse.urlencode({'query': query})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(query)}"
    return f"{head}\r\n\r\n{query}".encode()


def connected(running: Running, content: bytes) -> socket.socket:
    place = urllib.parse.urlsplit(running.address)
    connection = socket.create_connection((place.hostname or "", place.port or 0), 30)
    connection.sendall(content)
    return connection


def gauge(running: Running, name: str) -> int:
    with urllib.request.urlopen(running.address + "/metrics") as response:
        found = re.search(rf"^{name} ([0-9.]+)$", response.read().decode(), re.MULTILINE)
    assert found
    return int(float(found[1]))


def ask(running: Running) -> None:
    with urllib.request.urlopen(running.address + "/sparql?" + urllib.parse.urlencode({"query": "ASK {}"})) as response:
        assert response.status == 200


def queries(running: Running) -> dict[str, int]:
    names = {"busy": "vitk_query_workers_busy", "long": "vitk_query_workers_long", "waiting": "vitk_query_queue_length"}
    return {name: gauge(running, metric) for name, metric in names.items()}


def is_idle(running: Running) -> bool:
    return not any(queries(running).values())


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("is_same", [True, False], ids=["the same query", "different queries"])
def test_queries_whose_clients_left_are_stopped(running: Running, method: str, *, is_same: bool) -> None:
    late = 1 + lateness(lambda: ask(running))
    with contextlib.ExitStack() as clients:
        for number in range(20):
            query = f"{LONG} # {method} {0 if is_same else number}"
            clients.enter_context(connected(running, message(query, method)))
        wait_until(lambda: gauge(running, "vitk_query_workers_long") >= (1 if is_same else 2))
    assert seconds_of(lambda: ask(running)) < late
    assert becomes_true(lambda: is_idle(running), timeout=late)


@pytest.mark.system
def test_a_client_that_stays_gets_the_response_of_one_that_left(running: Running) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?c = ?f) } # slow"
    with connected(running, message(query)):
        wait_until(lambda: gauge(running, "vitk_query_workers_busy"))
        other = connected(running, message(query))
        time.sleep(0.2)
    with other:
        assert other.recv(15) in (b"HTTP/1.1 200 OK", b"HTTP/1.1 504 Ga")


def test_cheap_queries_are_answered_beside_expensive_ones(running: Running) -> None:
    late = lateness(lambda: ask(running), quiet=1)
    with contextlib.ExitStack() as clients:
        for number in range(8):
            clients.enter_context(connected(running, message(f"{LONG} # beside {number}")))
        # All are known to be expensive.
        wait_until(lambda: queries(running) == {"busy": 2, "long": 2, "waiting": 6})
        for number in range(20):
            query = urllib.parse.urlencode({"query": f"ASK {{}} # {number}"})
            started = time.monotonic()
            with urllib.request.urlopen(f"{running.address}/sparql?{query}", timeout=30) as response:
                assert response.status == 200
            assert time.monotonic() - started < late


def test_cheap_queries_over_many_connections_are_all_answered(running: Running) -> None:
    clients, each = 64, 20
    left = {}
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        for client in range(clients):
            connection = stack.enter_context(connected(running, message(f"ASK {{}} # {client} 0")))
            selector.register(connection, selectors.EVENT_READ, client)
            left[client] = each
        while any(left.values()):
            events = selector.select(30)
            assert events
            for key, _ in events:
                connection = key.fileobj  # type: ignore[assignment]
                assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
                left[key.data] -= 1
                if left[key.data]:
                    connection.sendall(message(f"ASK {{}} # {key.data} {left[key.data]}"))


def test_a_rejected_query_says_when_to_try_again(small_release: Release, small_reader: Reader) -> None:
    limits = Limits(memory=300 << 20, result=1 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=5, max_waiting=0, in_memory=False, limits=limits, prefixes={})
    try:
        app = create_app(Settings(), small_reader, pool)
        client = Client(SparqlFastPath(app.wsgi_app, state_of(app)))
        assert pool.wait_until_ready(60)
        # The only slot is taken, and nobody may wait.
        worker = pool._queue.acquire(pool._queue.quick, time.monotonic() + 30, Cancellation())
        rejected = client.get("/sparql?query=ASK%7B%7D")
        worker.end()
    finally:
        pool.close()
    assert (rejected.status_code, rejected.headers["Retry-After"]) == (503, "1")
    assert rejected.content_type == "application/problem+json"
    assert rejected.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in rejected.headers["Vary"]
