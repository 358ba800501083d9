"""Builds that cannot go on, or are ended from outside, report it in a sentence and leave nothing behind."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from kg.release.release import Releases
from tests.support import minimal_curated
from tests.support.paths import ROOT, VITK
from tests.support.processes import with_environment
from tests.support.servers import vitk_environment
from tests.support.waiting import becomes_true, wait_until


def build(data: Path, curated: Path, *flags: str, file_size: int = 0) -> subprocess.Popen[str]:
    def limit() -> None:
        if file_size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    return subprocess.Popen(
        [*VITK, "build", *flags],
        cwd=ROOT,
        env=vitk_environment(data_dir=data, curated_dir=curated) | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with curated files and the release that was built of them."""
    folder = tmp_path_factory.mktemp("built")
    first = build(folder / "data", minimal_curated.write(folder / "curated"), "--no-proof")
    assert first.communicate(timeout=120)[1] == ""
    return folder


@pytest.mark.system
@pytest.mark.parametrize("file_size", [10, 3_000, 20_000, 60_000])
def test_a_full_disk_is_reported_and_nothing_stays(built: Path, tmp_path: Path, file_size: int) -> None:
    """A limit on the size of files stands for a small disk: writes fail in the engine, in SQLite and in Python."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    curated, data = tmp_path / "curated", tmp_path / "data"
    (before,) = Releases(data).all()
    path = curated / "entities" / "entities.ttl"
    path.write_text(path.read_text("utf-8") + "\n# another input\n", "utf-8")
    failing = build(data, curated, "--no-proof", file_size=file_size)
    _, errors = failing.communicate(timeout=120)
    assert failing.returncode == 1
    assert errors.startswith("vitk: The build stopped: ")
    assert "Traceback" not in errors
    assert [path.name for path in (data / "releases").iterdir()] == [before.id]
    assert Releases(data).require_current().id == before.id


@pytest.mark.system
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("child", ["owl_consistency", "HermiT.cli"])
def test_no_child_of_a_proof_survives_the_build(tmp_path: Path, number: signal.Signals, child: str) -> None:
    curated, data = minimal_curated.write(tmp_path / "curated"), tmp_path / "data"
    if child == "HermiT.cli":
        # It explains a contradiction.
        text = "@prefix vitk: <ontology#> .\n@prefix id: <id/> .\nid:vitamin-k-cycle a vitk:Vitamin .\n"
        (curated / "entities" / "contradiction.ttl").write_text(text, "utf-8")
    mark = f"VITK_DATA_DIR={data}"
    building = build(data, curated)
    try:
        wait_until(lambda: any(child in command for command in with_environment(mark)), 60)
        building.send_signal(number)
        building.communicate(timeout=60)
        assert becomes_true(lambda: not with_environment(mark), 5), with_environment(mark)
    finally:
        building.kill()
        building.communicate()
