"""What later builds reuse: only what was made from the same inputs and is still as it was made."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.build.reuse import parts
from kg.build.reuse.parts import PartCache

KIND, INPUTS = "letters", {"table": "1", "code": "a"}


class Maker:
    """Makes a part, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, folder: Path) -> None:
        self.made += 1
        (folder / "inner").mkdir()
        (folder / "inner" / "content").write_text(f"made {self.made}", "utf-8")


def got(
    folder: Path, make: Callable[[Path], None], inputs: dict[str, str] = INPUTS, *, from_scratch: bool = False
) -> Path:
    with PartCache.opened(folder, from_scratch=from_scratch) as cache:
        return cache.part(KIND, inputs, make)


def test_a_part_is_made_once_for_the_same_inputs(tmp_path: Path) -> None:
    make = Maker()
    assert got(tmp_path, make) == got(tmp_path, make)
    assert make.made == 1


@pytest.mark.parametrize("changed", [INPUTS | {"code": "b"}, {"table": "1"}, INPUTS | {"more": ""}])
def test_a_part_of_other_inputs_is_another_part(changed: dict[str, str], tmp_path: Path) -> None:
    make = Maker()
    assert got(tmp_path, make) != got(tmp_path, make, changed)
    assert make.made == 2


def change(path: Path) -> None:
    path.write_text("made X", "utf-8")


def replace_by_another(path: Path) -> None:
    # A part of other inputs under this name.
    other = got(path.parents[2], Maker(), {"table": "2"})
    shutil.rmtree(path.parents[1])
    other.rename(path.parents[1])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a file changed": change,
    "a file missing": Path.unlink,
    "a file too many": lambda path: change(path.with_name("another")),
    "no digests": lambda path: (path.parents[1] / "made-from.json").unlink(),
    "digests cut short": lambda path: change(path.parents[1] / "made-from.json"),
    "a foreign part": replace_by_another,
    "an empty folder": lambda path: shutil.rmtree(path.parent),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_foreign_part_is_made_again(damage: str, tmp_path: Path) -> None:
    make = Maker()
    DAMAGES[damage](got(tmp_path, make) / "inner" / "content")
    assert (got(tmp_path, make) / "inner" / "content").read_text("utf-8") == "made 2"


def test_a_build_from_scratch_makes_every_part_again_and_once(tmp_path: Path) -> None:
    make = Maker()
    got(tmp_path, make)
    with PartCache.opened(tmp_path, from_scratch=True) as cache:
        for _ in range(2):
            assert (cache.part(KIND, INPUTS, make) / "inner" / "content").read_text("utf-8") == "made 2"


def test_what_a_failed_or_killed_build_left_is_not_a_part(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        Maker()(folder)
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        got(tmp_path, fail)
    (tmp_path / ".making-letters.0123456789abcdef").mkdir()
    make = Maker()
    place = got(tmp_path, make)
    assert make.made == 1
    assert {path.name for path in tmp_path.iterdir()} == {"lock", place.name}


def test_the_newest_parts_of_each_kind_stay_and_those_just_used(tmp_path: Path) -> None:
    places = [got(tmp_path, Maker(), {"number": str(number)}) for number in range(4)]
    assert [place.exists() for place in places] == [False, False, True, True]
    os.utime(places[3], (0, 0))
    got(tmp_path, Maker(), {"number": "4"})
    assert [place.exists() for place in places] == [False, False, True, False]


QUADS = [Quad(NamedNode(f"x:{n}"), NamedNode("x:p"), NamedNode("x:o"), NamedNode("x:g")) for n in range(100)]


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("has_links", [True, False])
def test_a_clone_of_a_store_shares_its_tables_where_it_can_and_leaves_it_alone(
    has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path / "one"))
    store.bulk_extend(QUADS[:50])
    del store
    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    parts.clone_store(tmp_path / "one", tmp_path / "two")
    assert any(path.stat().st_nlink == 2 for path in (tmp_path / "one").iterdir()) == has_links
    clone = Store(str(tmp_path / "two"))
    clone.bulk_extend(QUADS[50:])
    clone.optimize()
    del clone
    assert set(Store.read_only(str(tmp_path / "one"))) == set(QUADS[:50])
    shutil.rmtree(tmp_path / "one")
    assert set(Store.read_only(str(tmp_path / "two"))) == set(QUADS)
