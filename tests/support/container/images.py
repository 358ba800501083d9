"""Images that Buildah builds from the repository's ``Containerfile``."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.container import host_configuration
from tests.support.paths import ROOT

# Each with the package of Debian that holds it.
PROGRAMS = {"buildah": "buildah", "bwrap": "bubblewrap", "mmdebstrap": "mmdebstrap", "nsenter": "util-linux"}
_BASE = "localhost/base"
# As the makers of Debian's slim images leave out.
_LEFT_OUT = ("doc", "info", "locale", "man")
_MERGED_USR = "/usr/share/mmdebstrap/hooks/merged-usr"


@dataclass(frozen=True)
class Image:
    """A built image.

    Attributes:
        root: its files.
        config: what its ``Containerfile`` says about how it is run, by the names that Docker uses.
        bytes: the size of its files.
    """

    root: Path
    config: dict[str, Any]
    bytes: int

    def ids(self, user: str) -> tuple[int, int]:
        """The numbers of a user and its group."""
        lines = (self.root / "etc" / "passwd").read_text("utf-8").splitlines()
        (found,) = [line.split(":") for line in lines if line.startswith(f"{user}:")]
        return int(found[2]), int(found[3])


class Storage:
    """Images in a folder of their own, on a base that is made like Debian's slim image."""

    def __init__(self, folder: Path) -> None:
        for program, package in PROGRAMS.items():
            assert shutil.which(program), f"{program} is missing: apt-get install {package}"
        self._folder = folder

    def build(self, target: str) -> Image:
        """Builds a stage of the ``Containerfile``.

        Raises:
            AssertionError: a command of it failed; with the end of what it said.
        """
        name = f"localhost/{target}"
        # Without --network, --isolation and --volume this is what a user types.
        options = ["--format=docker", "--pull-never", "--network=host", "--isolation=chroot", f"--target={target}"]
        options += [f"--build-arg=BASE={_BASE}", f"--tag={name}", *host_configuration.volumes(self._folder)]
        self._buildah("build", *options, f"--file={ROOT / 'Containerfile'}", str(ROOT))
        root = Path(self._buildah("mount", self._buildah("from", "--pull-never", name)))
        document = json.loads(self._buildah("inspect", "--type=image", name))
        return Image(root, document["Docker"]["config"], _bytes_of(root))

    def remove(self) -> None:
        """Removes all images."""
        self._buildah("rm", "--all")
        self._buildah("rmi", "--all", "--force")
        # Buildah mounts this folder on itself.
        subprocess.run(["umount", str(self._folder / "images" / "overlay")], check=False, capture_output=True)
        shutil.rmtree(self._folder)

    def make_base(self) -> None:
        """Makes the image on which all others are built."""
        container = self._buildah("from", "scratch")
        root = self._buildah("mount", container)
        left_out = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in _LEFT_OUT]
        options = ["--variant=minbase", f"--hook-dir={_MERGED_USR}", "--include=usr-is-merged", *left_out]
        # The system need not survive a power cut in these seconds.
        _run("mmdebstrap", "--quiet", "--format=directory", "--dpkgopt=force-unsafe-io", *options, "bookworm", root)
        self._buildah("commit", "--rm", "--format=docker", container, _BASE)

    def _buildah(self, *arguments: str) -> str:
        return _run("buildah", f"--root={self._folder / 'images'}", f"--runroot={self._folder / 'run'}", *arguments)


@contextmanager
def storage(folder: Path) -> Iterator[Storage]:
    """A storage in a new folder; it is removed in the end."""
    made = Storage(folder)
    try:
        made.make_base()
        yield made
    finally:
        made.remove()


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=1200)
    assert done.returncode == 0, f"{' '.join(command[:4])} …: {(done.stdout + done.stderr)[-5000:]}"
    return done.stdout.strip()


def _bytes_of(root: Path) -> int:
    files = {(status.st_dev, status.st_ino): status.st_size for path in root.rglob("*") if (status := path.lstat())}
    return sum(files.values())
