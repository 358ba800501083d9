"""The files of the project, where git knows them and where it does not: in an unpacked archive."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.support.paths import ROOT

# Made by tools (.gitignore), or by the archive that holds the project.
_MADE_FOLDERS = {".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".schemathesis", ".venv",
                 "__pycache__", "node_modules"}  # fmt: skip
_MADE_PATHS = {".ci/screenshots", "build", "dist", "server/static/dist", "PKG-INFO"}


def committed_files(root: Path = ROOT) -> list[str]:
    """The paths of all files that belong to the project, relative to its root and sorted.

    In a checkout these are the files that git tracks; elsewhere all files but those that tools made.
    """
    if (root / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
        return sorted(name for name in listed.splitlines() if (root / name).is_file())
    paths = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(path.as_posix() for path in paths if not _is_made(path))


def _is_made(path: Path) -> bool:
    folders = [folder.as_posix() for folder in path.parents]
    return bool(
        _MADE_FOLDERS.intersection(path.parts)
        or _MADE_PATHS.intersection([path.as_posix(), *folders])
        or any(part.endswith(".egg-info") for part in path.parts)
    )
