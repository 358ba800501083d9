"""The first line and the Host of a request, in every version of HTTP and before the caches."""

from __future__ import annotations

import socket
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.http import request_line
from server.http.problems import EARLY_ERROR
from server.middleware.cache.middleware import ResponseCache
from server.middleware.request_line import RequestLineMiddleware
from tests.support.servers import Running


def environ(**more: str) -> dict[str, Any]:
    given = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "example.org"}
    return given | {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000"} | more


@pytest.mark.parametrize("version", ["HTTP/1", "HTTP/1.0", "HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("host", ['"><script>', "a b", "example.org:x", "[::1", "example.org:99999999", "a:65536"])
def test_a_host_that_is_none_is_reported_in_every_version(version: str, host: str) -> None:
    problem = request_line.problem_in(environ(SERVER_PROTOCOL=version, HTTP_HOST=host))
    assert problem is not None
    assert (problem.status, problem.title) == (400, "Invalid Host header")


def test_only_http_1_0_may_do_without_a_host() -> None:
    for version in ("HTTP/1", "HTTP/1.0"):
        given = environ(SERVER_PROTOCOL=version, HTTP_HOST="")
        request_line.complete(given)
        assert given["HTTP_HOST"] == "127.0.0.1:8000"
        assert request_line.problem_in(given) is None
    for version in ("HTTP/1.1", "HTTP/2"):
        given = environ(SERVER_PROTOCOL=version, HTTP_HOST="")
        request_line.complete(given)
        assert request_line.problem_in(given) is not None


@pytest.mark.parametrize(
    ("changed", "status"), [({"PATH_INFO": ""}, 400), ({"PATH_INFO": "*"}, 400), ({"REQUEST_METHOD": "get"}, 501)]
)
def test_odd_targets_and_methods_are_reported(changed: dict[str, str], status: int) -> None:
    problem = request_line.problem_in(environ(**changed))
    assert problem is not None
    assert problem.status == status


def test_no_cache_answers_what_is_wrong() -> None:
    calls: list[bool] = []

    def application(given: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        calls.append(EARLY_ERROR in given)
        start_response(
            "200 OK", [("X-Vitk-Cache", "store"), ("ETag", 'W/"a"'), ("Content-Length", "1"), ("Content-Type", "a/b")]
        )
        return [b"x"]

    app = RequestLineMiddleware(ResponseCache(application, 1 << 20, lambda _: True))
    for version in ("HTTP/1.1", "HTTP/2", "HTTP/1.1"):
        app(environ(SERVER_PROTOCOL=version, HTTP_HOST="a b"), lambda *_: None)
    assert calls == [True, True, True]


def test_options_of_the_server_as_a_whole(client: FlaskClient) -> None:
    response = client.options("*")
    assert response.status_code == 200
    assert "QUERY" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "query", "target"), [("/id//natto", "", "/id/natto"), ("//id///natto", "a=b", "/id/natto?a=b")]
)
def test_slashes_are_merged_without_naming_the_host(client: FlaskClient, path: str, query: str, target: str) -> None:
    given = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "internal:8000"}
    response = client.open(environ_overrides=given)
    assert (response.status_code, response.headers["Location"]) == (308, target)
    assert "internal" not in response.text


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"GET /sparql HTTP/1.0", 200),
        (b"GET /sparql HTTP/1.0\r\nHost: a b", 400),
        (b"GET /sparql HTTP/1.1\r\nHost: a:99999999", 400),
        (b"GET /sparql HTTP/1.1", 400),
        (b"GET healthz HTTP/1.1\r\nHost: a", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: a", 200),
        (b"get /healthz HTTP/1.1\r\nHost: a", 501),
    ],
)
def test_a_server_checks_what_arrives(disk_server: Running, data_dir: Path, lines: bytes, status: int) -> None:
    place = urllib.parse.urlsplit(disk_server.address)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as connection:
        connection.sendall(lines + b"\r\nConnection: close\r\n\r\n")
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    assert int(received.split()[1]) == status
    assert b"<http:/sparql>" not in received
    if status == 200 and b"/sparql" in lines:
        assert f"<http://127.0.0.1:{place.port}/sparql>".encode() in received
