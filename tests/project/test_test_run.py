"""How the tests themselves run: on how many processes, in which order, from which release."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.support.committed import committed_files
from tests.support.paths import ROOT
from tests.support.ports import reserved_port
from tests.support.processes import identify, survivors
from tests.support.session import parallel, release_cache

DEFAULTS: dict[str, object] = {
    **dict.fromkeys(("numprocesses", "tx", "distload", "keyword", "lf", "usepdb", "trace", "collectonly", "stepwise")),
    "dist": "no",
    "capture": "fd",
    "markexpr": "not system",
}


def options(**changed: object) -> argparse.Namespace:
    return argparse.Namespace(**{**DEFAULTS, **changed})


@pytest.mark.parametrize(("cores", "processes"), [(1, 0), (2, 2), (8, 8), (64, parallel.MAX_PROCESSES)])
def test_a_run_of_everything_uses_the_cores_that_there_are(cores: int, processes: int) -> None:
    assert parallel.process_count(options(), has_paths=False, cores=cores) == processes


def test_a_choice_of_markers_still_uses_all_cores() -> None:
    chosen = options(markexpr="not system and not full_release")
    assert parallel.process_count(chosen, has_paths=False, cores=2) == 2


@pytest.mark.parametrize(
    "changed",
    [{"keyword": "spelling"}, {"lf": True}, {"usepdb": True}, {"trace": True}, {"collectonly": True}, {"capture": "no"},
     {"stepwise": True}, {"numprocesses": 0}, {"numprocesses": 4}, {"dist": "load"}, {"tx": ["popen"]}],
)  # fmt: skip
def test_a_narrower_run_and_options_of_xdist_are_left_alone(changed: dict[str, object]) -> None:
    assert parallel.process_count(options(**changed), has_paths=False, cores=2) == 0


def test_named_files_and_a_missing_xdist_are_left_alone() -> None:
    assert parallel.process_count(options(), has_paths=True, cores=2) == 0
    without_xdist = options()
    del without_xdist.numprocesses
    assert parallel.process_count(without_xdist, has_paths=False, cores=2) == 0


def test_the_first_process_begins_with_the_release_and_the_others_without_it() -> None:
    needs = [position % 2 == 0 for position in range(12)]
    order = parallel.arranged(needs, 3)
    assert sorted(order) == list(range(12))
    assert [needs[position] for position in order] == [True] * 4 + [False] * 6 + [True] * 2
    assert parallel.arranged([], 2) == []


def test_the_cache_drops_what_was_used_least_recently_but_nothing_recent(tmp_path: Path) -> None:
    now = time.time()
    for number in range(5):
        folder = tmp_path / str(number)
        folder.mkdir()
        os.utime(folder, (now - 1000 * number, now - 1000 * number))
    release_cache.prune(tmp_path, keep=2, min_age=2500)
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", "2"}


def test_a_reserved_port_is_free_and_given_once() -> None:
    with reserved_port() as first, reserved_port() as second:
        assert first != second
        with socket.create_server(("127.0.0.1", first)), socket.create_server(("127.0.0.1", second)):
            pass


def test_a_process_is_known_by_more_than_its_number() -> None:
    own = identify(os.getpid())
    assert own
    assert survivors([own], timeout=0) == [own]
    assert survivors([type(own)(own.pid, own.started + 1)], timeout=0) == []


def test_files_of_the_project_are_found_without_git(tmp_path: Path) -> None:
    files = committed_files()
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for made in ("kg/__pycache__/x.pyc", "server/static/dist/stamp.txt", "server/ui/node_modules/a/a.js", "PKG-INFO"):
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made).touch()
    assert committed_files(tmp_path) == files


def test_every_file_of_tests_is_collected(pytestconfig: pytest.Config) -> None:
    tests = ROOT / "tests"
    left_out = pytestconfig.getini("norecursedirs")
    folders = {folder for path in tests.rglob("test_*.py") for folder in path.relative_to(tests).parents}
    assert len(folders) > 20
    assert not [folder for folder in folders if any(fnmatch(folder.name, pattern) for pattern in left_out)]
