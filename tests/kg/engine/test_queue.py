"""The queue of queries, without processes: order, lanes, expected waiting time, cancellation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from kg.engine.interface.base import QueryCancelledError, QueueFullError
from kg.engine.interface.cancellation import Cancellation
from kg.engine.interface.queue import QueryQueue
from tests.support.waiting import wait_until


def queue_of(workers: int, slots: int = 1, max_wait: float = 5, max_waiting: int = 9) -> QueryQueue[int]:
    queue = QueryQueue[int](slots, slots, max_wait, max_waiting)
    for worker in range(workers):
        queue.release(worker)
    return queue


def in_seconds(seconds: float) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(8)


def waiting(queue: QueryQueue[int], threads: ThreadPoolExecutor, *, is_long: bool = False) -> Future[int]:
    lane = queue.long if is_long else queue.quick
    before = len(lane.waiting)
    future = threads.submit(queue.acquire, lane, in_seconds(30), Cancellation())
    wait_until(lambda: len(lane.waiting) == before + 1)
    return future


def test_who_came_first_is_first(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(1)
    assert queue.acquire(queue.quick, in_seconds(1), Cancellation()) == 0
    first, second = waiting(queue, threads), waiting(queue, threads)
    for future, worker in ((first, 7), (second, 8)):
        queue.end(queue.quick, 0.0)
        queue.release(worker)
        assert future.result(5) == worker


def test_one_who_comes_does_not_overtake_one_who_waits(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(0)
    first = waiting(queue, threads)
    second = waiting(queue, threads)
    queue.release(1)
    assert first.result(5) == 1
    queue.end(queue.quick, 0.0)
    queue.release(2)
    assert second.result(5) == 2


def test_a_lane_runs_as_many_as_it_has_slots_and_the_other_goes_on(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(3)
    assert queue.acquire(queue.long, in_seconds(1), Cancellation()) == 2
    blocked = waiting(queue, threads, is_long=True)
    assert queue.acquire(queue.quick, in_seconds(1), Cancellation()) == 1
    assert vars(queue.state()) == {
        "workers": 2,
        "busy": 2,
        "long": 1,
        "queue_length": 1,
        "restarts": 0,
        "trouble": "",
    }
    assert not queue.promote()
    queue.end(queue.long, 1.0)
    assert blocked.result(5) == 0


def test_a_promoted_query_makes_room_for_a_quick_one(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(2)
    queue.acquire(queue.quick, in_seconds(1), Cancellation())
    next_one = waiting(queue, threads)
    assert queue.promote()
    assert next_one.result(5) == 0
    assert (queue.quick.running, queue.long.running) == (1, 1)


@pytest.mark.parametrize(
    ("slots", "seconds", "ahead", "deadline", "expected"),
    [
        (1, 0.0, 3, 60, None),
        (1, 1.0, 2, 60, None),
        (1, 1.0, 6, 60, 6.0),
        (2, 1.0, 6, 60, None),
        (2, 3.0, 4, 60, 6.0),
        # It would come too late, though others may wait longer.
        (1, 1.0, 3, 2, 3.0),
    ],
)
def test_a_query_that_would_wait_too_long_is_rejected(
    threads: ThreadPoolExecutor, slots: int, seconds: float, ahead: int, deadline: float, expected: float | None
) -> None:
    queue = queue_of(slots, slots)
    queue.acquire(queue.quick, in_seconds(1), Cancellation())
    queue.end(queue.quick, seconds)
    queue.release(99)
    for _ in range(slots):
        queue.acquire(queue.quick, in_seconds(1), Cancellation())
    others = [waiting(queue, threads) for _ in range(ahead - 1)]
    if expected is None:
        others.append(waiting(queue, threads))
    else:
        with pytest.raises(QueueFullError) as rejection:
            queue.acquire(queue.quick, in_seconds(deadline), Cancellation())
        assert rejection.value.wait == pytest.approx(expected)
    for _ in others:
        queue.end(queue.quick, 0.0)
        queue.release(1)
    for other in others:
        other.result(5)


def test_as_many_may_wait_as_there_are_threads_for_it(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(1, max_waiting=1)
    queue.acquire(queue.quick, in_seconds(1), Cancellation())
    other = waiting(queue, threads)
    with pytest.raises(QueueFullError):
        queue.acquire(queue.quick, in_seconds(1), Cancellation())
    queue.end(queue.quick, 0.0)
    queue.release(1)
    other.result(5)


def test_a_free_slot_whose_worker_is_being_started_rejects_nobody(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(1, max_wait=1, max_waiting=0)
    queue.acquire(queue.quick, in_seconds(1), Cancellation())
    queue.end(queue.quick, 60.0)
    soon = threads.submit(queue.acquire, queue.quick, in_seconds(30), Cancellation())
    wait_until(lambda: len(queue.quick.waiting) == 1)
    queue.release(5)
    assert soon.result(5) == 5


def test_whoever_waits_in_vain_leaves_the_queue(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(1)
    queue.acquire(queue.quick, in_seconds(1), Cancellation())
    with pytest.raises(TimeoutError):
        queue.acquire(queue.quick, in_seconds(0.2), Cancellation())
    stops: list[Callable[[], object]] = []
    cancellation = Cancellation(lambda stop: stops.append(stop) or stops.clear)  # type: ignore[func-returns-value]
    cancelled = threads.submit(queue.acquire, queue.quick, in_seconds(30), cancellation)
    wait_until(lambda: stops)
    stops[0]()
    with pytest.raises(QueryCancelledError):
        cancelled.result(5)
    assert queue.state().queue_length == 0


def test_a_worker_given_to_a_cancelled_query_goes_to_the_next(threads: ThreadPoolExecutor) -> None:
    queue = queue_of(1)
    queue.acquire(queue.quick, in_seconds(1), Cancellation())
    gives = threading.Event()

    def watch(stop: Callable[[], object]) -> Callable[[], object]:
        # The worker comes at the same time as the cancellation.
        queue.end(queue.quick, 0.0)
        queue.release(3)
        stop()
        gives.set()
        return lambda: None

    with pytest.raises(QueryCancelledError):
        queue.acquire(queue.quick, in_seconds(30), Cancellation(watch))
    assert gives.is_set()
    assert queue.acquire(queue.quick, in_seconds(1), Cancellation()) == 3


def test_a_cancellation_stops_what_runs_within_it_and_nothing_else() -> None:
    calls: list[str] = []
    stops: list[Callable[[], object]] = []
    ends: list[str] = []

    def watch(stop: Callable[[], object]) -> Callable[[], object]:
        stops.append(stop)
        return lambda: ends.append("end")

    cancellation = Cancellation(watch)
    with cancellation.calling(lambda: calls.append("first")):
        pass
    assert (calls, ends) == ([], ["end"])
    stops[0]()
    assert (calls, cancellation.is_set) == ([], True)
    with cancellation.calling(lambda: calls.append("second")):
        assert calls == ["second"]
    stops[1]()
    assert (calls, ends) == (["second"], ["end", "end"])
