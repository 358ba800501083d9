"""The queue in which queries wait for a worker or, with a remote endpoint, for a connection.

Nobody knows in advance how long a query takes. Each starts in the quick lane, in which none stays longer than
``QUANTUM``. One that takes longer goes on in the long lane if that has a free slot; otherwise it is stopped, waits for
the long lane and starts anew there. So quick queries never wait for long ones. This is TAGS, task assignment by
guessing size (M. Harchol-Balter, Task Assignment with Unknown Duration, ICDCS 2000).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from kg.engine.interface.base import EngineStatus, QueryCancelledError, QueueFullError, remaining
from kg.engine.interface.cancellation import Cancellation

Worker = TypeVar("Worker")

# Seconds of a processor, and seconds in all, that a query may use in the quick lane. On a loaded machine a quick query
# takes long and still uses little; one that waits for a disk or another endpoint uses little and holds a slot.
QUANTUM, MAX_QUANTUM = 0.05, 0.5
# Weight of the newest query in the mean time of a lane.
_WEIGHT = 0.1


class Lane(Generic[Worker]):
    """Queries of one kind: those that run and those that wait, the first come first.

    Args:
        slots: number of queries that may run at once.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.running = 0
        self.waiting: deque[_Waiter[Worker]] = deque()
        self._mean = 0.0

    def ended(self, seconds: float) -> None:
        """Records how long a query held its slot."""
        self.running -= 1
        self._mean += (_WEIGHT if self._mean else 1) * (seconds - self._mean)

    def excess(self) -> int:
        """How many queries more than there are slots there would be if one came now."""
        return max(0, self.running + len(self.waiting) + 1 - self.slots)

    def expected_wait(self) -> float:
        """Seconds that a query would probably wait that came now."""
        return self._mean * self.excess() / self.slots


class _Waiter(Generic[Worker]):
    """A query that waits for a worker, or for word that it need not."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self._woken = threading.Lock()
        self._woken.acquire()

    def wait(self, seconds: float) -> bool:
        """Waits up to ``seconds``; returns whether it was woken."""
        return self._woken.acquire(timeout=seconds)

    def wake(self) -> None:
        # It may have been woken before.
        with suppress(RuntimeError):
            self._woken.release()


class QueryQueue(Generic[Worker]):
    """The idle workers of a pool, preferred ones and then the last used first, and two lanes of queries.

    Args:
        slots: number of queries that may run at once in the quick lane.
        long_slots: the same, in the long lane.
        max_wait: seconds; a query that would probably wait longer is rejected.
        max_waiting: number of queries that may wait; each holds a thread of its caller.
    """

    def __init__(self, slots: int, long_slots: int, max_wait: float, max_waiting: int) -> None:
        self.quick, self.long = Lane[Worker](slots), Lane[Worker](long_slots)
        self._max_wait, self._max_waiting = max_wait, max_waiting
        self._idle: list[Worker] = []
        self._preferred: list[Worker] = []
        self._replaced = 0
        self._lock = threading.Lock()

    def acquire(self, lane: Lane[Worker], deadline: float, cancellation: Cancellation) -> Worker:
        """Returns a worker for one query, which counts as running until ``end``.

        Raises:
            QueueFullError: the query would probably wait for too long.
            QueryCancelledError: the query was cancelled while it waited.
            TimeoutError: no worker was free before the deadline.
        """
        if cancellation.is_set:
            raise QueryCancelledError
        with self._lock:
            if lane.running < lane.slots and not lane.waiting and (worker := self._pop()) is not None:
                lane.running += 1
                return worker
            self._check_wait(lane, deadline)
            waiter = _Waiter[Worker]()
            lane.waiting.append(waiter)
        if not waiter.wait(min(QUANTUM, remaining(deadline))):
            with cancellation.calling(waiter.wake):
                waiter.wait(remaining(deadline))
        with self._lock:
            if waiter.worker is None:
                lane.waiting.remove(waiter)
            elif cancellation.is_set:
                lane.running -= 1
                self._idle.append(waiter.worker)
                self._dispatch()
            else:
                return waiter.worker
        if cancellation.is_set:
            raise QueryCancelledError
        raise TimeoutError

    def promote(self) -> bool:
        """Moves a running query from the quick lane to the long one; returns whether that had a free slot."""
        with self._lock:
            if self.long.running >= self.long.slots or self.long.waiting:
                return False
            self.quick.ended(QUANTUM)
            self.long.running += 1
            self._dispatch()
            return True

    def end(self, lane: Lane[Worker], seconds: float) -> None:
        """Records that a query has finished that held its slot for some seconds."""
        with self._lock:
            lane.ended(seconds)
            self._dispatch()

    def release(self, worker: Worker, *, is_preferred: bool = False) -> None:
        """Returns a worker to the pool."""
        with self._lock:
            (self._preferred if is_preferred else self._idle).append(worker)
            self._dispatch()

    def pop(self) -> Worker | None:
        """Takes an idle worker out of the pool, to be ended; ``None`` if there is none."""
        with self._lock:
            return self._pop()

    def withdraw(self, is_unwanted: Callable[[Worker], bool]) -> list[Worker]:
        """Takes the idle workers that are unwanted out of the pool, to be ended."""
        with self._lock:
            unwanted = [worker for worker in (*self._preferred, *self._idle) if is_unwanted(worker)]
            self._preferred = [worker for worker in self._preferred if worker not in unwanted]
            self._idle = [worker for worker in self._idle if worker not in unwanted]
            return unwanted

    def count_restart(self) -> None:
        """Records that a worker was replaced."""
        with self._lock:
            self._replaced += 1

    def state(self) -> EngineStatus:
        """Returns the numbers of workers, of running and waiting queries, and of restarts."""
        lanes = (self.quick, self.long)
        return EngineStatus(
            sum(lane.slots for lane in lanes),
            sum(lane.running for lane in lanes),
            self.long.running,
            sum(len(lane.waiting) for lane in lanes),
            self._replaced,
        )

    def _check_wait(self, lane: Lane[Worker], deadline: float) -> None:
        wait = lane.expected_wait()
        is_full = len(self.quick.waiting) + len(self.long.waiting) >= self._max_waiting
        # With a free slot, it waits for a worker that is being started.
        if (is_full and lane.excess()) or wait > min(self._max_wait, remaining(deadline)):
            raise QueueFullError(wait)

    def _dispatch(self) -> None:
        """Gives idle workers to queries that wait."""
        for lane in (self.quick, self.long):
            while lane.waiting and lane.running < lane.slots and (worker := self._pop()) is not None:
                lane.running += 1
                waiter = lane.waiting.popleft()
                waiter.worker = worker
                waiter.wake()

    def _pop(self) -> Worker | None:
        workers = self._preferred or self._idle
        return workers.pop() if workers else None
