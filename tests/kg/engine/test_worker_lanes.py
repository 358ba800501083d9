"""The two lanes of the worker pool: quick queries beside long ones, queries that wait too long, cancelled queries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from kg.engine.interface.base import (
    QueryCancelledError,
    QueryError,
    QueryRequest,
    QueryTimeoutError,
    QueueFullError,
)
from kg.engine.interface.cancellation import Cancellation
from kg.engine.workers.pool import WorkerPool
from kg.engine.workers.worker import Limits
from kg.release.release import Release
from tests.support.waiting import lateness, seconds_of, wait_until

CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Far less than the quantum of the quick lane, whatever the size of the release.
QUICK = "SELECT * { ?s ?p ?o } LIMIT 9"


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


def run_in_threads(pool: WorkerPool, seconds: list[float]) -> tuple[list[threading.Thread], list[type[QueryError]]]:
    """Starts a long query with each of these time limits; the list gets what they raise."""
    outcomes: list[type[QueryError]] = []

    def run(limit: float) -> None:
        try:
            ask_pool(pool, CARTESIAN, limit)
        except QueryError as failure:
            outcomes.append(type(failure))

    threads = [threading.Thread(target=run, args=(limit,)) for limit in seconds]
    for thread in threads:
        thread.start()
    return threads, outcomes


@pytest.mark.system
def test_quick_queries_do_not_wait_for_long_ones_whose_time_runs_from_their_arrival(pool: WorkerPool) -> None:
    late = lateness(lambda: ask_pool(pool, QUICK), quiet=1)
    # Two run, and one waits for them.
    threads, outcomes = run_in_threads(pool, [6.0, 6.0])
    wait_until(lambda: pool.state().long == 2)
    waiting, outcomes_of_waiting = run_in_threads(pool, [3.0])
    wait_until(lambda: pool.state().queue_length == 1 and pool.state().busy == 2)
    assert seconds_of(lambda: ask_pool(pool, QUICK)) < late
    for thread in waiting:
        thread.join()
    assert (outcomes, outcomes_of_waiting) == ([], [QueryTimeoutError])
    for thread in threads:
        thread.join()
    assert outcomes == [QueryTimeoutError] * 2
    assert ask_pool(pool, QUICK)


@pytest.mark.system
def test_a_long_query_whose_turn_would_come_too_late_is_rejected(small_release: Release) -> None:
    limits = Limits(memory=300 << 20, result=1 << 20)
    pool = WorkerPool(small_release, size=1, max_wait=2, max_waiting=8, in_memory=False, limits=limits, prefixes={})
    try:
        # How long queries take is known from the first one.
        for thread in run_in_threads(pool, [3.0])[0]:
            thread.join()
        threads, outcomes = run_in_threads(pool, [3.0])
        wait_until(lambda: pool.state().long == 1)
        with pytest.raises(QueueFullError) as rejection:
            ask_pool(pool, CARTESIAN, 60)
        assert 2 < rejection.value.wait < 4
        # Quick ones are not rejected.
        assert ask_pool(pool, QUICK)
        assert outcomes == []
        for thread in threads:
            thread.join()
    finally:
        pool.close()


class Client:
    """Runs a long query in a thread until it leaves.

    Attributes:
        is_watched: whether the engine watches if the client leaves.
        raised: what the query raised.
    """

    def __init__(self, pool: WorkerPool) -> None:
        self._stops: list[Callable[[], object]] = []
        self.raised: list[type[QueryError]] = []
        self._thread = threading.Thread(target=self._run, args=(pool, Cancellation(self._watch)))
        self._thread.start()

    @property
    def is_watched(self) -> bool:
        return bool(self._stops)

    def leave(self) -> None:
        """Leaves, and waits until the engine has noticed."""
        self._stops[0]()
        self._thread.join()

    def _watch(self, stop: Callable[[], object]) -> Callable[[], object]:
        self._stops.append(stop)
        return self._stops.clear

    def _run(self, pool: WorkerPool, cancellation: Cancellation) -> None:
        try:
            pool.run(QueryRequest(CARTESIAN, "json", None), time.monotonic() + 120, cancellation)
        except QueryError as failure:
            self.raised.append(type(failure))


@pytest.mark.parametrize("running", [0, 2], ids=["running", "waiting"])
def test_a_cancelled_query_is_stopped_at_once(pool: WorkerPool, running: int) -> None:
    late = lateness(lambda: ask_pool(pool, QUICK), quiet=1)
    others = [Client(pool) for _ in range(running)]
    wait_until(lambda: pool.state().long == running)
    client = Client(pool)
    wait_until(lambda: (pool.state().long, pool.state().queue_length) == ((2, 1) if running else (1, 0)))
    wait_until(lambda: client.is_watched)
    assert seconds_of(client.leave) < late
    assert (client.raised, client.is_watched) == ([QueryCancelledError], False)
    assert (pool.state().busy, pool.state().queue_length) == (running, 0)
    for other in others:
        other.leave()
    assert pool.state().busy == 0
