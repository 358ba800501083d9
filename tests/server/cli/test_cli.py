"""The command line as people meet it, in processes of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import settings
from kg.build.pipeline import STAGES
from kg.release.release import Release
from tests.support import minimal_curated
from tests.support.paths import ROOT, VITK
from tests.support.processes import with_environment
from tests.support.servers import Running, vitk_environment
from tests.support.waiting import becomes_true, wait_until


def vitk(*arguments: str, **given: object) -> subprocess.CompletedProcess[str]:
    environment = vitk_environment(**given)
    return subprocess.run([*VITK, *arguments], env=environment, capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_build_shows_a_line_for_each_stage_and_the_report_and_then_does_nothing(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    arguments = ("build", "--no-proof", "--data-dir", str(tmp_path), "--curated-dir", str(curated))
    first = vitk(*arguments)
    assert first.returncode == 0, first.stderr
    lines = first.stdout.splitlines()
    for stage in STAGES:
        assert any(line.startswith(stage) and line.rstrip().endswith(" s") for line in lines), stage
    for title in ("triples by graph", "entities by class", "claims by section"):
        assert title in first.stdout
    second = vitk(*arguments)
    assert "Nothing to do" in second.stdout
    listed = vitk("releases", "--data-dir", str(tmp_path))
    assert listed.stdout.startswith("* ")


def test_releases_of_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    assert "run vitk build" in vitk("releases", "--data-dir", str(tmp_path)).stdout


def fails_in_one_sentence(done: subprocess.CompletedProcess[str], *expected: str) -> None:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("vitk: ")
    for words in expected:
        assert words in done.stderr


NATTO = "SELECT ?thing { VALUES ?thing { <https://w3id.org/vitk/id/natto> } }"


@pytest.mark.parametrize(
    ("flags", "query", "expected"),
    [
        ((), NATTO, "thing\nhttps://w3id.org/vitk/id/natto\n"),
        (("--format", "csv", "--labels", "en"), NATTO, "thing,thingLabel\nhttps://w3id.org/vitk/id/natto,natto\n"),
        (("--format", "json"), "ASK {}", '{"head":{},"boolean":true}'),
        ((), "ASK {}", "true\n"),
        (("--format", "nt"), "CONSTRUCT { <a:a> <a:b> <a:c> } {}", "<a:a> <a:b> <a:c> .\n"),
    ],
)
def test_a_query_from_a_file_is_run(
    data_dir: Path, release: Release, tmp_path: Path, flags: tuple[str, ...], query: str, expected: str
) -> None:
    file = tmp_path / "query.rq"
    file.write_text(query, "utf-8")
    done = vitk("query", str(file), *flags, data_dir=data_dir)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n".join(line.rstrip() for line in done.stdout.replace("\r\n", "\n").split("\n")) == expected


def test_a_query_that_is_broken_is_reported_with_a_caret(data_dir: Path, release: Release, tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text("SELECT ?x {\n ?x vitk:y ?z }", "utf-8")
    done = vitk("query", str(file), data_dir=data_dir)
    fails_in_one_sentence(done, "Line 2, column 5", "PREFIX vitk:")
    assert done.stderr.splitlines()[-1] == "    ^"


def test_a_query_file_of_another_encoding_is_reported_and_a_byte_order_mark_is_not(
    data_dir: Path, release: Release, tmp_path: Path
) -> None:
    file = tmp_path / "query.rq"
    file.write_bytes(b"ASK {} # caf\xe9")
    fails_in_one_sentence(
        vitk("query", str(file), data_dir=data_dir), str(file), "is not UTF-8: invalid byte at offset 12"
    )
    file.write_text("ASK {}", "utf-8-sig")
    done = vitk("query", str(file), data_dir=data_dir)
    assert (done.returncode, done.stdout) == (0, "true\n")


def test_a_push_that_cannot_go_anywhere_is_reported(data_dir: Path, release: Release) -> None:
    fails_in_one_sentence(vitk("push", data_dir=data_dir), "--remote-endpoint")
    fails_in_one_sentence(
        vitk("push", "--remote-endpoint", "http://127.0.0.1:9/sparql", data_dir=data_dir), "cannot be reached"
    )


def test_a_port_in_use_is_reported(data_dir: Path, release: Release) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        fails_in_one_sentence(vitk("serve", "--no-build", "--port", str(port), data_dir=data_dir), str(port), "--port")


def test_a_data_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", "utf-8")
    fails_in_one_sentence(vitk("build", "--data-dir", str(blocked)), str(blocked), "--data-dir")


def test_a_broken_curated_file_is_reported_with_file_and_line_and_debug_adds_the_traceback(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    path = curated / "entities" / "entities.ttl"
    path.write_text(path.read_text("utf-8") + "\nid:oops a vitk:Drug\n", "utf-8")
    arguments = ("build", "--no-proof", "--data-dir", str(tmp_path / "data"), "--curated-dir", str(curated))
    line = path.read_text("utf-8").count("\n") + 1
    fails_in_one_sentence(vitk(*arguments), f"{path}:{line}")
    assert "Traceback" in vitk(*arguments, "--debug").stderr


@pytest.mark.system
def test_a_release_that_is_missing_is_built_by_serve_and_ctrl_c_stops_it_cleanly(tmp_path: Path,
                                                                                serve: Callable[..., Running]) -> None:  # fmt: skip
    curated = minimal_curated.write(tmp_path / "curated")
    running = serve(data_dir=tmp_path / "data", curated_dir=curated)
    assert urllib.request.urlopen(running.address + "/").status == 200
    status = running.end(signal.SIGINT)
    output = running.output()
    assert status == 0, output
    for expected in (
        "publish",
        running.address + "/\n",
        running.address + "/sparql",
        running.address + "/api/v1/search",
    ):
        assert expected in output
    assert "Traceback" not in output


@pytest.mark.system
@pytest.mark.parametrize("moment", ["at its first answer", "when it has loaded"])
def test_nothing_is_left_running_after_the_server_stopped(
    release: Release, small_data_dir: Path, serve: Callable[..., Running], moment: str
) -> None:
    # The graph that is being loaded when the server stops must be large, the other one need not be.
    folder = release.path.parents[1] if moment == "at its first answer" else small_data_dir
    running = serve("--no-build", data_dir=folder)
    if moment == "when it has loaded":
        wait_until(lambda: "vitk_store_in_memory 1" in read(running.address + "/metrics"), 120)
        wait_until(lambda: len(with_environment(running.mark)) >= 4, 30)
    running.end(signal.SIGTERM)
    assert becomes_true(lambda: not with_environment(running.mark)), with_environment(running.mark)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as response:
        return str(response.read(), "utf-8")


@pytest.fixture(scope="module")
def help_text() -> str:
    return " ".join(vitk("serve", "--help").stdout.split())


@pytest.mark.parametrize("name", [row.name for row in settings.table()])
def test_every_setting_is_a_flag_of_serve_with_its_help(help_text: str, name: str) -> None:
    assert f"--{name.replace('_', '-')} VALUE" in help_text
    assert f"[VITK_{name.upper()}]" in help_text
