"""Loads the graph of a release into memory, where queries run several times faster than on disk."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from pyoxigraph import RdfFormat, Store


class LoadCancelledError(Exception):
    """Loading was cancelled."""


def load(dump: Path, is_wanted: Callable[[], bool] = lambda: True) -> Store:
    """Loads a dump of gzip-compressed N-Quads.

    Args:
        dump: path of the dump.
        is_wanted: polled while the file is read; loading stops when it returns false.

    Raises:
        LoadCancelledError: ``is_wanted`` returned false.
    """
    store = Store()
    with gzip.open(dump) as file:
        store.bulk_load(_CancellableReader(cast(BinaryIO, file), is_wanted), format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    return store


class _CancellableReader:
    """A file that raises ``LoadCancelledError`` at the next read once loading is cancelled."""

    def __init__(self, file: BinaryIO, is_wanted: Callable[[], bool]) -> None:
        self._file, self._is_wanted = file, is_wanted

    def read(self, size: int = -1) -> bytes:
        if not self._is_wanted():
            raise LoadCancelledError
        return self._file.read(size)
