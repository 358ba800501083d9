"""The limits of the gateway, without a server."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.gateway import request_bodies, spool
from server.gateway.connections import SlowConnections
from server.gateway.environ import MAX_ACCEPT, environ_of
from server.gateway.request_bodies import Budget, Upload, Uploads
from server.gateway.spool import Spool
from server.http.bounded_cache import bounded_cache
from server.http.file_body import FileBody
from server.http.problems import EARLY_ERROR, Problem
from server.http.request_body import REQUEST_BODY


class Future:
    """As granian's: calls back when the piece has come."""

    def __init__(self) -> None:
        self.is_cancelled, self.piece = False, b""
        self.callback: Callable[[Future], object] = lambda future: None

    def add_done_callback(self, callback: Callable[[Future], None]) -> None:
        self.callback = callback

    def done(self) -> bool:
        return False

    def cancelled(self) -> bool:
        return self.is_cancelled

    def cancel(self) -> None:
        self.is_cancelled = True

    def result(self) -> bytes:
        return self.piece


class Protocol:
    """As granian's: the body of a request, whose pieces the test sends."""

    def __init__(self) -> None:
        self.futures: list[Future] = []
        self.ended = False

    def __aiter__(self) -> Protocol:
        return self

    def __anext__(self) -> Future:
        if self.ended:
            raise StopAsyncIteration
        self.futures.append(Future())
        return self.futures[-1]

    def send(self, piece: bytes) -> None:
        future = self.futures[-1]
        future.piece = piece
        future.callback(future)

    def end(self) -> None:
        self.ended = True
        self.send(b"")


def upload(budget: Budget, announced: int = 0, version: str = "1.1") -> tuple[Protocol, Upload, list[Upload]]:
    finished: list[Upload] = []
    protocol = Protocol()
    made = Upload(protocol, {"SERVER_PROTOCOL": f"HTTP/{version}"}, announced, budget, finished.append)
    made.start()
    return protocol, made, finished


def status_of(finished: list[Upload]) -> int:
    (one,) = finished
    problem = one.environ.get(EARLY_ERROR)
    return problem.status if isinstance(problem, Problem) else 200


def test_a_body_is_complete_with_its_announced_length_or_at_its_end() -> None:
    budget = Budget()
    protocol, _, finished = upload(budget, announced=6)
    protocol.send(b"ASK")
    assert not finished
    protocol.send(b" {}")
    assert finished[0].environ[REQUEST_BODY] == b"ASK {}"
    protocol, _, finished = upload(budget)
    protocol.send(b"ASK {}")
    protocol.end()
    assert finished[0].environ[REQUEST_BODY] == b"ASK {}"
    protocol, _, finished = upload(budget)
    protocol.send(b"ASK {}")
    # After an error granian gives further pieces.
    protocol.send(b"")
    assert status_of(finished) == 400
    protocol, _, finished = upload(budget, version="2")
    protocol.send(b"ASK {}")
    protocol.send(b"")
    protocol.end()
    assert finished[0].environ[REQUEST_BODY] == b"ASK {}"


def test_all_bodies_together_have_a_budget_of_which_large_ones_leave_half() -> None:
    size = request_bodies._SMALL
    budget = Budget(16 * size)
    large, _, refused = upload(budget)
    for _ in range(8):
        if not refused:
            large.send(b"x" * size)
    assert status_of(refused) == 503
    small, _, finished = upload(budget, announced=10)
    small.send(b"x" * 10)
    assert status_of(finished) == 200
    for one in (*refused, *finished):
        one.close()
    assert budget.used == 0


def test_every_upload_is_counted_though_it_sends_nothing() -> None:
    budget = Budget(10 * request_bodies._OVERHEAD)
    finished = [upload(budget)[2] for _ in range(11)]
    assert [bool(one) for one in finished] == [False] * 10 + [True]
    assert status_of(finished[-1]) == 503


def test_an_upload_that_takes_too_long_ends_with_408_and_gives_up_its_connection() -> None:
    uploads = Uploads(0.1)
    protocol, slow, finished = upload(Budget())
    uploads.add(slow)
    uploads.sweep()
    assert not finished
    time.sleep(0.11)
    uploads.sweep()
    assert status_of(finished) == 408
    assert protocol.futures[-1].is_cancelled
    protocol.send(b"late")
    assert len(finished) == 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spool, "_GRACE", 0.05)
    return tmp_path


