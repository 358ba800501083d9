"""Finished answers are kept and replayed: what is replayed equals what was answered, and the engine is not asked again."""

from __future__ import annotations

import errno
import gzip
import os
import threading
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import Client, TestResponse

from kg.engine.factory import engine_for
from kg.engine.interface.base import Engine, EngineStatus, QueryRequest, QueryResult
from kg.engine.interface.cancellation import Cancellation
from kg.rdf.output_buffer import INLINE
from kg.reader.reader import Reader
from kg.settings import Settings
from server.middleware import compression
from server.middleware.cache.middleware import ResponseCache
from server.middleware.cache.regions import page_cache, query_cache
from tests.support.session.applications import application

FOODS = "SELECT ?s ?o { ?s a <https://w3id.org/vitk/ontology#Food> ; ?p ?o } ORDER BY ?s ?o LIMIT 200"
RANDOM = ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"]


class Counting:
    """The real engine, with a count of what it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.request_count, self.pause = engine, 0, threading.Event()
        self.pause.set()

    def run(self, request: QueryRequest, deadline: float, cancellation: Cancellation | None = None) -> QueryResult:
        self.request_count += 1
        self.pause.wait()
        return self.engine.run(request, deadline, cancellation)

    def state(self) -> EngineStatus:
        return self.engine.state()

    def wait_until_ready(self, seconds: float) -> bool:
        return self.engine.wait_until_ready(seconds)

    def wait_until_warm(self, seconds: float) -> bool:
        return self.engine.wait_until_warm(seconds)

    def close(self) -> None:
        self.engine.close()


@pytest.fixture(scope="module")
def workers(small_reader: Reader) -> Iterator[Engine]:
    pool = engine_for(Settings(query_timeout=5), small_reader.release)
    assert pool.wait_until_ready(60)
    yield pool
    pool.close()


@pytest.fixture
def engine(workers: Engine) -> Counting:
    return Counting(workers)


@pytest.fixture
def response_cache(engine: Counting, small_reader: Reader) -> ResponseCache:
    return query_cache(application(Settings(query_timeout=5), small_reader, engine), limit=1 << 20)


@pytest.fixture
def client(response_cache: ResponseCache) -> Client:
    return Client(response_cache)


def ask(client: Client, query: str, method: str = "GET", accept: str = "text/csv", **headers: str) -> TestResponse:
    named = {"Accept": accept} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open("/sparql", method=method, query_string={"query": query}, headers=named)


def same(first: TestResponse, again: TestResponse) -> bool:
    left_out = {"Cache-Status", "Server-Timing", "Date"}
    sent_headers = [{name: value for name, value in r.headers.items() if name not in left_out} for r in (first, again)]
    return first.data == again.data and sent_headers[0] == sent_headers[1]


def test_an_equal_request_is_answered_without_the_engine(
    client: Client, engine: Counting, response_cache: ResponseCache
) -> None:
    first, again = ask(client, FOODS), ask(client, FOODS)
    assert first.status_code == 200
    assert same(first, again)
    assert engine.request_count == 1
    assert again.headers["Cache-Status"] == "vitk; hit"
    assert response_cache.stats().hits == 1
    by_form = [client.post("/sparql", data={"query": FOODS}, headers={"Accept": "text/csv"}) for _ in range(2)]
    by_body = [client.post("/sparql", data=FOODS, content_type="application/sparql-query", headers={"Accept": "text/csv"}) for _ in range(2)]  # fmt: skip
    assert {answer.data for answer in (*by_form, *by_body)} == {first.data}
    assert engine.request_count == 3


@pytest.mark.parametrize(
    "other",
    [
        {"query": FOODS + " "},
        {"query": FOODS, "format": "json"},
        {"query": FOODS, "default-graph-uri": "https://w3id.org/vitk/graph/claims"},
        {"query": FOODS, "named-graph-uri": "https://w3id.org/vitk/graph/claims"},
        {"query": FOODS, "timeout": "1"},
        {"query": FOODS, "labels": "en"},
    ],
)
def test_a_request_that_differs_is_evaluated_and_tagged_anew(
    client: Client, engine: Counting, other: dict[str, str]
) -> None:
    first = ask(client, FOODS)
    second = client.get("/sparql", query_string=other, headers={"Accept": "text/csv"})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert engine.request_count == 2


@pytest.mark.parametrize("cached_before", [True, False], ids=["kept", "not kept"])
def test_what_the_client_holds_already_is_304_without_the_engine(
    client: Client, engine: Counting, small_reader: Reader, cached_before: bool
) -> None:
    tag = ask(client, FOODS).headers["ETag"]
    assert tag.startswith('W/"')
    if not cached_before:
        client = Client(application(Settings(query_timeout=5), small_reader, engine))
    engine.request_count = 0
    for value in (tag, tag.removeprefix("W/"), f'"x", {tag}'):
        answer = ask(client, FOODS, If_None_Match=value)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert "Accept" in answer.headers["Vary"]
        assert "Content-Type" not in answer.headers
    assert engine.request_count == 0
    assert ask(client, FOODS, If_None_Match='W/"other"').status_code == 200
    assert ask(client, FOODS, If_None_Match="*").status_code == 304


def test_validators_are_compared_whole_and_say_nothing_of_a_post(client: Client) -> None:
    tag = ask(client, FOODS).headers["ETag"].removeprefix("W/")
    assert ask(client, FOODS, If_None_Match=f"garbage{tag}").status_code == 200
    assert ask(client, FOODS, If_None_Match=f'"a{tag[1:]}').status_code == 200
    headers = {"Accept": "text/csv", "If-None-Match": client.post("/sparql", data={"query": FOODS}).headers["ETag"]}
    for _ in range(2):
        assert client.post("/sparql", data={"query": FOODS}, headers=headers).status_code == 200


def test_head_is_get_without_the_body(client: Client, engine: Counting) -> None:
    head = ask(client, FOODS, method="HEAD")
    got = ask(client, FOODS)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(got.data)))
    assert head.headers["ETag"] == got.headers["ETag"]
    assert engine.request_count == 1


def test_gzip_goes_to_those_who_take_it(client: Client) -> None:
    plain = ask(client, FOODS)
    for _ in range(2):
        packed = ask(client, FOODS, Accept_Encoding="br, gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Content-Length"] == str(len(packed.data))
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] == plain.headers["ETag"]
    for other in ("gzip;q=0", "notgzip", "br", "*, gzip;q=0"):
        assert "Content-Encoding" not in ask(client, FOODS, Accept_Encoding=other).headers
    for other in ("*", "GZIP;q=0.5"):
        assert ask(client, FOODS, Accept_Encoding=other).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in ask(client, "ASK {}", accept="*/*", Accept_Encoding="gzip").headers
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "varies"),
    [("/page/natto", "Accept-Encoding"), ("/data/natto", "Accept, Accept-Profile, Accept-Encoding")],
)
def test_caches_on_the_way_learn_that_a_page_is_compressed_for_some(
    engine: Counting, small_reader: Reader, path: str, varies: str
) -> None:
    client = Client(page_cache(application(Settings(), small_reader, engine), 1 << 20))
    for encoding in ("gzip", "identity", "gzip"):
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        assert answer.headers.getlist("Vary") == [varies]
    revalidated = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (revalidated.status_code, revalidated.headers["Vary"]) == (304, varies)


@pytest.mark.parametrize("function", RANDOM)
def test_a_result_that_differs_each_time_is_never_cached(client: Client, engine: Counting, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    for _ in range(2):
        answer = ask(client, query)
        assert answer.status_code == 200
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "X-Vitk-Cache" not in answer.headers
    assert engine.request_count == 2


@pytest.mark.parametrize(
    "query", ["SELEC", "SELECT * { SERVICE <http://a.example/> {} }", "SELECT * { ?a ?b ?c . ?d ?e ?f }"]
)
def test_problems_are_not_cached(client: Client, engine: Counting, response_cache: ResponseCache, query: str) -> None:
    given = {"query": query, "timeout": "0.3"}
    answers = [client.get("/sparql", query_string=given, headers={"Accept": "text/csv"}) for _ in range(2)]
    assert all(answer.status_code >= 400 for answer in answers)
    assert (engine.request_count, response_cache.stats().bytes) == (2, 0)


def test_many_equal_requests_at_once_are_one_evaluation(client: Client, engine: Counting) -> None:
    engine.pause.clear()
    answers: list[TestResponse] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(client, FOODS))) for _ in range(12)]
    for thread in threads:
        thread.start()
    engine.pause.set()
    for thread in threads:
        thread.join()
    assert {answer.data for answer in answers} == {answers[0].data}
    assert (len(answers), engine.request_count) == (12, 1)


def test_bytes_are_bounded_and_the_last_request_stays(
    client: Client, response_cache: ResponseCache, engine: Counting
) -> None:
    ask(client, FOODS)
    for number in range(60):
        ask(client, f"SELECT ?s ?p ?o {{ ?s ?p ?o }} OFFSET {number} LIMIT 300")
        ask(client, FOODS)
        assert response_cache.stats().bytes <= 1 << 20
    assert engine.request_count == 61


def test_an_answer_too_large_to_keep_is_whole_each_time(
    client: Client, engine: Counting, response_cache: ResponseCache
) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 15000"
    first, again = ask(client, query), ask(client, query)
    assert first.data == again.data
    assert len(first.data) == int(first.headers["Content-Length"]) > INLINE
    assert "X-Vitk-Cache" not in first.headers
    assert ask(client, query, method="HEAD").headers["Content-Length"] == first.headers["Content-Length"]
    assert (engine.request_count, response_cache.stats().bytes) == (3, 0)
    packed = ask(client, query, Accept_Encoding="gzip")
    assert gzip.decompress(packed.data) == first.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(first.data) // 2
    assert "Content-Length" not in ask(client, query, method="HEAD", Accept_Encoding="gzip").headers


def test_a_body_too_long_to_compare_is_answered_without_the_word_to_keep(
    client: Client, response_cache: ResponseCache
) -> None:
    answer = client.post("/sparql", data={"query": FOODS + " #" + "x" * (64 << 10)})
    assert answer.status_code == 200
    assert "X-Vitk-Cache" not in answer.headers
    assert response_cache.stats().bytes == 0


@pytest.mark.parametrize(
    "path", ["/api/v1/claims?limit=5", "/api/v1/claims.csv?limit=5", "/api/v1/queries/kinds-of-flaw"]
)
def test_responses_of_the_api_are_cached_by_the_same_rule(client: Client, path: str) -> None:
    first, again = client.get(path), client.get(path)
    assert first.status_code == 200
    assert same(first, again)
    assert again.headers["Cache-Status"] == "vitk; hit"
    other = client.get("/api/v1/contradictions")
    assert other.data != first.data
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert [client.get("/api/v1/claims?limit=none").status_code for _ in range(2)] == [400, 400]


def test_a_disk_that_is_full_while_a_response_is_compressed_is_507(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def large(_: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
        headers = [("Content-Type", "text/csv"), ("Content-Length", "4000000"), ("Vitk-Release", "abc")]
        start_response("200 OK", headers)
        return [b"a,b\r\n" * 800_000]

    monkeypatch.setattr(compression, "anonymous_file", full)
    client = Client(ResponseCache(large, 1 << 20, lambda _: True), use_cookies=False)
    response = client.get("/sparql?query=x", headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.mimetype) == (507, "application/problem+json")
    assert (response.headers["Vitk-Release"], response.headers["Cache-Control"]) == ("abc", "no-store")
    assert client.get("/sparql?query=x").status_code == 200


def test_a_body_with_a_content_coding_is_refused_though_the_same_bytes_are_cached(client: Client) -> None:
    query = {"data": "ASK {}", "content_type": "application/sparql-query"}
    for _ in range(2):
        assert client.post("/sparql", **query).status_code == 200
        coded = client.post("/sparql", headers={"Content-Encoding": "gzip"}, **query)
        assert coded.status_code == 415
