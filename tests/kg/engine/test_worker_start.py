"""Workers that cannot be started: whoever waits for them learns why, and soon."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.engine.factory import engine_for, wait_for_workers
from kg.engine.workers import supervisor
from kg.engine.workers.handles import ZygoteHandle
from kg.errors import VitkError
from kg.release.release import Release
from kg.settings import Settings
from tests.support.waiting import wait_until


def test_the_reason_is_reported_at_once(
    small_release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orjson.py").write_text("raise ImportError('this is not orjson')", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    settings = Settings(in_memory_quads=0)
    engine = engine_for(settings, small_release)
    started = time.monotonic()
    try:
        with pytest.raises(VitkError, match=r"Query workers cannot be started: ImportError: this is not orjson\."):
            wait_for_workers(engine, settings)
        assert not engine.wait_until_ready(0)
        assert "this is not orjson" in engine.state().trouble
        assert time.monotonic() - started < 30
        # Attempts go on, and the first good one ends the trouble.
        (tmp_path / "orjson.py").unlink()
        deadline = time.monotonic() + 30
        while not engine.wait_until_ready(0) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert engine.state().trouble == ""
    finally:
        engine.close()
    assert capsys.readouterr().err.count("this is not orjson") == 1


def test_foreign_modules_in_the_working_directory_are_not_imported(
    small_release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("kg", "orjson"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('the wrong module')", "utf-8")
    monkeypatch.chdir(tmp_path)
    settings = Settings(in_memory_quads=0)
    engine = engine_for(settings, small_release)
    try:
        wait_for_workers(engine, settings)
    finally:
        engine.close()


def test_each_attempt_to_load_the_graph_waits_longer_than_the_one_before(
    small_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = list[float]()

    class WithoutMemory(ZygoteHandle):
        """A zygote with the graph that dies as soon as it has started."""

        def __init__(self, configuration: dict[str, Any]) -> None:
            super().__init__(configuration)
            if configuration["in_memory"]:
                attempts.append(time.monotonic())
                self._process.kill()

    monkeypatch.setattr(supervisor, "ZygoteHandle", WithoutMemory)
    monkeypatch.setattr(supervisor, "_MIN_PAUSE", 0.1)
    settings = Settings()
    engine = engine_for(settings, small_release)
    try:
        wait_until(lambda: len(attempts) == 5)
        # Workers read from disk meanwhile.
        wait_for_workers(engine, settings)
        assert not engine.state().in_memory
    finally:
        engine.close()
    pauses = [later - earlier for earlier, later in pairwise(attempts)]
    assert [pause >= least for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.8), strict=True)] == [True] * 4
