"""Clients that wait cost nothing to others: slow readers, bodies and heads that do not come, idle connections."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.release.release import Release
from kg.settings import Settings
from server.cli.serve import threads
from tests.support.servers import Running
from tests.support.waiting import lateness, seconds_of

# More than the threads of a server.
SLOW = 150
# Rows of a result that is not cached; half of them are cached in a file, a tenth in memory.
LARGE = 8_000
OTHERS = ("/healthz", "/page/natto", "/sparql?query=ASK%7B%7D")


@pytest.fixture(scope="module")
def running(serve: Callable[..., Running], small_release: Release, small_data_dir: Path) -> Running:
    return serve("--no-build", data_dir=small_data_dir, in_memory_quads=0, cache_mib=16)


def rows(limit: int) -> str:
    return "/sparql?" + urllib.parse.urlencode(
        {"query": f"SELECT * {{ ?s ?p ?o . ?s ?q ?v }} LIMIT {limit}", "format": "csv"}
    )


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


POST = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"
# What each slow client sends, and whether it is answered.
KINDS = {
    "uncached result": (get(rows(LARGE)), True),
    "cached result": (get(rows(LARGE // 2)), True),
    "result in memory": (get(rows(LARGE // 10)), True),
    "body that does not come": (POST, False),
    "head that does not come": (b"GET /healthz HTTP/1.1\r\nHost: ", False),
    "nothing": (b"", False),
}


def opened(running: Running, message: bytes) -> socket.socket:
    place = urllib.parse.urlsplit(running.address)
    connection = socket.socket()
    # Takes a few kilobytes of a response, and no more until it is read.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(60)
    connection.connect((place.hostname or "", place.port or 0))
    connection.sendall(message)
    return connection


@contextlib.contextmanager
def slow_clients(running: Running, message: bytes, number: int, *, is_answered: bool) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(number):
            connections.append(stack.enter_context(opened(running, message)))
            if is_answered:
                assert connections[-1].recv(15) == b"HTTP/1.1 200 OK"
        yield connections


def answer_others(running: Running) -> None:
    for path in OTHERS:
        with urllib.request.urlopen(running.address + path, timeout=30) as response:
            assert response.status == 200


@pytest.mark.system
@pytest.mark.parametrize("kind", KINDS)
def test_slow_clients_do_not_slow_others_down(running: Running, kind: str) -> None:
    message, is_answered = KINDS[kind]
    late = lateness(lambda: answer_others(running), quiet=1)
    with slow_clients(running, message, SLOW, is_answered=is_answered):
        assert seconds_of(lambda: answer_others(running)) < late


def test_a_slow_reader_of_a_dump_does_not_slow_others_down(
    serve: Callable[..., Running], release: Release, data_dir: Path
) -> None:
    running = serve("--no-build", data_dir=data_dir, in_memory_quads=0)
    late = lateness(lambda: answer_others(running), quiet=1)
    path = "/dumps/vitk.nq.gz"
    with slow_clients(running, get(path), SLOW, is_answered=True) as connections:
        assert seconds_of(lambda: answer_others(running)) < late
        # One of them becomes quick, and gets the file to its end.
        assert complete_body(connections[0]).endswith((release.download("vitk.nq.gz") or Path()).read_bytes()[-1000:])
    ranged = urllib.request.Request(running.address + path, headers={"Range": "bytes=10-19"})
    with urllib.request.urlopen(ranged, timeout=30) as part:
        assert (part.status, part.read()) == (206, (release.download("vitk.nq.gz") or Path()).read_bytes()[10:20])


def complete_body(connection: socket.socket) -> bytes:
    received = b"HTTP/1.1 200 OK"
    while b"\r\n\r\n" not in received:
        received += connection.recv(1 << 16)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        piece = connection.recv(1 << 16)
        assert piece
        body += piece
    return body


def test_what_slow_readers_get_is_complete_and_disappears_from_the_disk(running: Running) -> None:
    message = get(rows(LARGE))
    with slow_clients(running, message, 3, is_answered=True) as connections:
        # Longer than files have names.
        time.sleep(6)
        first, second, third = (complete_body(connection) for connection in connections)
    assert first == second == third
    assert len(first) > 1 << 20


@pytest.mark.system
@pytest.mark.performance
def test_posts_with_long_comments_and_long_headers_take_no_memory(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path
) -> None:
    running = serve("--no-build", data_dir=small_data_dir, in_memory_quads=0, cache_mib=16)
    requests = 1_600
    pieces = ", ".join(f"a{number}/b{number}" for number in range(5_000))[:60_000]

    def posts(number: int) -> bytes:
        body = f"ASK {{}} #{number} ".ljust(63_000, "x").encode()
        kind = f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}"
        return f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{kind}\r\n\r\n".encode() + body

    def accepts(number: int) -> bytes:
        accept = f"application/sparql-results+json;v={number}, {pieces}"
        return f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()

    for made in (posts, accepts):
        exchange(running, [made(number) for number in range(-200, 100)])
        before = resident(running)
        for start in range(100, requests, 100):
            exchange(running, [made(number) for number in range(start, start + 100)])
        # The requests had 95 MB.
        assert resident(running) - before < 50 << 10


def exchange(running: Running, messages: list[bytes]) -> None:
    """Sends requests over a few connections and waits for the responses."""
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        waiting = iter(messages)
        place = urllib.parse.urlsplit(running.address)
        for _ in range(4):
            connection = stack.enter_context(socket.create_connection((place.hostname or "", place.port or 0), 60))
            selector.register(connection, selectors.EVENT_READ)
            connection.sendall(next(waiting))
        left = len(messages)
        while left:
            for key, _ in selector.select(60):
                connection = key.fileobj  # type: ignore[assignment]
                assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
                left -= 1
                if message := next(waiting, None):
                    connection.sendall(message)


def resident(running: Running) -> int:
    """Kibibytes of memory of the serving process."""
    supervisor = running.process.pid
    (serving,) = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text("ascii").split()
    status = Path(f"/proc/{serving}/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def test_threads_are_fewer_than_slow_clients() -> None:
    assert threads(Settings()) < SLOW
