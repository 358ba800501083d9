"""Where sessions of tests share releases: built once for the same inputs, in the user's cache folder."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import platformdirs

from kg.build import pipeline, release_id
from kg.release.release import Release
from tests.support.paths import BASE, TEST_RELEASES

CACHED_RELEASES = 6
# A session that began less long ago may still use what it touched then.
MIN_AGE_SECONDS = 3600.0


def data_folder(curated: Path, *, proof: bool, name: str) -> Path:
    """The data folder for the release of these curated files.

    It is the folder ``name`` in ``VITK_TEST_RELEASES`` where that is set. Otherwise each release id has a folder of its own, so
    that two sessions with different sources can't replace each other's current release.
    """
    chosen = os.environ.get(TEST_RELEASES)
    if chosen:
        return Path(chosen) / name
    mappings = pipeline.tables_of(curated, curated)
    inputs = release_id.inputs_of(curated, BASE, proof=proof, mappings=mappings, all_table_rows=False)
    return platformdirs.user_cache_path("vitk") / "test-releases" / release_id.release_id(inputs)


def build(curated: Path, *, proof: bool, name: str = "data") -> Release:
    """Builds the release, or takes it from the cache; removes the releases that were used least recently."""
    folder = data_folder(curated, proof=proof, name=name)
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    # What an edit of code leaves as it is, such as loaded tables, is made once for all sessions.
    parts = Path(os.environ.get(TEST_RELEASES) or platformdirs.user_cache_path("vitk")) / f"test-parts-{name}"
    built = pipeline.build(curated, folder, BASE, proof=proof, parts=parts)
    if TEST_RELEASES not in os.environ:
        prune(folder.parent, keep=CACHED_RELEASES, min_age=MIN_AGE_SECONDS)
    return built.release


def prune(cache: Path, *, keep: int, min_age: float) -> None:
    """Removes all folders of a cache but the most recent ones.

    Args:
        cache: the folder of folders.
        keep: how many stay.
        min_age: seconds; a folder that was used more recently stays too.
    """
    used: list[tuple[float, Path]] = []
    for path in cache.iterdir():
        # Another session may be pruning too.
        try:
            used.append((path.stat().st_mtime, path))
        except FileNotFoundError:
            continue
    for moment, path in sorted(used, reverse=True)[keep:]:
        if time.time() - moment > min_age:
            shutil.rmtree(path, ignore_errors=True)
