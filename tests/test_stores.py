"""The store that a build fills: opened with few files, while the process may open as many as before."""

from __future__ import annotations

import resource
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.build import stores


def test_a_store_for_loading_takes_all_and_leaves_the_limit_on_files_as_it_was(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with (tmp_path / "another").open("w"):
        store = stores.for_loading(tmp_path / "store")
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
    for part in range(40):
        store.bulk_load(f"<x:{part}> <x:p> 1 .".encode(), format=RdfFormat.TURTLE)
    store.flush()
    del store
    assert len(Store.read_only(str(tmp_path / "store"))) == 40
