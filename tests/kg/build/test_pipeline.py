"""Building a release: what stops it, what it survives, what it leaves alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.errors import CuratedFileError, VitkError
from kg.release.release import MANIFEST, Release, Releases
from tests.support import minimal_curated
from tests.support.paths import BASE, CURATED, ROOT
from tests.support.servers import vitk_environment

BUILD = """
import os, signal, sys
from pathlib import Path
from kg.build import pipeline

class Stopping(pipeline.ProgressListener):
    def started(self, stage):
        print(stage, flush=True)
        os.kill(os.getpid(), signal.SIGSTOP)

pipeline.build(Path(sys.argv[1]), Path(sys.argv[2]), "https://w3id.org/vitk/", Stopping(), proof=False)
"""


@contextlib.contextmanager
def stopping_at_every_stage(curated: Path, data: Path) -> Iterator[subprocess.Popen[str]]:
    """A build that stops before each stage, whose name it prints, until it gets a line; killed at the end."""
    command = [sys.executable, "-c", BUILD, str(curated), str(data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as build:
        try:
            yield build
        finally:
            build.kill()


def at_its_stages(build: subprocess.Popen[str]) -> Iterator[str]:
    """The stages of the build, which stands still at each and goes on with the next one."""
    assert build.stdout
    for line in build.stdout:
        os.waitid(os.P_PID, build.pid, os.WSTOPPED | os.WNOWAIT)
        yield line.strip()
        build.send_signal(signal.SIGCONT)


@pytest.fixture
def curated(tmp_path: Path) -> Path:
    """Curated files that a test may break."""
    return minimal_curated.write(tmp_path / "curated")


def a_small_change(curated: Path) -> None:
    path = curated / "entities" / "entities.ttl"
    path.write_text(path.read_text("utf-8") + "\n# a comment is an input too\n", "utf-8")


def test_same_inputs_give_the_same_release_and_nothing_is_done_twice(release: Release, data_dir: Path) -> None:
    class Unwanted(pipeline.ProgressListener):
        def started(self, stage: str) -> None:
            raise AssertionError(stage)

    again = pipeline.build(CURATED, data_dir, BASE, Unwanted(), proof=release.manifest.inputs.proof)
    assert not again.is_new
    assert again.release.id == release.id


def test_another_base_gives_another_release_with_other_iris(tmp_path: Path, curated: Path) -> None:
    first = pipeline.build(curated, tmp_path, BASE, proof=False).release
    other = pipeline.build(curated, tmp_path, "https://example.org/k/", proof=False).release
    assert other.id != first.id
    assert {count.iri.split("/graph/")[0] for count in other.manifest.counts.graphs} == {"https://example.org/k"}


@pytest.mark.system
def test_a_build_killed_at_any_stage_leaves_the_former_release_serving_and_the_next_one_clears_up(
    tmp_path: Path, curated: Path
) -> None:
    data = tmp_path / "data"
    releases = Releases(data)
    release = pipeline.build(curated, data, BASE, proof=False).release
    a_small_change(curated)
    seen = []
    with stopping_at_every_stage(curated, data) as build:
        for stage in at_its_stages(build):
            seen.append(stage)
            # What is on disk while the process stands still is what a kill would leave there.
            serving = releases.current()
            assert serving is not None
            assert serving.id == release.id
            assert [known.id for known in releases.all()] == [release.id]
            if stage == pipeline.STAGES[-1]:
                break
    assert build.returncode == -signal.SIGKILL
    assert seen == list(pipeline.STAGES)
    assert list(releases.folder.glob(".building-*"))
    built = pipeline.build(curated, data, BASE, proof=False)
    assert built.is_new
    assert {path.name for path in releases.folder.iterdir()} == {release.id, built.release.id}


def test_two_builds_at_once_give_one_release(tmp_path: Path, curated: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from server.cli.main import main; main()",
        "build",
        "--no-proof",
        "--data-dir",
        str(tmp_path / "data"),
        "--curated-dir",
        str(curated),
    ]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=vitk_environment()) for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Nothing to do" in output for output in outputs) == 1
    assert len(Releases(tmp_path / "data").all()) == 1


def test_the_newest_three_are_retained_and_the_current_one_always(tmp_path: Path, curated: Path) -> None:
    release = pipeline.build(curated, tmp_path / "one", BASE, proof=False).release
    releases = Releases(tmp_path / "many")
    for number in range(5):
        folder = releases.folder / f"{number:012d}"
        shutil.copytree(release.path, folder)
        run = replace(release.manifest.build, started=f"2026-01-0{number + 1}T00:00:00+00:00")
        manifest = replace(release.manifest, id=folder.name, build=run)
        (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    releases.pointer.write_text("000000000000\n", "utf-8")
    assert {gone.id for gone in releases.prune()} == {"000000000001"}
    assert {retained.id for retained in releases.all()} == {
        "000000000000",
        "000000000002",
        "000000000003",
        "000000000004",
    }


def test_a_file_that_is_not_utf8_is_reported_with_its_line(curated: Path, tmp_path: Path) -> None:
    path = curated / "entities" / "latin.ttl"
    path.write_bytes("# one\n# µ\n".encode("latin-1"))
    with pytest.raises(CuratedFileError, match=r"latin\.ttl:2: not UTF-8"):
        pipeline.build(curated, tmp_path / "data", BASE, proof=False)


def test_a_folder_without_curated_files_is_reported(tmp_path: Path) -> None:
    with pytest.raises(VitkError, match="contains no curated files"):
        pipeline.build(tmp_path, tmp_path / "data", BASE, proof=False)
