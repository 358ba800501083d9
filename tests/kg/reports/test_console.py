"""What commands report: data as they are, whatever standard output is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import commands
from kg.reports import log
from kg.reports.console import ReportConsole
from tests.support import minimal_curated

MAPPING = """name = "mine"
title = "A [b]bold[/i] title"
[[tables]]
file = "table.csv"
key = ["code"]
[[tables.entities]]
about = "id:mine-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = { text = "name", language = "en" }
"vitk:numberOfDataPoints" = { integer = "n" }
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[/b] [red]x[/red] [link=file:///]y", "[/b] [red]x[/red] [link=file:///]y"),
        (":warning: http://[::1]:8000/", ":warning: http://[::1]:8000/"),
        ("\x1b[2J\x07\x9b1m\r", "\\x1b[2J\\x07\\x9b1m\\x0d"),
        ("x" * 300, "x" * 300),
        ("µ – é", "µ – é"),
    ],
)
def test_a_line_is_printed_as_it_is(text: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    ReportConsole().print_line(text)
    assert capsys.readouterr().out == expected + "\n"


def test_a_report_that_nobody_can_read_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        console = ReportConsole()
        console.print_line("x" * 100_000)
        console.print_line("y")
        assert console.quiet
        monkeypatch.undo()
        # What is in the buffer would fail when the file is closed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


def test_a_reader_who_leaves_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        console = ReportConsole()
        console.print_line("x")
        console.print_line("y")
        assert console.quiet
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), pipe.fileno())


def test_a_table_with_markup_is_reported_and_registered(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    data = tmp_path / "[red]data"
    (tmp_path / "mapping.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "[b]table.csv").write_text("code,name,n\na,A [/b] kale,1\nb,B,[tr]\nc,C,[/b]\n", "utf-8")
    arguments = [str(tmp_path / "mapping.toml"), str(tmp_path / "[b]table.csv"), "--no-proof"]
    done = CliRunner().invoke(commands, ["import", *arguments, "--data-dir", str(data), "--curated-dir", str(curated)])
    assert done.exit_code == 0, done.output
    assert "line 3: n: '[tr]' is not a whole number\n  line 4: n: '[/b]' is not a whole number" in done.output
    assert f"{data}/releases/" in done.output
    assert [path.name for path in (data / "tables").iterdir()] == ["mine"]


@pytest.mark.parametrize("target", ["/dev/full", "closed", "none"])
def test_a_log_that_cannot_be_written_is_lost(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", buffering=1, encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stderr", None if target == "none" else stream)
        if target == "closed":
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            stream.close()
        log.write_line("a line")
        monkeypatch.undo()
        if not stream.closed:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\ufeffid: is not declared", "[U+FEFF]id: is not declared"),
        ("id:a\u00a0b\u200b", "id:a[U+00A0]b[U+200B]"),
        ("\u202egpj.exe\x1b[31m", "[U+202E]gpj.exe\\x1b[31m"),
        ("one\ntwo\tµ é 中 🥑", "one\ntwo\tµ é 中 🥑"),
    ],
)
def test_what_cannot_be_seen_in_a_message_is_named(text: str, shown: str) -> None:
    assert log.visible(text) == shown
