"""Writes the whole graph of a release as one compressed file: to download, and to load into memory fast."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from pyoxigraph import RdfFormat, Store

_PIECE = 1 << 20


def write(store: Store, path: Path) -> int:
    """Writes the quads of a store as compressed N-Quads and returns the bytes of the file.

    The engine writes to disk and not through Python, which takes a third of the time and no memory.
    """
    plain = path.with_suffix("")
    store.dump(str(plain), format=RdfFormat.N_QUADS)
    # No time of making stands inside, so that equal graphs give equal files.
    with plain.open("rb") as source, path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as target:
        shutil.copyfileobj(source, target, _PIECE)
    plain.unlink()
    return path.stat().st_size
