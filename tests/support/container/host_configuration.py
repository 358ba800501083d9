"""What pip and npm need on this machine, for the build in a container: its indexes, certificates and caches."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

_MOUNTS = "/run/host"


def volumes(folder: Path) -> list[str]:
    """Options of ``buildah build`` that lend the configuration of pip and npm to each of its commands.

    Args:
        folder: takes the files of configuration that are written here.
    """
    lent: dict[str, str] = {}
    pip, npm = folder / "pip.conf", folder / "npmrc"
    pip.write_text(_pip(lent), "utf-8")
    npm.write_text(_npm(lent), "utf-8")
    home = Path("~root").expanduser()
    mounts = [f"{path}:{target}:ro" for path, target in lent.items()]
    mounts += [f"{pip}:/etc/pip.conf:ro", f"{npm}:{home}/.npmrc:ro"]
    mounts += [f"{cache}:{home}/{name}" for name in (".cache/pip", ".npm") if (cache := Path.home() / name).is_dir()]
    return [f"--volume={mount}" for mount in mounts]


def _pip(lent: dict[str, str]) -> str:
    # With PIP_QUIET, pip does not print its configuration.
    audible = {name: value for name, value in os.environ.items() if name != "PIP_QUIET"}
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, env=audible).stdout
    # Lines such as global.cert='/etc/ssl/ca.crt'; variables of the environment have the section ":env:", and come last.
    options = dict(re.findall(r"^[\w:]+\.([\w-]+)='(.*)'$", listed, re.MULTILINE))
    return "[global]\n" + _file(options, lent)


def _npm(lent: dict[str, str]) -> str:
    options = {"cafile": os.environ.get("NODE_EXTRA_CA_CERTS", "")}
    if npm := shutil.which("npm"):
        for name in ("cafile", "registry"):
            printed = subprocess.run([npm, "config", "get", name], capture_output=True, text=True, check=True)
            value = printed.stdout.strip()
            options[name] = value if value != "null" else options.get(name, "")
    return _file(options, lent)


def _file(options: dict[str, str], lent: dict[str, str]) -> str:
    values = {name: _in_container(value, lent) for name, value in options.items()}
    return "".join(f"{name} = {value}\n" for name, value in values.items() if value)


def _in_container(value: str, lent: dict[str, str]) -> str:
    """The value with files where the container has them, and without folders: packages in those are in an index too."""
    words = []
    for word in value.replace("\\n", " ").split():
        path = Path(word.removeprefix("file://"))
        if path.is_absolute() and path.is_file():
            words.append(lent.setdefault(str(path), f"{_MOUNTS}/{len(lent)}"))
        elif not path.is_absolute():
            words.append(word)
    return " ".join(words)
