"""Whether anything changed since the id of the inputs was last computed, judged from the state of files alone.

Computing the id reads, parses and digests everything that a build reads, and imports the build. Like git's index, this
remembers sizes, times and inodes instead; whatever differs, or was changed so lately that another change could look the
same, is computed anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import kg
from kg.settings import Settings

REMEMBERED = "inputs.json"
_CODE = Path(kg.__file__).parent
_ONTOLOGY = _CODE.parent / "ontology"
# Clocks of file systems are coarser than their resolution.
_NANOSECONDS_TO_SETTLE = 2_000_000_000


def is_release_of(settings: Settings, release_id: str) -> bool:
    """Whether a release is known to be that of the present files; if not, it may still be."""
    try:
        remembered = json.loads((settings.data_dir / REMEMBERED).read_text("utf-8"))
        return bool(remembered == {"id": release_id, "state": _digest(_state(settings))})
    except (OSError, ValueError):
        return False


def remember(settings: Settings, release_id: str) -> None:
    """Remembers that a release is that of the present files.

    The caller computed its id just before. Where the data folder cannot be written, nothing is remembered.
    """
    state = list(_state(settings))
    settled = time.time_ns() - _NANOSECONDS_TO_SETTLE
    if any(max(modified, changed) > settled for _, _, modified, changed in state):
        return
    document = {"id": release_id, "state": _digest(state)}
    beside = settings.data_dir / f".{REMEMBERED}"
    with contextlib.suppress(OSError):
        beside.write_text(json.dumps(document), "utf-8")
        beside.replace(settings.data_dir / REMEMBERED)


def _state(settings: Settings) -> Iterator[tuple[str, int, int, int]]:
    """Yields name, size with inode, and the times of the last changes of everything that a release may depend on."""
    yield f"{sys.version} {settings.base_iri} {settings.all_table_rows}", 0, 0, 0
    folders = [
        _CODE,
        _ONTOLOGY,
        settings.curated_dir.absolute(),
        *(settings.data_dir.absolute() / name for name in ("tables", "graphs")),
    ]
    # Installing a package changes the folder in which it is.
    installed = [Path(entry) for entry in sys.path if entry and Path(entry).is_dir()]
    for path in (*installed, *_files(folders)):
        status = path.stat()
        yield f"{path} {status.st_ino}", status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if name != "__pycache__")
            yield from (Path(place, name) for name in sorted(names))


def _digest(state: Iterable[tuple[str, int, int, int]]) -> str:
    return hashlib.sha256(json.dumps(list(state)).encode()).hexdigest()
