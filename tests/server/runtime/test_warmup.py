"""What goes on beside the first requests: templates are compiled, query workers load the graph."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from pathlib import Path

from kg.engine.factory import engine_for
from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from server.app import create_app
from server.runtime.warmup import BackgroundWarmup
from tests.support.servers import Running
from tests.support.waiting import wait_until


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read(), "utf-8")


def test_a_server_answers_while_its_query_workers_load_the_graph(
    serve: Callable[..., Running], small_data_dir: Path, small_release: Release
) -> None:
    server = serve("--no-build", data_dir=small_data_dir)

    def is_in_memory() -> bool:
        assert small_release.id in read(f"{server.address}/page/natto")
        assert "true" in read(f"{server.address}/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
        return "vitk_store_in_memory 1" in read(f"{server.address}/metrics")

    wait_until(is_in_memory, 60)
    assert "true" in read(f"{server.address}/sparql?query=ASK%7B%3Fs%20%3Fq%20%3Fo%7D")


def test_a_graph_too_large_for_memory_stays_on_disk(
    serve: Callable[..., Running], small_data_dir: Path, small_release: Release
) -> None:
    large, small = (serve("--no-build", data_dir=small_data_dir, in_memory_quads=quads) for quads in (1000, 5_000_000))
    # The one that started later has loaded the graph: the other one had the time.
    wait_until(lambda: "vitk_store_in_memory 1" in read(f"{small.address}/metrics"), 60)
    assert "vitk_store_in_memory 0" in read(f"{large.address}/metrics")


def test_templates_are_compiled_before_a_page_asks_for_them(small_release: Release) -> None:
    reader = Reader(small_release)
    engine = engine_for(Settings(in_memory_quads=0), reader.release)
    try:
        templates = create_app(Settings(), reader, engine).jinja_env
        warmup = BackgroundWarmup(templates, engine)
        wait_until(lambda: len(templates.cache or ()) >= len(templates.list_templates()), 60)
        warmup.stop()
    finally:
        engine.close()
