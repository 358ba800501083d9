"""One writer at a time in a data folder: builds, imports of tables and their removal."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from kg.errors import VitkError


@contextlib.contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Holds the lock of a data folder, which is created if missing; another writer waits until it is free.

    Whatever decides what is written must be read inside.

    Raises:
        VitkError: the data folder cannot be written.
    """
    try:
        (data_dir / "releases").mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "build.lock").open("a")
    except OSError as error:
        raise VitkError(
            f"{data_dir}: the data folder can't be written: {error.strerror}. Choose another with --data-dir."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
