"""Parts of releases that later builds reuse: each is a folder, named by a digest of everything that it is made from.

A part is made in a folder beside, gets the digests of its files, and is renamed into place. It is used only if it was
made from exactly the inputs that are wanted, and if its files are still what they were; otherwise it is made again. So
a build with parts gives what a build without them gives. The folder of all parts may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# The folder of the parts in a data folder.
PARTS = "build-cache"
PARTS_TO_KEEP = 2
_MADE_FROM = "made-from.json"
_MAKING = ".making-"
_LENGTH_OF_KEY = 16


class PartCache:
    """The parts in a folder; ``opened`` makes one.

    Args:
        folder: of the parts.
        from_scratch: whether to make every part again.
    """

    def __init__(self, folder: Path, *, from_scratch: bool) -> None:
        self._folder, self._from_scratch = folder, from_scratch
        self._used: list[Path] = []

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path, *, from_scratch: bool = False) -> Iterator[PartCache]:
        """Opens the parts for one build at a time; removes the oldest parts if the build succeeds."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for leftover in folder.glob(_MAKING + "*"):
                shutil.rmtree(leftover)
            cache = cls(folder, from_scratch=from_scratch)
            yield cache
            cache._prune()

    def part(self, kind: str, inputs: Mapping[str, str], make: Callable[[Path], None]) -> Path:
        """The folder of a part, made now if there is none that can be used.

        Args:
            kind: what it is, such as ``tables``; letters, digits and hyphens.
            inputs: everything that the part depends on, digests and versions by name.
            make: fills an empty folder. It must read nothing that is not in ``inputs``.
        """
        made_from = {"kind": kind, **inputs}
        key = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:_LENGTH_OF_KEY]
        place = self._folder / f"{kind}.{key}"
        if place in self._used or (not self._from_scratch and _is_sound(place, made_from)):
            os.utime(place)
        else:
            self._make(place, made_from, make)
        self._used.append(place)
        return place

    def _make(self, place: Path, made_from: dict[str, str], make: Callable[[Path], None]) -> None:
        beside = place.with_name(_MAKING + place.name)
        try:
            beside.mkdir()
            make(beside)
            document = {"inputs": made_from, "files": _digests(beside)}
            (beside / _MADE_FROM).write_text(json.dumps(document, indent=1), "utf-8")
            shutil.rmtree(place, ignore_errors=True)
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _prune(self) -> None:
        by_kind: dict[str, list[Path]] = {}
        for path in self._folder.glob("*.*"):
            by_kind.setdefault(path.name.rpartition(".")[0], []).append(path)
        for paths in by_kind.values():
            paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for path in paths[PARTS_TO_KEEP:]:
                if path not in self._used:
                    shutil.rmtree(path)


def _is_sound(place: Path, made_from: Mapping[str, str]) -> bool:
    """Whether a part is complete, of these inputs, and unchanged since it was made."""
    try:
        document = json.loads((place / _MADE_FROM).read_text("utf-8"))
        return bool(document == {"inputs": made_from, "files": _digests(place)})
    except (OSError, ValueError):
        return False


def _digests(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _MADE_FROM)
    names = [path.relative_to(folder).as_posix() for path in paths]

    def digest(path: Path) -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    # Python's lock is released while a file is read and digested.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return dict(zip(names, threads.map(digest, paths), strict=True))


def clone_store(source: Path, target: Path) -> None:
    """Copies a closed store; its tables, which the engine never changes, are hard links where there can be some.

    Args:
        source: folder of the store.
        target: a folder that does not exist.
    """
    target.mkdir()
    for path in sorted(source.iterdir()):
        # The engine writes its own log and lock.
        if path.suffix == ".sst":
            _link(path, target / path.name)
        elif path.name != "LOCK" and not path.name.startswith("LOG"):
            shutil.copyfile(path, target / path.name)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        # Not every file system has hard links, and some limit their number.
        shutil.copyfile(source, target)
