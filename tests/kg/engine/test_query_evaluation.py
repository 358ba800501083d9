"""How workers evaluate queries: what is refused, what is an error of an expression, what a full disk does."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kg.engine.interface.base import DiskFullError, QueryRejectedError, QueryRequest, QuerySyntaxError
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.release.release import Release
from tests.benchmarks.bombs import family
from tests.support.processes import newest_zygote
from tests.support.waiting import wait_until


def ask_pool(pool: WorkerPool, query: str, seconds: float = 20) -> bytes:
    answer = pool.run(QueryRequest(query, "csv", "nt"), time.monotonic() + seconds)
    return b"".join(answer.chunks())


@pytest.fixture(scope="module")
def pool(small_release: Release) -> Iterator[WorkerPool]:
    limits = Limits(memory=300 << 20, result=4 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=5, max_waiting=1, in_memory=False, limits=limits, prefixes={})
    assert pool.wait_until_ready(60)
    yield pool
    pool.close()


NESTED = {
    "!": "ASK { FILTER(" + "!" * 101 + "true) }",
    "! with spaces": "ASK { FILTER(" + "! " * 10_000 + "true) }",
    "BIND": "SELECT * {" + "".join(f" BIND(1 AS ?v{n})" for n in range(5_000)) + " }",
    "SELECT expressions": "SELECT" + "".join(f" (1 AS ?v{n})" for n in range(5_000)) + " {}",
    "MINUS": "SELECT * { ?s ?p ?o" + " MINUS { ?s ?p ?o }" * 5_000 + " }",
    "UNION": "SELECT * { {}" + " UNION {}" * 10_000 + " }",
    "FILTER": "ASK {" + " FILTER(true)" * 20_000 + " }",
    "sub-selects": "ASK {" + " {SELECT * {}}" * 5_000 + " }",
    "sums": "ASK { FILTER(1" + "+1" * 20_000 + "=2) }",
    "or": "ASK { FILTER(true" + "||true" * 20_000 + ") }",
    "alternatives": "ASK { ?s <a:a>" + "|<a:a>" * 40_000 + " ?o }",
    "quoted triples": "ASK { " + "<< ?s ?p " * 20_000,
    "DESCRIBE": "DESCRIBE" + " <a:a>" * 5_000,
    "DESCRIBE of prefixed names": "PREFIX a: <a:> DESCRIBE" + " a:a" * 5_000 + " { }",
    "ORDER BY": "SELECT * {} ORDER BY" + " (1)" * 5_000,
}


@pytest.mark.parametrize("query", NESTED.values(), ids=NESTED)
def test_what_the_engine_nests_is_refused_before_it_crashes(pool: WorkerPool, query: str) -> None:
    before = pool.state().restarts
    with pytest.raises(QueryRejectedError, match=r"nest|operators"):
        ask_pool(pool, query)
    assert pool.state().restarts == before


def test_nesting_within_the_limits_and_long_lists_are_answered(pool: WorkerPool) -> None:
    long_list = " ".join(["-1.5"] * 10_000)
    for query in (
        "ASK { FILTER(" + "!" * 100 + "true) }",
        "SELECT ?v9 {" + "".join(f" BIND(1 AS ?v{n})" for n in range(900)) + " }",
        "ASK { FILTER(1" + "+1" * 1_900 + "=1901) }",
        "ASK { VALUES ?x { " + long_list + " } }",
        "ASK { VALUES (?x) { " + "(-1) " * 5_000 + " } }",
        "DESCRIBE" + " <a:a>" * 1_000,
        "DESCRIBE ?s { VALUES ?s { " + "<a:a> " * 10_000 + "} ?s ?p ?o }",
        "ASK { FILTER(1 IN (" + "2, " * 10_000 + "1)) }",
    ):
        assert ask_pool(pool, query) or query.startswith("DESCRIBE")
    assert pool.state().restarts == 0


def test_an_unknown_function_is_an_error_of_its_expression(pool: WorkerPool) -> None:
    for query, expected in (
        ("SELECT (<urn:f>(1) AS ?x) (1 AS ?y) {}", b"x,y\r\n,1\r\n"),
        ("ASK { FILTER(<urn:f>(1)) }", b"false"),
        ("ASK { FILTER(COALESCE(<urn:f>(1), <urn:g>(), true)) }", b"true"),
        ("ASK { FILTER EXISTS { FILTER(!BOUND(?x) || <urn:f>(?x)) } }", b"true"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY (<urn:g>(?s) AS ?k) HAVING(<urn:g>(?k))", b"n\r\n"),
    ):
        assert ask_pool(pool, query) == expected, query


def test_relative_iris_have_the_base_of_the_request(pool: WorkerPool) -> None:
    for query, expected in (
        ("CONSTRUCT { <s> <p> <../o> } WHERE {}", b"<http://h/x/s> <http://h/x/p> <http://h/o> .\n"),
        ("SELECT (URI('rel') AS ?x) {}", b"x\r\nhttp://h/x/rel\r\n"),
        ("BASE <urn:a:> ASK { FILTER(<b> = <urn:b>) }", b"true"),
    ):
        request = QueryRequest(query, "csv", "nt", base_iri="http://h/x/sparql")
        assert pool.run(request, time.monotonic() + 20).read() == expected
    with pytest.raises(QuerySyntaxError):
        ask_pool(pool, "ASK { <s> ?p ?o }")


def test_a_full_disk_fails_the_query_that_fills_it_and_no_other(
    small_release: Release,
) -> None:
    # A limit on the size of files stands for a small disk: writes fail with an OSError too.
    limits = Limits(memory=300 << 20, result=64 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=5, max_waiting=1, in_memory=False, limits=limits, prefixes={})
    try:
        assert pool.wait_until_ready(60)
        zygote = newest_zygote()
        wait_until(lambda: len(family(zygote)) == 3)
        for worker in family(zygote)[1:]:
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        with pytest.raises(DiskFullError):
            ask_pool(pool, "SELECT * { ?s ?p ?o }")
        for _ in range(3):
            assert b"true" in ask_pool(pool, "ASK {}")
        assert pool.state().restarts == 0
    finally:
        pool.close()


@pytest.mark.parametrize("failing", [1, 2], ids=["from disk", "with the graph"])
def test_a_zygote_that_cannot_be_started_is_tried_again(
    small_release: Release, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    starts: list[int] = []
    real = subprocess.Popen

    def popen(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        starts.append(1)
        if len(starts) == failing:
            raise BlockingIOError("no more processes")
        return real(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    limits = Limits(memory=300 << 20, result=4 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=5, max_waiting=1, in_memory=True, limits=limits, prefixes={})
    try:
        assert pool.wait_until_warm(60)
        assert b"true" in ask_pool(pool, "ASK {}")
        assert len(starts) > failing
    finally:
        pool.close()
