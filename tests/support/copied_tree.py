"""A copy of the source tree that a test may edit, as another version of vitk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

_NOT_COPIED = shutil.ignore_patterns("__pycache__", "data", "ui", "dist")


def copy_tree(folder: Path) -> Path:
    """Copies code, ontology and catalogue, without the curated files, and returns the folder."""
    for name in ("kg", "ontology", "server"):
        shutil.copytree(ROOT / name, folder / name, ignore=_NOT_COPIED)
    return folder


def run_python(tree: Path, code: str, *arguments: object, **environment: str) -> str:
    """The output of Python code that imports vitk from a tree."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
