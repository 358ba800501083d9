"""Pages and API begin on disk and move to memory: the same answers, sooner."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2 import DictLoader, Environment

from kg.engine.embedded import loader
from kg.engine.factory import engine_for
from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from server.app import create_app
from server.runtime.warmup import BackgroundWarmup
from tests.support.servers import Running
from tests.support.waiting import wait_until

PATHS = [
    *("/page/vitamin-k2", "/page/natto", "/page/claim-f034-1", "/page/coronary-heart-disease", "/page/warfarin"),
    *("/page/study-knapen-2015", "/page/section-anticoagulants", "/page/adults", "/page/osteocalcin", "/flaws"),
    *("/contradictions", "/claims", "/foods?form=vitamin-k", "/article-and-tables", "/ontology/Claim", "/methods"),
    *("/data/natto.nt", "/data/claim-f034-1.nt", "/api/v1/entities/vitamin-k2", "/api/v1/claims?limit=1000"),
    *("/api/v1/foods?form=vitamin-k&limit=1000", "/api/v1/path?from=natto&to=osteocalcin"),
]


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read(), "utf-8")


@pytest.fixture(scope="module")
def clients(small_release: Release) -> Iterator[list[FlaskClient]]:
    """One that is answered from disk and one that is answered from memory."""
    on_disk, in_memory = Reader(small_release), Reader(small_release)
    in_memory.move_to_memory()
    settings = Settings(page_budget_ms=60_000)
    engine = engine_for(settings, on_disk.release)
    yield [create_app(settings, reader, engine).test_client() for reader in (on_disk, in_memory)]
    engine.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_the_same_from_disk_and_from_memory(clients: list[FlaskClient], path: str) -> None:
    from_disk, from_memory = (client.get(path) for client in clients)
    assert from_disk.status_code == 200
    if path.endswith(".nt"):
        assert sorted(from_disk.text.splitlines()) == sorted(from_memory.text.splitlines())
    else:
        assert from_disk.text == from_memory.text


def test_a_server_moves_to_memory_while_it_answers(
    serve: Callable[..., Running], small_data_dir: Path, small_release: Release
) -> None:
    server = serve("--no-build", data_dir=small_data_dir)

    def is_in_memory() -> bool:
        assert small_release.id in read(f"{server.address}/page/natto")
        return "vitk_store_in_memory 1" in read(f"{server.address}/metrics")

    wait_until(is_in_memory, 60)
    assert small_release.id in read(f"{server.address}/page/natto?from=memory")


def test_a_graph_too_large_for_memory_stays_on_disk(
    serve: Callable[..., Running], small_data_dir: Path, small_release: Release
) -> None:
    large, small = (serve("--no-build", data_dir=small_data_dir, in_memory_quads=quads) for quads in (1000, 5_000_000))
    # The one that started later has loaded the graph: the other one had the time.
    wait_until(lambda: "vitk_store_in_memory 1" in read(f"{small.address}/metrics"), 60)
    assert "vitk_store_in_memory 0" in read(f"{large.address}/metrics")


class ObservedReader(Reader):
    """A reader that notes when it begins to move to memory, and whether that was cancelled."""

    has_begun = was_cancelled = False

    def move_to_memory(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self.has_begun = True
        try:
            super().move_to_memory(is_wanted)
        except loader.LoadCancelledError:
            self.was_cancelled = True
            raise


def test_a_warmup_that_is_stopped_is_cancelled_and_the_reader_goes_on_from_disk(release: Release) -> None:
    reader = ObservedReader(release)
    engine = engine_for(Settings(in_memory_quads=0), reader.release)
    try:
        loading = BackgroundWarmup(Environment(loader=DictLoader({})), reader, engine, to_memory=True)
        wait_until(lambda: reader.has_begun, 60)
        loading.stop()
    finally:
        engine.close()
    assert reader.was_cancelled
    assert not reader.is_in_memory
    assert reader.exists(reader.vocabulary.entity_iri("natto"))


def test_templates_are_compiled_before_a_page_asks_for_them(small_release: Release) -> None:
    reader = Reader(small_release)
    engine = engine_for(Settings(in_memory_quads=0), reader.release)
    try:
        app = create_app(Settings(), reader, engine)
        templates = app.jinja_env
        loading = BackgroundWarmup(templates, reader, engine, to_memory=False)
        wait_until(lambda: len(templates.cache or ()) >= len(templates.list_templates()), 60)
        loading.stop()
    finally:
        engine.close()
    assert not reader.is_in_memory


def test_a_dump_that_is_no_longer_wanted_is_not_read_to_its_end(small_release: Release) -> None:
    reads: list[None] = []

    def is_wanted() -> bool:
        reads.append(None)
        return len(reads) < 10

    with pytest.raises(loader.LoadCancelledError):
        loader.load(small_release.dump, is_wanted)
    assert len(reads) == 10
