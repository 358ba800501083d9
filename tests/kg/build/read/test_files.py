"""Which files of a folder can be curated files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build.read import turtle
from kg.errors import CuratedFileError
from kg.rdf.vocabulary import Vocabulary
from tests.support import minimal_curated
from tests.support.paths import BASE


@pytest.mark.parametrize(
    ("name", "make", "expected"),
    [
        (b"pipe.ttl", os.mkfifo, "is not a file"),
        (b"folder.ttl", os.mkdir, "is not a file"),
        (b"nowhere.ttl", lambda path: Path(os.fsdecode(path)).symlink_to("missing"), "cannot be read"),
        (b"\xff.ttl", lambda path: Path(os.fsdecode(path)).write_text(""), "the name is not UTF-8; rename it"),
    ],
)
def test_what_can_be_no_curated_file_is_named(
    name: bytes, make: Callable[[bytes], object], expected: str, tmp_path: Path
) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    make(os.fsencode(curated / "entities") + b"/" + name)
    with pytest.raises(CuratedFileError, match=expected) as caught:
        turtle.read(curated, Vocabulary(BASE))
    assert [os.fsencode(problem.path.name) for problem in caught.value.problems] == [name]
