"""The folder of a release while it is built, and one atomic change to publish it."""

from __future__ import annotations

import contextlib
import csv
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.build.infer import rules
from kg.build.load.loader import LoadReport
from kg.catalogue import catalogue
from kg.errors import VitkError
from kg.release.manifest import Manifest
from kg.release.release import IDENTIFIER_PATTERNS, MANIFEST, QUERIES, REJECTED, RULES, Releases


@contextlib.contextmanager
def making(releases: Releases, release_id: str) -> Iterator[Path]:
    """An empty folder beside the releases, after those of builds that were killed are removed.

    A build that fails or is interrupted leaves nothing behind.

    Raises:
        VitkError: a file cannot be read or written, for example because the disk is full.
    """
    folder = releases.folder / f".building-{release_id}"
    try:
        # File managers and network file systems leave hidden files of their own.
        for leftover in (*releases.folder.glob(".building-*"), *releases.folder.glob(".removed-*")):
            shutil.rmtree(leftover)
        folder.mkdir()
        yield folder
    except (OSError, sqlite3.Error) as error:
        raise VitkError(
            f"The build stopped: {error}. The former release is unchanged. If the disk is full, "
            "remove old releases with vitk releases --prune --keep 1 or choose another folder with --data-dir."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_inputs(curated: Path, folder: Path) -> None:
    """Copies what readers of the release need beside the graph: rules, catalogue, identifier patterns.

    A release is read by later versions of vitk, and long after its curated files were edited.
    """
    for source, target in ((rules.RULES_FOLDER, RULES), (catalogue.FOLDER, QUERIES)):
        for path in sorted(source.rglob("*.rq")):
            copy = folder / target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    if (patterns := curated / IDENTIFIER_PATTERNS).is_file():
        shutil.copyfile(patterns, folder / IDENTIFIER_PATTERNS)


def write_rejected(tables: Iterable[LoadReport], folder: Path) -> None:
    """Writes the rows that were rejected as CSV; no file if there are none."""
    rejected = [(table.name, row.path.name, row.line, row.reason) for table in tables for row in table.rejected]
    if not rejected:
        return
    with (folder / REJECTED).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "file", "line", "reason"])
        writer.writerows(rejected)


def publish(folder: Path, releases: Releases, manifest: Manifest) -> None:
    """Completes a release, gives it its name and has it served; the oldest releases go."""
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    # Whoever finds the name finds all files complete, also after the power has failed.
    for path in (folder, *folder.rglob("*")):
        _sync(path)
    folder.rename(releases.folder / manifest.id)
    _sync(releases.folder)
    point_to(releases, manifest.id)
    releases.prune()


def point_to(releases: Releases, release_id: str) -> None:
    """Has a release served."""
    beside = releases.pointer.with_name(".current")
    beside.write_text(release_id + "\n", "utf-8")
    _sync(beside)
    beside.replace(releases.pointer)
    _sync(releases.data_dir)


def _sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems cannot do this for folders.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
