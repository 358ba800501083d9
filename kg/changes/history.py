"""The history of a data folder: the changes of each release from the one that was served before it.

It is beside the releases and outlives them: ``changes/ID.json.gz`` is the report, ``changes/ID.rdfp.gz`` the RDF Patch.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from kg.changes import quads
from kg.changes.report import ChangeReport, report
from kg.errors import VitkError
from kg.release.release import Release, Releases

_FOLDER = "changes"
_MAX_LENGTH = 1_000


def record(data_dir: Path, release: Release) -> ChangeReport | None:
    """Compares a release with its predecessor and writes both files, unless they are there.

    Returns:
        The report; ``None`` for a release without a predecessor, or whose predecessor is not retained.

    Raises:
        VitkError: a release cannot be read, or the data folder cannot be written.
    """
    if known := read(data_dir, release.id):
        return known
    previous = release.manifest.build.predecessor
    old = Releases(data_dir).get(previous) if previous else None
    if old is None or not old.has_known_format:
        return None
    changed = quads.changed_quads(old, release)
    made = report(old, release, changed)
    try:
        (data_dir / _FOLDER).mkdir(exist_ok=True)
        patch = quads.patch(changed, old.id, release.id, release.base_iri)
        _write(patch_file(data_dir, release.id), b"".join(patch))
        _write(_report_file(data_dir, release.id), json.dumps(made.to_json()).encode())
    except OSError as error:
        raise VitkError(f"{data_dir / _FOLDER} can't be written: {error.strerror}.") from error
    return made


def read(data_dir: Path, release_id: str) -> ChangeReport | None:
    """Returns the report of a release; ``None`` if there is none that can be read."""
    with contextlib.suppress(OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
        return ChangeReport.from_json(json.loads(gzip.decompress(_report_file(data_dir, release_id).read_bytes())))
    return None


def chain(data_dir: Path, release: Release) -> Iterator[ChangeReport]:
    """Yields the reports of a release and of those before it, the newest first, as far as they are recorded."""
    seen: set[str] = set()
    following = release.id
    while following not in seen and len(seen) < _MAX_LENGTH and (found := read(data_dir, following)):
        yield found
        seen.add(following)
        following = found.previous


def patch_file(data_dir: Path, release_id: str) -> Path:
    """The file of the RDF Patch of a release; it may not be there."""
    return data_dir / _FOLDER / f"{release_id}.rdfp.gz"


def _report_file(data_dir: Path, release_id: str) -> Path:
    return data_dir / _FOLDER / f"{release_id}.json.gz"


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(gzip.compress(content, 6, mtime=0))
    beside.replace(path)
