"""Java that does not run, and folders whose names Java would not understand."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from kg.build.infer import java, owl_consistency, owl_proof
from kg.build.read import turtle
from kg.errors import VitkError
from kg.rdf.vocabulary import Vocabulary
from tests.kg.build.infer.test_rules_and_owl import read_and_inferred
from tests.support import minimal_curated
from tests.support.paths import BASE


@pytest.mark.parametrize(
    ("output", "status", "reason"),
    [
        ("Picked up JAVA_TOOL_OPTIONS: -X\njava.lang.OutOfMemoryError: Java heap space\n", 1, "java.lang.OutOfMemoryError: Java heap space"),
        ("", -9, "signal 9 ended it"),
        ("Picked up JAVA_TOOL_OPTIONS: -X\n", 3, "it ended with status 3"),
    ],
)  # fmt: skip
def test_a_failure_is_a_sentence_with_its_reason_and_what_to_do(output: str, status: int, reason: str) -> None:
    message = str(java.JavaError(output, status))
    assert f"Java failed: {reason}. " in message
    assert "--no-proof" in message
    assert "\n" not in message


def test_java_that_does_not_start_is_reported_by_both_proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, read = read_and_inferred(minimal_curated.write(tmp_path / "curated"))
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:NoSuchOption")
    with pytest.raises(java.JavaError, match="--no-proof"):
        owl_proof.prove(store, read)
    with pytest.raises(java.JavaError, match="--no-proof"):
        owl_consistency.is_consistent(store, Vocabulary(BASE))


def test_temporary_files_have_plain_names_in_any_folder_and_are_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a #é%41?"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with java.plain_temporary_folder() as (name, _):
        with tempfile.NamedTemporaryFile(delete=False) as file:
            assert file.name.isascii()
            assert not set("#%? ") & set(file.name)
        assert len(list(folder.rglob("*"))) == 2
        assert name in file.name
    assert list(folder.iterdir()) == []
    assert tempfile.tempdir == str(folder)


def test_a_file_that_a_full_disk_has_cut_short_is_closed_in_peace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="full"), java.plain_temporary_folder():  # noqa: PT012 - the file is left open
        file = tempfile.NamedTemporaryFile(delete=False)  # noqa: SIM115
        file.write(b"x")
        raise OSError("full")
    assert Path(f"/proc/self/fd/{file.fileno()}").readlink() == Path(os.devnull)
    file.close()


def test_a_machine_without_a_temporary_folder_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "missing")])
    with pytest.raises(VitkError, match="TMPDIR"), java.plain_temporary_folder():
        pass


@pytest.mark.system
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_proof_runs_in_a_temporary_folder_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    folder = tmp_path / "a #é%41?"
    folder.mkdir()
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    curated = minimal_curated.write(tmp_path / "curated é #")
    store, read = read_and_inferred(curated)
    assert isinstance(read, turtle.ParsedSources)
    owl_proof.prove(store, read)
    assert list(folder.iterdir()) == []
