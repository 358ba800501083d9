"""A server and a remote endpoint that contain different releases: reported, never mixed up."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kg.engine.factory import engine_for
from kg.engine.interface.base import QueryRequest
from kg.engine.remote import release_watch
from kg.reader.reader import Reader
from kg.settings import Settings
from tests.support.misbehaving_endpoint import MisbehavingEndpoint, reply
from tests.support.waiting import wait_until

SELECT = "SELECT ?x { ?x ?p ?o }"


@pytest.fixture(autouse=True)
def _quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has releases checked five times as often, and a check trusted for a fifth of the time."""
    for name in ("POLL_INTERVAL", "STALE_AFTER"):
        monkeypatch.setattr(release_watch, name, getattr(release_watch, name) / 5)


@pytest.mark.parametrize(
    ("remote_releases", "default", "said"),
    [(["abc"], None, "contains release abc"), (["SERVED", "abc"], None, "and abc"), (["SERVED"], [], "union"),
     ([release_watch.INCOMPLETE], None, "not contain all"), (["abc", release_watch.INCOMPLETE], None, "not contain all")],
)  # fmt: skip
def test_an_endpoint_that_contains_another_release_is_not_queried(
    endpoint: MisbehavingEndpoint,
    remote_client: Callable[..., FlaskClient],
    small_reader: Reader,
    remote_releases: list[str],
    default: list[str] | None,
    said: str,
) -> None:
    serving = small_reader.release.id
    endpoint.releases = [serving if release_id == "SERVED" else release_id for release_id in remote_releases]
    endpoint.default = default
    client = remote_client(endpoint.address)
    status, detail = ask(client)
    assert (status, endpoint.query_count) == (503, 0)
    assert said.replace("and abc", f"{serving} and abc" if serving < "abc" else f"abc and {serving}") in detail
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["detail"]) == (503, detail)
    endpoint.releases, endpoint.default = [serving], None
    wait_until(lambda: client.get("/readyz").status_code == 200)
    assert ask(client)[0] == 200


def test_responses_are_cached_only_where_the_endpoint_is_known_to_contain_the_release(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], small_reader: Reader
) -> None:
    endpoint.releases = [small_reader.release.id]
    known = remote_client(endpoint.address).get("/sparql", query_string={"query": SELECT})
    assert known.headers["ETag"]
    assert "bookmark" in known.headers["Link"]
    endpoint.releases = []
    client = remote_client(endpoint.address)
    unknown = client.get("/sparql", query_string={"query": SELECT})
    assert (unknown.status_code, unknown.headers["Cache-Control"]) == (200, "no-store")
    assert not {"ETag", "Link"} & set(unknown.headers.keys())
    assert client.get("/readyz").status_code == 200


def test_an_answer_that_was_under_way_while_a_push_began_does_not_go_out(
    endpoint: MisbehavingEndpoint, remote_client: Callable[..., FlaskClient], small_reader: Reader
) -> None:
    endpoint.releases = [small_reader.release.id]
    client = remote_client(endpoint.address)
    assert ask(client)[0] == 200

    def behave(connection: socket.socket) -> None:
        endpoint.releases = [release_watch.INCOMPLETE]
        polls = endpoint.release_query_count
        # The second poll begins when the response to the first one was read.
        wait_until(lambda: endpoint.release_query_count >= polls + 2)
        reply(b'{"head":{},"boolean":true}')(connection)

    endpoint.behaviour = behave
    assert ask(client)[0] == 503


def test_a_look_that_is_old_is_not_trusted(endpoint: MisbehavingEndpoint, small_reader: Reader) -> None:
    engine = engine_for(Settings(remote_endpoint=endpoint.address), small_reader.release)
    endpoint.releases = [small_reader.release.id]
    wait_until(lambda: engine.run(QueryRequest(SELECT, "json", None), time.monotonic() + 5).is_deterministic)
    engine.close()
    wait_until(lambda: not engine.run(QueryRequest(SELECT, "json", None), time.monotonic() + 5).is_deterministic)


def ask(client: FlaskClient, query: str = SELECT, fmt: str = "") -> tuple[int, str]:
    """Status and, of a problem, its detail."""
    answer = client.get("/sparql", query_string={"query": query} | ({"format": fmt} if fmt else {}))
    return answer.status_code, answer.get_json()["detail"] if answer.mimetype == "application/problem+json" else ""
