"""Reads the graph of a release into memory, where queries are answered several times faster than from disk."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from pyoxigraph import RdfFormat, Store


class LoadCancelledError(Exception):
    """The graph is no longer wanted."""


def load(dump: Path, is_wanted: Callable[[], bool] = lambda: True) -> Store:
    """The graph of a dump of compressed N-Quads.

    Args:
        dump: its file.
        is_wanted: asked again and again while the file is read.

    Raises:
        LoadingStopped: it was not wanted any more.
    """
    store = Store()
    with gzip.open(dump) as file:
        store.bulk_load(_CancellableReader(cast(BinaryIO, file), is_wanted), format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    return store


class _CancellableReader:
    """A file as the engine reads it, which can be told to stop."""

    def __init__(self, file: BinaryIO, is_wanted: Callable[[], bool]) -> None:
        self._file, self._is_wanted = file, is_wanted

    def read(self, size: int = -1) -> bytes:
        if not self._is_wanted():
            raise LoadCancelledError
        return self._file.read(size)
