"""Releases in a data folder: which one is served, and which ones this version can read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import VitkError
from kg.release.manifest import BuildRun, Count, Counts, Dump, FileRows, Inputs, Manifest, StageReport, Table
from kg.release.release import MANIFEST, Releases

COUNT = Count("https://w3id.org/vitk/graph/claims", "graph:claims", 7)
EXAMPLE = Manifest(
    id="0123456789ab",
    inputs=Inputs(
        base_iri="https://w3id.org/vitk/",
        proof=True,
        all_table_rows=False,
        digests={"code": "ab"},
        tables={"usda-sr28": "cd"},
        tools={"python": "3.11"},
    ),
    counts=Counts(7, (COUNT,), (), (COUNT,), (COUNT,)),
    tables=(Table("usda-sr28", "USDA", (FileRows("foods.csv", 3, 2, 1, 0),)),),
    dumps=(Dump("vitk.nq.gz", "nq", "", 70, "ef"),),
    build=BuildRun("2026-01-31T12:00:00+00:00", (StageReport("read", "7 triples", 0.5),)),
)


def stored(data_dir: Path, text: str, release_id: str = EXAMPLE.id) -> Releases:
    """A data folder that serves a release with this manifest."""
    folder = data_dir / "releases" / release_id
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(text, "utf-8")
    (data_dir / "current").write_text(release_id + "\n", "utf-8")
    return Releases(data_dir)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert stored(tmp_path, EXAMPLE.to_json()).require_current().manifest == EXAMPLE
    assert EXAMPLE.date == "2026-01-31"


def test_without_a_release_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VitkError, match=r": there is no release; vitk build makes one\.$"):
        Releases(tmp_path).require_current()


@pytest.mark.parametrize("version", [None, 2, 99])
def test_a_release_of_another_format_is_listed_and_not_read(version: int | None, tmp_path: Path) -> None:
    document = {**json.loads(EXAMPLE.to_json()), "format_version": version}
    releases = stored(tmp_path, json.dumps(document))
    (release,) = releases.all()
    assert not release.has_known_format
    with pytest.raises(VitkError, match=r"^Release 0123456789ab was built by an incompatible version of vitk; "):
        _ = release.manifest


def test_a_manifest_that_lacks_a_part_is_reported(tmp_path: Path) -> None:
    document = json.loads(EXAMPLE.to_json())
    del document["counts"]["graphs"]
    with pytest.raises(VitkError, match=r"Release 0123456789ab is damaged: .*graphs"):
        _ = stored(tmp_path, json.dumps(document)).require_current().manifest


def test_a_manifest_that_is_cut_off_is_reported_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(VitkError, match=r"manifest\.json can't be read"):
        stored(tmp_path, EXAMPLE.to_json()[:100]).current()


def test_releases_come_newest_first_and_those_of_other_formats_last(tmp_path: Path) -> None:
    stored(tmp_path, json.dumps({"id": "2", "layout": 2, "built": "2027-01-01"}), "2")
    stored(tmp_path, EXAMPLE.to_json(), "3")
    newer = replace(EXAMPLE, build=replace(EXAMPLE.build, started="2026-02-01T00:00:00+00:00"))
    assert [release.id for release in stored(tmp_path, newer.to_json(), "4").all()] == ["4", "3", "2"]


@pytest.mark.parametrize("content", [b"\xff", b"\x00" * 10], ids=["not UTF-8", "zeros"])
def test_a_pointer_or_manifest_that_cannot_be_read_is_reported(tmp_path: Path, content: bytes) -> None:
    releases = stored(tmp_path, EXAMPLE.to_json())
    (releases.folder / EXAMPLE.id / MANIFEST).write_bytes(content)
    with pytest.raises(VitkError, match=r"manifest\.json can't be read"):
        releases.current()
    releases.pointer.write_bytes(b"\xff")
    with pytest.raises(VitkError, match=r"current can't be read"):
        releases.current()
    releases.pointer.unlink()
    releases.pointer.mkdir()
    with pytest.raises(VitkError, match=r"current can't be read"):
        releases.current()


@pytest.mark.parametrize("text", ["[]", "3", "null", '"text"'])
def test_a_manifest_that_is_no_object_is_reported(tmp_path: Path, text: str) -> None:
    releases = stored(tmp_path, text)
    with pytest.raises(VitkError):
        releases.require_current().manifest  # noqa: B018 - reading it raises


def test_a_damaged_release_is_listed_last_and_does_not_keep_others_from_being_removed(tmp_path: Path) -> None:
    stored(tmp_path, "{", "damaged")
    for number in range(4):
        releases = stored(tmp_path, EXAMPLE.to_json(), f"good{number}")
    assert releases.all()[-1].id == "damaged"
    assert "damaged" in {release.id for release in releases.prune()}
