"""Whether inputs changed is judged from the state of files, and never wrongly "no"."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.build import unchanged
from kg.settings import Settings
from tests.support import minimal_curated

ID = "0123456789ab"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of folders whose files count as old."""
    monkeypatch.setattr(unchanged, "_NANOSECONDS_TO_SETTLE", 0)
    (tmp_path / "data" / "tables" / "mine").mkdir(parents=True)
    (tmp_path / "data" / "tables" / "mine" / "mapping.toml").write_text("x", "utf-8")
    (tmp_path / "data" / "graphs" / "0123").mkdir(parents=True)
    (tmp_path / "data" / "graphs" / "0123" / "graph.json").write_text("{}", "utf-8")
    return Settings(data_dir=tmp_path / "data", curated_dir=minimal_curated.write(tmp_path / "curated"))


def entities(settings: Settings) -> Path:
    return settings.curated_dir / "entities" / "entities.ttl"


def change_with_the_same_size_and_time(settings: Settings) -> None:
    path = entities(settings)
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("vitamin K1", "vitamin K9"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def forget_a_graph(settings: Settings) -> None:
    (settings.data_dir / "graphs" / "0123" / "graph.json").unlink()


def forget_a_table(settings: Settings) -> None:
    (settings.data_dir / "tables" / "mine" / "mapping.toml").unlink()


CHANGES: dict[str, Callable[[Settings], object]] = {
    "a file edited": lambda settings: entities(settings).write_text("edited", "utf-8"),
    "edited, with the same size and time": change_with_the_same_size_and_time,
    "a file added": lambda settings: entities(settings).with_name("more.ttl").write_text("", "utf-8"),
    "a file removed": lambda settings: entities(settings).unlink(),
    "a table forgotten": forget_a_table,
    "a graph forgotten": forget_a_graph,
    "what is remembered damaged": lambda settings: (settings.data_dir / "inputs.json").write_text("{", "utf-8"),
}


def test_nothing_is_known_before_it_was_remembered(settings: Settings) -> None:
    assert not unchanged.is_release_of(settings, ID)


def test_without_a_change_the_release_is_known_to_be_that_of_the_files(settings: Settings) -> None:
    unchanged.remember(settings, ID)
    assert unchanged.is_release_of(settings, ID)
    assert not unchanged.is_release_of(settings, "another")
    assert not unchanged.is_release_of(replace(settings, base_iri="https://example.org/k/"), ID)


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_nothing_is_known(change: str, settings: Settings) -> None:
    unchanged.remember(settings, ID)
    time.sleep(0.02)
    CHANGES[change](settings)
    assert not unchanged.is_release_of(settings, ID)


def test_files_that_changed_a_moment_ago_are_not_remembered(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged, "_NANOSECONDS_TO_SETTLE", 2_000_000_000)
    unchanged.remember(settings, ID)
    assert not unchanged.is_release_of(settings, ID)
