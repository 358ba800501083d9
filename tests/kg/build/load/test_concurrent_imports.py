"""Imports, builds and removals at once: no table is lost, and whatever is served is registered."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.build.load import data_lock, imported_tables
from kg.build.load.mapping import TableMapping
from kg.build.pipeline import BuildResult
from kg.errors import VitkError
from kg.release.release import Releases
from tests.support import minimal_curated
from tests.support.paths import BASE
from tests.support.waiting import wait_until

MAPPING = """name = "NAME"
title = "A table"
[[tables]]
file = "table.csv"
key = ["code"]
[[tables.entities]]
about = "id:NAME-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = { text = "name", language = "en" }
"""


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return minimal_curated.write(tmp_path_factory.mktemp("at-once") / "curated")


class Meanwhile(pipeline.ProgressListener):
    """Does something in another thread while a build reads, and goes on once that waits for the build."""

    def __init__(self, work: Callable[[], object], is_waiting: Callable[[], bool]) -> None:
        self._is_waiting = is_waiting
        self.errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(work,))

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except VitkError as error:
            self.errors.append(error)

    def started(self, stage: str) -> None:
        if stage == "read":
            self._thread.start()
            wait_until(self._is_waiting)

    def finish(self) -> None:
        self._thread.join()
        assert self.errors == []


def stage(data: Path, name: str, label: str) -> contextlib.AbstractContextManager[TableMapping]:
    """Stages a table of one food."""
    given = data.parent / f"given-{name}-{label}"
    given.mkdir()
    (given / "mapping.toml").write_text(MAPPING.replace("NAME", name), "utf-8")
    (given / "table.csv").write_text(f"code,name\n1,{label}\n", "utf-8")
    return imported_tables.stage_import(data, given / "mapping.toml", given / "table.csv")


def bring(
    curated: Path, data: Path, name: str, label: str, watcher: pipeline.ProgressListener | None = None
) -> BuildResult:
    """Imports a table of one food as ``vitk import`` does."""
    with stage(data, name, label) as importing:
        return pipeline.build(curated, data, BASE, watcher, proof=False, importing=importing)


def names(data: Path) -> list[str]:
    return [mapping.name for mapping in imported_tables.imported_mappings(data)]


def served(data: Path) -> list[str]:
    """The names of the tables in the release that is served."""
    release = Releases(data).current()
    assert release
    return [table.name for table in release.manifest.tables]


def staged(data: Path, count: int) -> Callable[[], bool]:
    """Whether so many imports have copied their tables, and so wait or build."""
    return lambda: len(list((data / "tables").glob(".importing-*/table.csv"))) == count


@pytest.mark.system
def test_two_imports_at_once_both_count(curated: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    meanwhile = Meanwhile(lambda: bring(curated, data, "two", "B"), staged(data, 2))
    bring(curated, data, "one", "A", meanwhile)
    meanwhile.finish()
    assert names(data) == served(data) == ["one", "two"]
    assert sorted(path.name for path in (data / "tables").iterdir()) == ["one", "two"]


def test_of_two_imports_of_one_name_the_later_counts(curated: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    meanwhile = Meanwhile(lambda: bring(curated, data, "one", "B"), staged(data, 2))
    bring(curated, data, "one", "A", meanwhile)
    meanwhile.finish()
    assert names(data) == served(data) == ["one"]
    assert (data / "tables" / "one" / "table.csv").read_text("utf-8").endswith("1,B\n")
    assert pipeline.build(curated, data, BASE, proof=False).release.id == (data / "current").read_text("utf-8").strip()


def test_a_table_is_forgotten_after_the_import_under_way(curated: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    has_started = threading.Event()

    def forget() -> None:
        has_started.set()
        imported_tables.remove(data, "one")

    meanwhile = Meanwhile(forget, has_started.is_set)
    bring(curated, data, "one", "A", meanwhile)
    meanwhile.finish()
    assert names(data) == []
    assert served(data) == ["one"], "until the next build"


def test_a_table_whose_release_is_not_published_is_not_registered(tmp_path: Path) -> None:
    data, former = tmp_path / "data", tmp_path / "data" / "tables" / "one"
    former.mkdir(parents=True)
    (former / "table.csv").write_text("code,name\n1,A\n", "utf-8")

    def fail(importing: TableMapping) -> None:
        with imported_tables.installed(data, importing):
            assert (former / "table.csv").read_text("utf-8").endswith("1,B\n")
            raise OSError(28, "No space left on device")

    with stage(data, "one", "B") as importing, pytest.raises(OSError, match="No space left"):
        fail(importing)
    assert [path.name for path in (data / "tables").iterdir()] == ["one"]
    assert (former / "table.csv").read_text("utf-8").endswith("1,A\n")


def test_what_killed_imports_left_is_completed_or_removed(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    for name in (".former-one", "two", ".former-two", ".importing-three-x", ".importing-four-x", ".importing-five-x"):
        (tables / name).mkdir(parents=True)
    an_hour_ago = time.time() - 3600
    for name in (".importing-three-x", ".importing-four-x"):
        os.utime(tables / name, (an_hour_ago, an_hour_ago))
    lock = os.open(tables / ".importing-four-x", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    imported_tables.recover(tmp_path)
    os.close(lock)
    assert sorted(path.name for path in tables.iterdir()) == [".importing-five-x", ".importing-four-x", "one", "two"]


def test_a_table_is_imported_from_a_pipe(curated: Path, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING.replace("NAME", "one"), "utf-8")
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("code,name\n1,A\n", "utf-8"))
    writer.start()
    with imported_tables.stage_import(tmp_path / "data", tmp_path / "mapping.toml", pipe) as importing:
        assert (importing.path.parent / "table.csv").read_text("utf-8") == "code,name\n1,A\n"
    writer.join()
    assert list((tmp_path / "data" / "tables").iterdir()) == []


def test_a_build_that_starts_while_a_table_is_replaced_waits_for_it(curated: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    bring(curated, data, "one", "A")
    table, hidden = data / "tables" / "one" / "table.csv", data / "tables" / "one" / "hidden"
    built: list[BuildResult] = []
    building = threading.Thread(target=lambda: built.append(pipeline.build(curated, data, BASE, proof=False)))
    with data_lock.locked(data):
        table.rename(hidden)
        building.start()
        building.join(0.5)
        hidden.rename(table)
    building.join()
    assert [one.release.id for one in built] == [(data / "current").read_text("utf-8").strip()]
