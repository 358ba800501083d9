"""The read side of releases: which there are, which one is served, and what each contains.

A data folder contains ``releases/<id>/`` (immutable once there), ``current`` (the id of the release that is served) and
``build.lock``. A release is self-contained: what a reader needs beside the graph, such as rules and queries, is in it
as it was when the release was built.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import DamagedReleaseError, VitkError
from kg.release.manifest import FORMAT_VERSION, Manifest

RELEASES_TO_KEEP = 3
MANIFEST = "manifest.json"
DUMP = "dump.nq.gz"
# The folder of the other files to download.
DUMPS = "dumps"
RULES, QUERIES, IDENTIFIER_PATTERNS, REJECTED = "rules", "queries", "identifier-patterns.tsv", "rejected.csv"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True)
class Release:
    """One immutable release: its folder, and its manifest as parsed JSON, which may be of another version of vitk."""

    path: Path
    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The name of its folder: the start of the hash of its inputs."""
        return self.path.name

    @property
    def has_known_format(self) -> bool:
        """Whether the manifest is of the ``FORMAT_VERSION`` that this version of vitk writes."""
        return bool(self.document.get("format_version") == FORMAT_VERSION)

    @cached_property
    def manifest(self) -> Manifest:
        """What the release says of itself.

        Raises:
            VitkError: it was built by an incompatible version of vitk, or the manifest is damaged.
        """
        if not self.has_known_format:
            raise self.incompatible()
        try:
            return Manifest.from_json(self.document)
        except (AttributeError, KeyError, TypeError) as error:
            raise DamagedReleaseError(
                f"Release {self.id} is damaged: {MANIFEST} lacks a part or has one too many ({error}); "
                "remove its folder and run vitk build."
            ) from error

    def incompatible(self, why: str = "") -> VitkError:
        """The error for a release that this version can't read; ``why`` follows the main clause."""
        return VitkError(
            f"Release {self.id} was built by an incompatible version of vitk{why}; "
            "vitk build makes one that this version reads."
        )

    def damaged(self, error: Exception) -> DamagedReleaseError:
        """The error for a release of which a file is missing or cannot be read."""
        return DamagedReleaseError(
            f"Release {self.id} can't be read: {error}. Remove {self.path}, then run vitk build."
        )

    @property
    def built(self) -> str:
        """When it was built, as an ISO 8601 time in UTC; "" where another version of vitk says so otherwise."""
        build = self.document.get("build")
        return str(build.get("started", "")) if isinstance(build, dict) else ""

    @property
    def store(self) -> Path:
        """The folder of the engine's store."""
        return self.path / "store"

    @property
    def dump(self) -> Path:
        """The graph as compressed N-Quads."""
        return self.path / DUMP

    def download(self, name: str) -> Path | None:
        """The file to download with a name that is in the manifest, else ``None``."""
        if name not in {dump.name for dump in self.manifest.dumps}:
            return None
        return self.dump if name == "vitk.nq.gz" else self.path / DUMPS / name

    @property
    def imported_store(self) -> Path:
        """The folder of a store that has imported graphs beside those of the release; absent if there are none."""
        return self.path / "imported" / "store"

    @property
    def imported_dump(self) -> Path:
        """The imported graphs as compressed N-Quads; absent if there are none."""
        return self.path / "imported" / "graphs.nq.gz"

    @property
    def rules(self) -> Path:
        """The folder of the rules by which triples of the release were inferred."""
        return self.path / RULES

    @property
    def queries(self) -> Path:
        """The folder of the catalogue that was checked against the release."""
        return self.path / QUERIES

    @property
    def identifier_patterns(self) -> Path:
        """The table of vocabularies and their pages; absent if the curated folder has none."""
        return self.path / IDENTIFIER_PATTERNS

    @property
    def search_index(self) -> Path:
        """The side index (SQLite): search, facets, counts of backlinks, foods by amount."""
        return self.path / "search.sqlite"

    @property
    def completion(self) -> Path:
        """What the editor completes, in JSON; with ``.gz`` after its name, gzipped."""
        return self.path / "completion.json"

    @property
    def prepared(self) -> Path:
        """Results of queries that a server runs when it starts; absent in older releases."""
        return self.path / "prepared.json"

    @property
    def rejected(self) -> Path:
        """The rows of tables that were rejected, with file, line and reason; absent if there are none."""
        return self.path / REJECTED

    @property
    def base_iri(self) -> str:
        """IRI from which all IRIs of the graph are made."""
        return self.manifest.inputs.base_iri


class Releases:
    """The releases of a data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "releases"
        self.pointer = data_dir / "current"

    def get(self, release_id: str) -> Release | None:
        """The release with this id, or ``None``; what can't be an id, such as a path, is none.

        Raises:
            VitkError: its manifest cannot be read.
        """
        if not _ID.fullmatch(release_id):
            return None
        path = self.folder / release_id
        try:
            document = dict(json.loads((path / MANIFEST).read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError) as error:
            message = f"{path / MANIFEST} can't be read: {error}. Remove its folder, then run vitk build."
            raise DamagedReleaseError(message) from error
        return Release(path, document)

    def current(self) -> Release | None:
        """The release that is served, or ``None`` where none was built yet.

        Raises:
            VitkError: the pointer or the manifest cannot be read.
        """
        try:
            release_id = self.pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise VitkError(f"{self.pointer} can't be read: {error}. Remove it, then run vitk build.") from error
        return self.get(release_id)

    def pointer_bytes(self) -> bytes:
        """What the pointer to the current release contains, whether it can be understood or not; empty without one."""
        try:
            return self.pointer.read_bytes()
        except OSError:
            return b""

    def require_current(self) -> Release:
        """The release that is served.

        Raises:
            VitkError: there is none.
        """
        release = self.current()
        if release is None:
            raise VitkError(f"{self.data_dir}: there is no release; vitk build makes one.")
        return release

    def all(self) -> list[Release]:
        """All releases, the newest first; those of other versions of vitk and damaged ones come last."""
        if not self.folder.is_dir():
            return []
        found = [self._get_or_damaged(path) for path in self.folder.iterdir() if not path.name.startswith(".")]
        releases = [release for release in found if release is not None]
        return sorted(releases, key=lambda release: (release.built, release.id), reverse=True)

    def _get_or_damaged(self, path: Path) -> Release | None:
        # One damaged release must not keep the others from being listed, and itself from being removed in time.
        try:
            return self.get(path.name)
        except VitkError:
            return Release(path, {})

    def prune(self, keep: int = RELEASES_TO_KEEP) -> list[Release]:
        """Removes all but the newest releases; the one that is served stays. Returns those removed."""
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
