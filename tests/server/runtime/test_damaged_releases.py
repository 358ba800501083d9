"""Releases that cannot be read are reported, and never stop later ones from being served."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.release.release import Release, Releases
from tests.support.commands import vitk_here
from tests.support.servers import Running
from tests.support.waiting import wait_until

GOOD = "00000000000f"


def read(address: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


def copied(release: Release, data_dir: Path, release_id: str) -> Path:
    """A copy of a release under another id."""
    folder = data_dir / "releases" / release_id
    shutil.copytree(release.path, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"id": release_id}), "utf-8")
    return folder


def damage(folder: Path, kind: str) -> None:
    match kind:
        case "manifest":
            (folder / "manifest.json").write_text('{"id": ', "utf-8")
        case "counts":
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            del manifest["counts"]
            (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        case "no store":
            shutil.rmtree(folder / "store")
        case "store":
            (folder / "store" / "CURRENT").write_text("MANIFEST-999999\n", "utf-8")
        case "no index":
            (folder / "search.sqlite").unlink()
        case "index":
            (folder / "search.sqlite").write_bytes(b"no database" * 1000)


KINDS = ("manifest", "counts", "no store", "store", "no index", "index")


@pytest.fixture
def data_dir(small_release: Release, tmp_path: Path) -> Path:
    shutil.copytree(small_release.path, tmp_path / "releases" / small_release.id)
    (tmp_path / "current").write_text(small_release.id + "\n", "utf-8")
    return tmp_path


@pytest.mark.system
def test_a_server_survives_every_damaged_release_and_serves_the_next_good_one(
    serve: Callable[..., Running], small_release: Release, data_dir: Path
) -> None:
    running = serve("--no-build", data_dir=data_dir, in_memory_quads=0)
    (data_dir / "current").write_bytes(b"\xff")
    wait_until(lambda: "current can't be read" in running.output(), 20)
    for number, kind in enumerate(KINDS):
        release_id = f"{number:012x}"
        damage(copied(small_release, data_dir, release_id), kind)
        (data_dir / "current").write_text(release_id + "\n", "utf-8")
        wait_until(lambda: release_id in running.output(), 20)  # noqa: B023 - it is awaited here
        assert read(f"{running.address}/healthz") == (200, {"status": "ok", "release": small_release.id})
        status, problem = read(f"{running.address}/api/v1/search?q=natto&release={release_id}")
        assert (status, problem["title"]) == (503, "Release cannot be read"), kind
        assert problem["detail"], kind
    copied(small_release, data_dir, GOOD)
    (data_dir / "current").write_text(GOOD + "\n", "utf-8")
    wait_until(lambda: read(f"{running.address}/healthz")[1]["release"] == GOOD, 30)
    with urllib.request.urlopen(f"{running.address}/metrics", timeout=30) as metrics:
        line = next(
            line for line in metrics.read().decode().splitlines() if line.startswith("vitk_release_errors_total")
        )
    assert float(line.split()[-1]) >= len(KINDS)
    assert "Traceback" not in running.output()


@pytest.mark.parametrize("kind", ["manifest", "counts", "no store", "no index", "index", "pointer"])
def test_a_command_reports_a_damaged_release_in_a_sentence(small_release: Release, data_dir: Path, kind: str) -> None:
    if kind == "pointer":
        (data_dir / "current").write_bytes(b"\xff")
    else:
        damage(data_dir / "releases" / small_release.id, kind)
    done = vitk_here("serve", "--no-build", "--port", "0", data_dir=data_dir)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vitk: ")
    assert "vitk build" in done.stderr
    assert Releases(data_dir).folder.is_dir()
