"""The read side of releases: which there are, which one serves, and what each holds.

A data folder holds ``releases/<id>/`` (immutable once there), ``current`` (the id that serves) and ``build.lock``.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import VitkError

RELEASES_TO_KEEP = 3
# Counts up when code begins to read of a release what earlier ones do not have.
FORMAT_VERSION = 2
DUMP = "dump.nq.gz"
# The folder of the other files to download.
DUMPS = "dumps"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True)
class Release:
    """One immutable release: its folder and its manifest."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def is_readable(self) -> bool:
        """Whether this version of vitk can read it."""
        return self.manifest.get("layout") == FORMAT_VERSION

    def check(self) -> None:
        """Raises a ``VitkError`` where it does not fit."""
        if not self.is_readable:
            raise VitkError(
                f"Release {self.id} was made by another version of vitk, which arranged it otherwise; "
                "vitk build makes one that this version reads."
            )

    @property
    def store(self) -> Path:
        return self.path / "store"

    @property
    def dump(self) -> Path:
        """The whole graph as compressed N-Quads."""
        return self.path / DUMP

    def download(self, name: str) -> Path | None:
        """The file to download with a name that stands in the manifest, else ``None``."""
        if name not in {dump["name"] for dump in self.manifest.get("dumps", ())}:
            return None
        return self.dump if name == "vitk.nq.gz" else self.path / DUMPS / name

    @property
    def search_index(self) -> Path:
        return self.path / "search.sqlite"

    @property
    def completion(self) -> Path:
        """What the editor completes, in JSON; with ``.gz`` after its name, gzipped."""
        return self.path / "completion.json"

    @property
    def rejected(self) -> Path:
        """The rows of tables that were set aside, with file, line and reason; not there where none was."""
        return self.path / "rejected.csv"

    @property
    def base_iri(self) -> str:
        return str(self.manifest["inputs"]["base_iri"])


class Releases:
    """The releases of a data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "releases"
        self.pointer = data_dir / "current"

    def get(self, release_id: str) -> Release | None:
        """The release with this id, or ``None``; what can't be an id, such as a path, is none."""
        if not _ID.fullmatch(release_id):
            return None
        path = self.folder / release_id
        try:
            return Release(path, json.loads((path / "manifest.json").read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def current(self) -> Release | None:
        """The release that serves, or ``None`` where none was built yet."""
        try:
            release_id = self.pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        return self.get(release_id)

    def require_current(self) -> Release:
        """The release that is served.

        Raises:
            VitkError: there is none.
        """
        release = self.current()
        if release is None:
            raise VitkError(f"{self.folder.parent}: there is no release; vitk build makes one.")
        return release

    def all(self) -> list[Release]:
        """All releases, the newest first."""
        if not self.folder.is_dir():
            return []
        found = [self.get(path.name) for path in self.folder.iterdir() if not path.name.startswith(".")]
        releases = [release for release in found if release is not None]
        return sorted(releases, key=lambda release: (str(release.manifest["built"]), release.id), reverse=True)

    def prune(self, keep: int = RELEASES_TO_KEEP) -> list[Release]:
        """Removes all but the newest releases; the one that serves stays. Returns those removed."""
        if keep < 1:
            raise VitkError("At least one release must be kept.")
        serving = self.current()
        removed = [release for release in self.all()[keep:] if serving is None or release.id != serving.id]
        for release in removed:
            # Renamed first: a removal that is cut short leaves no half release under a valid name.
            gone = release.path.with_name(f".removed-{release.id}")
            release.path.rename(gone)
            shutil.rmtree(gone)
        return removed
