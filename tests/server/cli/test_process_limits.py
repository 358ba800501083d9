"""Limits of the shell under which libraries abort: one sentence says so beforehand."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest

from server.cli.process_limits import FEWEST_FILES, LEAST_ADDRESSES, problem
from tests.support.paths import ROOT, VITK
from tests.support.servers import vitk_environment


@pytest.mark.parametrize(
    ("files", "addresses", "expected"),
    [
        (FEWEST_FILES, LEAST_ADDRESSES, ""),
        (64, 1 << 62, "ulimit -n 128"),
        (0, 0, "ulimit -n 128"),
        (1024, 512_000 << 10, "may have 500 MiB of addresses"),
    ],
)
def test_a_limit_that_is_too_low_is_named_with_its_remedy(files: int, addresses: int, expected: str) -> None:
    said = problem(files, addresses)
    assert expected in said if expected else said == ""


@pytest.mark.parametrize(
    ("kind", "limit", "status"),
    [
        (resource.RLIMIT_NOFILE, (64, 64), 1),
        (resource.RLIMIT_NOFILE, (64, 512), 0),
        (resource.RLIMIT_AS, (400 << 20, 400 << 20), 1),
    ],
)
def test_a_command_runs_or_says_what_is_missing(kind: int, limit: tuple[int, int], status: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [*VITK, "releases", "--data-dir", str(tmp_path)],
        cwd=ROOT,
        env=vitk_environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(kind, limit),
    )
    assert (done.returncode, done.stderr.count("\n")) == (status, status), done.stderr
    assert not status or done.stderr.startswith("vitk: ")


def test_a_current_folder_that_was_deleted_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        [*VITK, "releases", "--data-dir", str(tmp_path)],
        cwd=gone,
        env={**vitk_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        preexec_fn=gone.rmdir,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "vitk: The current folder does not exist any more. Change to another one.\n",
    )
