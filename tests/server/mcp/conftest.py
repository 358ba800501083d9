"""One ``vitk mcp`` process on the shared release for all tests of a module, and a client of the protocol."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from kg.release.release import Release
from tests.support.paths import ROOT, VITK
from tests.support.servers import vitk_environment
from tests.support.waiting import wait_until

Talk = Callable[[Callable[[Any], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def talk(data_dir: Path, release: Release) -> Iterator[Talk]:
    """Runs a conversation with one process that all tests share, and gives what it returns."""
    from mcp import Client, StdioServerParameters

    command = StdioServerParameters(
        command=VITK[0],
        args=[*VITK[1:], "mcp"],
        env=vitk_environment(data_dir=data_dir, query_timeout=5),
        cwd=ROOT,
    )
    loop = asyncio.new_event_loop()
    opened: Future[Any] = Future()
    ended = asyncio.Event()

    async def stay_open() -> None:
        async with Client(command) as client:
            opened.set_result(client)
            await ended.wait()

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    session = asyncio.run_coroutine_threadsafe(stay_open(), loop)
    wait_until(lambda: opened.done() or session.done(), 120)
    if not opened.done():
        session.result()

    def run(conversation: Callable[[Any], Awaitable[Any]]) -> Any:
        async def bounded() -> Any:
            return await asyncio.wait_for(conversation(opened.result()), 120)

        return asyncio.run_coroutine_threadsafe(bounded(), loop).result()

    yield run
    loop.call_soon_threadsafe(ended.set)
    session.result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def call(talk: Talk) -> Callable[..., list[Any]]:
    """The answers to several calls in one conversation."""

    def several(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
        async def conversation(client: Any) -> list[Any]:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

        return list(talk(conversation))

    return several


def content_of(answer: Any) -> dict[str, Any]:
    assert not answer.is_error, answer.content[0].text
    structured: dict[str, Any] = answer.structured_content
    assert json.loads(answer.content[0].text) == structured
    return structured
