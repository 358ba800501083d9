"""Threads that answer stay on one processor, save while the engine works for them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from server.middleware.cpu_affinity import CpuAffinity, CpuAffinityMiddleware


def in_a_thread(do: Callable[[], object]) -> None:
    """Runs it in a thread of its own, whose place nobody else keeps."""
    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


def test_a_request_thread_stays_on_its_core_and_its_engine_goes_anywhere() -> None:
    seen: list[set[int]] = []
    processors = CpuAffinity()

    def application(environ: dict[str, Any], start_response: object) -> Iterable[bytes]:
        seen.append(os.sched_getaffinity(0))
        with processors.unpinned():
            seen.append(os.sched_getaffinity(0))
        seen.append(os.sched_getaffinity(0))
        return []

    in_a_thread(lambda: CpuAffinityMiddleware(application, processors)({}, print))
    home, engine, after = seen
    assert (len(home), engine, after) == (1, os.sched_getaffinity(0), home)


def test_a_thread_beside_requests_goes_anywhere() -> None:
    seen: list[set[int]] = []
    processors = CpuAffinity()

    def look() -> None:
        with processors.unpinned():
            seen.append(os.sched_getaffinity(0))

    in_a_thread(look)
    assert seen == [os.sched_getaffinity(0)]


def test_where_the_system_forbids_it_requests_are_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, processors: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    processors, answers = CpuAffinity(), list[Iterable[bytes]]()

    def application(environ: dict[str, Any], start_response: object) -> Iterable[bytes]:
        with processors.unpinned():
            return [b"answered"]

    in_a_thread(lambda: answers.append(CpuAffinityMiddleware(application, processors)({}, print)))
    assert answers == [[b"answered"]]
