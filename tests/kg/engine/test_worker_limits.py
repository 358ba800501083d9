"""Limits that hold: whatever is asked, the answer comes in time, with the right status, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.engine.interface.base import (
    EngineCrashError,
    MemoryLimitError,
    QueryError,
    QueryRequest,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.release.release import Release
from tests.benchmarks.bombs import ENDLESS, ask, family, memory_mib, throw
from tests.support.processes import children_of, command, identify_all, newest_zygote, survivors
from tests.support.servers import Running
from tests.support.waiting import becomes_true, lateness

# Of a server: two for quick queries, and two for long ones.
WORKERS = 4
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(params=[True, False], ids=["in memory", "on disk"])
def pool(small_release: Release, request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    limits = Limits(memory=300 << 20, result=4 << 20)
    pool = WorkerPool(
        small_release, size=2, max_wait=5, max_waiting=1, in_memory=request.param, limits=limits, prefixes={}
    )
    assert pool.wait_until_ready(60)
    yield pool
    pool.close()


def ask_pool(pool: WorkerPool, query: str, seconds: float = 20) -> bytes:
    answer = pool.run(QueryRequest(query, "csv", "nt"), time.monotonic() + seconds)
    return b"".join(answer.chunks())


@pytest.mark.parametrize(
    ("query", "failure", "seconds"),
    [
        (CARTESIAN, QueryTimeoutError, 0.5),
        (SORTED, MemoryLimitError, 30),
        (PAIRS, ResultTooLargeError, 30),
        ("SELECT * { " + "VALUES ?x { 1 } " * 20_000 + "}", EngineCrashError, 30),
        ("ASK { ?s ?p '" + "x" * 900_000, QuerySyntaxError, 30),
    ],
    ids=["time", "memory", "size", "crash", "a megabyte that is no query"],
)
def test_a_query_at_a_limit_fails_and_the_next_ones_are_answered(
    pool: WorkerPool, query: str, failure: type[QueryError], seconds: float
) -> None:
    late = lateness(lambda: ask_pool(pool, "ASK {}"))
    started = time.monotonic()
    with pytest.raises(failure):
        ask_pool(pool, query, seconds)
    assert time.monotonic() - started < seconds + late
    for _ in range(4):
        assert int(ask_pool(pool, COUNT).split()[1]) > 20_000


def test_workers_that_are_killed_while_the_graph_is_being_loaded_are_replaced_at_once(release: Release) -> None:
    limits = Limits(memory=300 << 20, result=4 << 20)
    pool = WorkerPool(release, size=1, max_wait=5, max_waiting=1, in_memory=True, limits=limits, prefixes={})
    try:
        assert pool.wait_until_ready(60)
        # A worker is forked, beside the thread that loads the graph.
        late = lateness(lambda: ask_pool(pool, "ASK {}"), quiet=1)
        for _ in range(3):
            with pytest.raises(QueryTimeoutError):
                ask_pool(pool, CARTESIAN, 0.1)
            assert b"true" in ask_pool(pool, "ASK {}", late)
    finally:
        pool.close()


def test_a_killed_zygote_is_replaced(pool: WorkerPool) -> None:
    zygote = newest_zygote()
    # Its workers end with it, one of them perhaps only when it has a query already.
    killed = identify_all(family(zygote))
    os.kill(zygote, signal.SIGKILL)
    assert survivors(killed) == []
    for _ in range(4):
        assert ask_pool(pool, COUNT)


def test_a_large_answer_is_whole_and_lies_in_a_file_that_has_no_name(small_release: Release) -> None:
    limits = Limits(memory=300 << 20, result=100 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=5, max_waiting=1, in_memory=True, limits=limits, prefixes={})
    answer = pool.run(QueryRequest(PAIRS + " LIMIT 100000", "csv", "nt"), time.monotonic() + 30)
    assert not isinstance(answer.content, bytes)
    assert os.fstat(answer.content.fileno()).st_nlink == 0
    body = b"".join(answer.chunks())
    assert (len(body), answer.content.closed) == (answer.length, True)
    assert body.count(b"\r\n") == 100_001
    pool.close()


def test_workers_share_the_graph_and_differ_in_what_is_random(small_release: Release) -> None:
    limits = Limits(memory=300 << 20, result=1 << 20)
    pool = WorkerPool(small_release, size=2, max_wait=5, max_waiting=4, in_memory=True, limits=limits, prefixes={})
    seen = set()
    for _ in range(2):
        for _ in range(2):
            seen.add(ask_pool(pool, "SELECT (UUID() AS ?u) (RAND() AS ?r) {}"))
        with pytest.raises(QueryTimeoutError):
            ask_pool(pool, CARTESIAN, 0.2)
    assert len(seen) == 4
    pool.close()


def test_statuses_name_the_limit_and_how_to_narrow_the_query(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": ENDLESS, "timeout": 0.5})
    assert (answer.status_code, answer.get_json()["limitSeconds"]) == (504, 0.5)
    answer = client.get("/sparql", query_string={"query": SORTED, "timeout": 0.5})
    assert answer.status_code in (422, 504)
    for words in ("stopped", "LIMIT"):
        assert words in answer.get_json()["detail"]


def read_page(running: Running) -> None:
    with urllib.request.urlopen(running.address + "/page/natto") as page:
        page.read()


def bombarded(running: Running, seconds: float, limit: float, slowest_page: float) -> None:
    pid = running.process.pid
    read_page(running)
    late = lateness(lambda: read_page(running), quiet=slowest_page)
    before = sum(map(memory_mib, family(pid)))
    damage = throw(running.address, pid, seconds, limit)
    assert damage.wrong == []
    assert damage.answered >= 10
    assert damage.most_memory_mib < before + WORKERS * 300 + 100
    pages = sorted(damage.pages)
    # No page waits until a query is stopped.
    assert pages[int(len(pages) * 0.99) - 1] < min(late, limit)
    assert ask(running.address, COUNT) == 200
    assert sum(map(memory_mib, family(pid))) < before + 200
    # Each idle worker may hold one; a worker that is ending, and a response that has just been sent, for a moment.
    assert becomes_true(lambda: len(open_unnamed_files(pid)) <= WORKERS, timeout=5), open_unnamed_files(pid)
    members = identify_all(family(pid))
    running.end(signal.SIGTERM)
    assert survivors(members) == []


def open_unnamed_files(pid: int) -> list[tuple[bytes, str, int]]:
    """Files without a name that the processes hold, each with the command of its process, its path and its bytes."""
    links = [(process, link) for process in family(pid) for link in Path(f"/proc/{process}/fd").iterdir()]
    found = [(command(process), str(link.readlink()), link.stat().st_size) for process, link in links]
    return [file for file in found if file[1].startswith("/tmp/") and file[1].endswith("(deleted)")]


@pytest.mark.system
@pytest.mark.performance
@pytest.mark.parametrize("quads", [5_000_000, 0], ids=["in memory", "on disk"])
def test_bombs_do_no_damage(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path, quads: int
) -> None:
    small = {"query_timeout": 1, "query_memory_mib": 300, "query_result_mib": 16}
    bombarded(serve("--no-build", data_dir=small_data_dir, in_memory_quads=quads, **small), 4, 1, 0.5)


@pytest.mark.system
@pytest.mark.performance
@pytest.mark.parametrize(("quads", "seconds"), [(5_000_000, 60), (0, 20)], ids=["in memory", "on disk"])
def test_a_minute_of_bombs_does_no_damage(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path, quads: int, seconds: float
) -> None:
    small = {"query_timeout": 2, "query_memory_mib": 300, "query_result_mib": 16}
    bombarded(serve("--no-build", data_dir=small_data_dir, in_memory_quads=quads, **small), seconds, 2, 0.25)


def test_what_reads_from_disk_has_the_quicker_allocator(small_release: Release) -> None:
    limits = Limits(memory=300 << 20, result=1 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=5, max_waiting=1, in_memory=False, limits=limits, prefixes={})
    try:
        assert ask_pool(pool, COUNT)
        zygote = newest_zygote()
        assert "libmimalloc" in Path(f"/proc/{zygote}/maps").read_text()
    finally:
        pool.close()


@pytest.mark.parametrize("victim", ["supervisor", "serving process"])
def test_nothing_is_left_running_after_a_kill(
    serve: Callable[..., Running],
    small_release: Release,
    small_data_dir: Path,
    victim: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    running = serve("--no-build", data_dir=small_data_dir)
    assert list(tmp_path.iterdir())
    ask(running.address, "ASK {}")
    members = family(running.process.pid)
    known = identify_all(members)
    serving = next(pid for pid in members if any(b"zygote" in command(child) for child in children_of(pid)))
    zygotes = [pid for pid in members if b"zygote" in command(pid)]
    assert len(zygotes) >= 3
    os.kill(running.process.pid if victim == "supervisor" else serving, signal.SIGKILL)
    running.end(signal.SIGTERM)
    assert survivors(known) == []
    assert list(tmp_path.iterdir()) == []
