"""A server and an engine elsewhere that do not hold the same release: said, never mixed up."""

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
from tests.support.misbehaving_endpoint import OddEngine, reply

SELECT = "SELECT ?x { ?x ?p ?o }"


@pytest.mark.parametrize(
    ("held_there", "default", "said"),
    [(["abc"], None, "holds release abc"), (["SERVED", "abc"], None, "and abc"), (["SERVED"], [], "union"),
     ([release_watch.INCOMPLETE], None, "not hold all"), (["abc", release_watch.INCOMPLETE], None, "not hold all")],
)  # fmt: skip
def test_an_engine_that_holds_something_else_is_not_asked(
    odd: OddEngine,
    asking_engine: Callable[..., FlaskClient],
    small_reader: Reader,
    held_there: list[str],
    default: list[str] | None,
    said: str,
) -> None:
    serving = small_reader.release.id
    odd.held = [serving if release_id == "SERVED" else release_id for release_id in held_there]
    odd.default = default
    client = asking_engine(odd.address)
    status, detail = asking(client)
    assert (status, odd.asked) == (503, 0)
    assert said.replace("and abc", f"{serving} and abc" if serving < "abc" else f"abc and {serving}") in detail
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["detail"]) == (503, detail)
    odd.held, odd.default = [serving], None
    wait_until(lambda: client.get("/readyz").status_code == 200)
    assert asking(client)[0] == 200


def test_answers_are_kept_only_where_the_engine_is_known_to_hold_the_release(
    odd: OddEngine, asking_engine: Callable[..., FlaskClient], small_reader: Reader
) -> None:
    odd.held = [small_reader.release.id]
    known = asking_engine(odd.address).get("/sparql", query_string={"query": SELECT})
    assert known.headers["ETag"]
    assert "bookmark" in known.headers["Link"]
    odd.held = []
    client = asking_engine(odd.address)
    unknown = client.get("/sparql", query_string={"query": SELECT})
    assert (unknown.status_code, unknown.headers["Cache-Control"]) == (200, "no-store")
    assert not {"ETag", "Link"} & set(unknown.headers.keys())
    assert client.get("/readyz").status_code == 200


def test_an_answer_that_was_under_way_while_a_push_began_does_not_go_out(
    odd: OddEngine, asking_engine: Callable[..., FlaskClient], small_reader: Reader
) -> None:
    odd.held = [small_reader.release.id]
    client = asking_engine(odd.address)
    assert asking(client)[0] == 200

    def behave(connection: socket.socket) -> None:
        odd.held = [release_watch.INCOMPLETE]
        time.sleep(release_watch.STALE_AFTER)
        reply(b'{"head":{},"boolean":true}')(connection)

    odd.behaviour = behave
    assert asking(client)[0] == 503


def test_a_look_that_is_old_is_not_trusted(odd: OddEngine, small_reader: Reader) -> None:
    engine = engine_for(Settings(remote_endpoint=odd.address), small_reader.release)
    odd.held = [small_reader.release.id]
    wait_until(lambda: engine.run(QueryRequest(SELECT, "json", None), time.monotonic() + 5).is_deterministic)
    engine.close()
    time.sleep(release_watch.STALE_AFTER)
    assert not engine.run(QueryRequest(SELECT, "json", None), time.monotonic() + 5).is_deterministic


def asking(client: FlaskClient, query: str = SELECT, fmt: str = "") -> tuple[int, str]:
    """Status and, of a problem, its detail."""
    answer = client.get("/sparql", query_string={"query": query} | ({"format": fmt} if fmt else {}))
    return answer.status_code, answer.get_json()["detail"] if answer.mimetype == "application/problem+json" else ""


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)
