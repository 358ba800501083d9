"""The store that a build fills: opened with few files, while the process may open as many as before; and its copy."""

from __future__ import annotations

import fcntl
import os
import re
import resource
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kg.build.load import store_writer


def test_a_store_for_loading_keeps_few_files_open_whatever_numbers_those_of_the_process_have(tmp_path: Path) -> None:
    with (tmp_path / "high").open("w") as file:
        high = fcntl.fcntl(file.fileno(), fcntl.F_DUPFD, 900)
        store_writer.for_loading(tmp_path / "store")
        os.close(high)
    options = next((tmp_path / "store").glob("OPTIONS*")).read_text()
    (limit,) = re.findall(r"max_open_files=(\d+)", options)
    assert int(limit) < len(list(Path("/dev/fd").iterdir())) + store_writer.OPEN_FILES


def test_a_store_for_loading_takes_all_and_leaves_the_limit_on_files_as_it_was(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with (tmp_path / "another").open("w"):
        store = store_writer.for_loading(tmp_path / "store")
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
    for part in range(40):
        store.bulk_load(f"<x:{part}> <x:p> 1 .".encode(), format=RdfFormat.TURTLE)
    store.flush()
    del store
    assert len(Store.read_only(str(tmp_path / "store"))) == 40


GRAPH = NamedNode("x:graph")
PIECES = [[Quad(NamedNode(f"x:{n}"), NamedNode("x:p"), Literal(n), GRAPH) for n in range(at, at + 50)]
          for at in range(0, 1000, 50)]  # fmt: skip


def filled(path: Path, *, is_small: bool) -> store_writer.StoreWriter:
    filling = store_writer.StoreWriter(path, is_small=is_small)
    filling.add_graph(NamedNode("x:empty"))
    for number, quads in enumerate(PIECES):
        if number % 3:
            filling.load("".join(f"{quad.triple} .\n" for quad in quads).encode(), GRAPH)
        else:
            filling.extend(reversed(quads))
    return filling


@pytest.mark.parametrize(("is_small", "most", "has_copy"), [(True, 650, True), (True, 649, False), (False, 650, False)])
def test_memory_and_disk_contain_all_quads(
    is_small: bool, most: int, has_copy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_writer, "MAX_QUADS_IN_MEMORY", most)
    filling = filled(tmp_path / "store", is_small=is_small)
    reopened = filling.reopen_for_queries()
    late = Quad(NamedNode("x:late"), NamedNode("x:p"), Literal("x"), GRAPH)
    filling.extend([late])
    filling.optimise()
    del filling
    expected = {late, *(quad for quads in PIECES for quad in quads)}
    assert set(reopened) == expected
    assert NamedNode("x:empty") in set(reopened.named_graphs())
    if has_copy:
        # The store on disk is open in one place at a time.
        on_disk = Store(str(tmp_path / "store"))
        assert set(on_disk) == expected
        assert NamedNode("x:empty") in set(on_disk.named_graphs())
    else:
        with pytest.raises(OSError, match="lock"):
            Store(str(tmp_path / "store"))


def test_the_copies_of_equal_releases_have_one_order(tmp_path: Path) -> None:
    first, second = (list(filled(tmp_path / name, is_small=True).reopen_for_queries()) for name in ("one", "two"))
    assert first == second


def test_what_can_not_be_added_is_reported_and_not_lost(tmp_path: Path) -> None:
    filling = store_writer.StoreWriter(tmp_path / "store", is_small=True)
    filling.load(b"<x:a> <x:p> .\n", GRAPH)
    with pytest.raises(SyntaxError):
        filling.reopen_for_queries()
