"""Exports as documents and as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import commands
from kg.exports import documents
from kg.release.release import Release
from tests.support.paths import BASE


def run(release: Release, part: str, target: Path) -> tuple[int, str]:
    arguments = ["export", part, str(target), "--data-dir", str(release.path.parents[1])]
    result = CliRunner().invoke(commands, arguments)
    return result.exit_code, result.output


@pytest.mark.system
@pytest.mark.parametrize("part", ["va-spec", "biolink"])
def test_a_file_in_json_has_one_document_in_each_line(release: Release, tmp_path: Path, part: str) -> None:
    target = tmp_path / f"all.{documents.PARTS[part]}"
    assert run(release, part, target)[0] == 0
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert len({line["id"] for line in lines}) == len(lines) > 30
    assert all(line["id"].startswith(f"{BASE}id/proposition-") for line in lines)


@pytest.mark.system
def test_nanopublications_are_one_file(release: Release, tmp_path: Path) -> None:
    target = tmp_path / "all.trig"
    assert run(release, "nanopubs", target)[0] == 0
    assert target.read_text("utf-8").count(" a np:Nanopublication") > 300


@pytest.mark.parametrize("part", documents.PARTS)
def test_another_suffix_is_refused(release: Release, tmp_path: Path, part: str) -> None:
    status, output = run(release, part, tmp_path / "all.ttl")
    assert status == 1
    assert f".{documents.PARTS[part]}" in output
    assert not list(tmp_path.iterdir())
