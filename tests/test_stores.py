"""The store that a build fills: opened with few files, while the process may open as many as before."""

from __future__ import annotations

import fcntl
import os
import re
import resource
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.build import stores


def test_a_store_for_loading_keeps_few_files_open_whatever_numbers_those_of_the_process_have(tmp_path: Path) -> None:
    with (tmp_path / "high").open("w") as file:
        high = fcntl.fcntl(file.fileno(), fcntl.F_DUPFD, 900)
        stores.for_loading(tmp_path / "store")
        os.close(high)
    told = next((tmp_path / "store").glob("OPTIONS*")).read_text()
    (limit,) = re.findall(r"max_open_files=(\d+)", told)
    assert int(limit) < len(list(Path("/dev/fd").iterdir())) + stores.OPEN_FILES


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