def test_a_file_has_a_name_for_a_moment_and_counts_while_it_is_sent(folder: Path) -> None:
    names = Spool(folder, 3_000_000)
    body = FileBody.of(b"x" * 2_000_000)
    path = names.path_of(body)
    with Path(path).open("rb") as sent:
        body.close()
        time.sleep(0.06)
        names.sweep({f"{path} (deleted)"})
        assert not Path(path).exists()
        assert len(sent.read()) == 2_000_000
        with pytest.raises(Problem) as refused:
            names.path_of(FileBody.of(b"x" * 2_000_000))
        assert refused.value.status == 503
    names.sweep(set())
    assert names.bytes == 0
    assert names.path_of(FileBody.of(b"x" * 2_000_000)) != path


def test_a_shared_file_keeps_its_name_as_long_as_it_is_cached(folder: Path) -> None:
    names = Spool(folder, 10)
    body = FileBody.of(b"x" * 1_000_000, is_shared=True)
    path = names.path_of(body)
    body.close()
    time.sleep(0.06)
    names.sweep(set())
    assert names.path_of(body) == path
    assert b"".join(body) == b"x" * 1_000_000
    del body
    time.sleep(0.06)
    names.sweep(set())
    assert not list(folder.iterdir())


def test_a_file_that_cannot_be_linked_is_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    assert Path(Spool(folder, 1 << 20).path_of(FileBody.of(b"abc"))).read_bytes() == b"abc"


def test_a_connection_that_hardly_reads_is_closed_and_one_that_reads_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        look = SlowConnections(port, idle=60, patience=0.2, min_rate=1_000_000)
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        served = [listener.accept()[0] for _ in clients]
        for connection in served:
            connection.settimeout(0)
        reading = clients[1]

        def fill(connection: socket.socket) -> None:
            try:
                while True:
                    connection.send(b"x" * (1 << 16))
            except BlockingIOError:
                pass

        fill(served[0])
        # The kernel goes on taking data for the first client for a while.
        for _ in range(10):
            fill(served[1])
            look.sweep({one.fileno(): "socket:[1]" for one in served})
            reading.recv(1 << 22)
            time.sleep(0.11)
        assert look.closed == 1
        with pytest.raises(BrokenPipeError):
            served[0].send(b"x")
        assert served[1].getpeername() == reading.getsockname()
        assert served[2].send(b"x") == 1
        for one in (*clients, *served):
            one.close()


def test_an_idle_connection_is_closed_and_one_that_does_something_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = listener.getsockname()
        look = SlowConnections(place[1], idle=0.3)
        with socket.create_connection(place) as busy, socket.create_connection(place) as idle:
            served = [listener.accept()[0] for _ in range(2)]
            for _ in range(6):
                time.sleep(0.1)
                busy.send(b"x")
                served[0].recv(1)
                look.sweep({one.fileno(): "socket:[1]" for one in served})
            assert look.closed == 1
            assert idle.recv(1) == b""
            for one in served:
                one.close()


class Scope:
    method, path, query_string, http_version, scheme, authority = "GET", "/é", "a=1", "1.1", "http", None
    server = "[::1]:8000"

    def __init__(self, *headers: tuple[str, str]) -> None:
        self.headers = dict(headers)


def test_an_accept_header_is_read_up_to_a_limit() -> None:
    def accept(value: str) -> Any:
        return environ_of(Scope(("accept", value))).get("HTTP_ACCEPT")

    assert accept("text/turtle") == "text/turtle"
    long = "text/turtle, " + ", ".join(f"a/{number}" for number in range(10_000))
    assert accept(long).startswith("text/turtle, ")
    assert len(accept(long)) <= MAX_ACCEPT
    assert long.startswith(accept(long) + ",")
    assert accept("a" * 3000) is None


def test_an_environment_is_that_of_wsgi() -> None:
    environ = environ_of(Scope(("host", "example.org"), ("x-a", "1"), ("content-type", "text/plain")))
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert (environ["HTTP_HOST"], environ["HTTP_X_A"], environ["CONTENT_TYPE"]) == ("example.org", "1", "text/plain")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "8000")


def test_a_cache_takes_no_long_texts() -> None:
    calls = []

    @bounded_cache(10, 5)
    def length(text: str) -> int:
        calls.append(text)
        return len(text)

    assert [length("a"), length("a"), length("abcdef"), length("abcdef")] == [1, 1, 6, 6]
    assert calls == ["a", "abcdef", "abcdef"]
