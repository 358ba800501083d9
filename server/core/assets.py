"""Style sheets, pictures and browser modules: kept in memory, compressed once, each with an address of its content.

The modules in ``static/dist`` are bundled when vitk is installed; their names hold a hash. Every other file is linked
with a hash in its address, so browsers may keep all of them for good. Where modules are missing, pages do without.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from server.http.encoding import COMPRESSION_THRESHOLD

FOLDER = Path(__file__).parents[1] / "static"
BUNDLES = "dist"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
}
_NOT_SERVED = {"manifest.json", "stamp.txt"}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent; ``compressed`` is ``None`` where that would save nothing."""

    content: bytes
    compressed: bytes | None
    media_type: str
    hash: str


class Assets:
    """The files of a folder, by their paths in it."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".gz"]
        self._files = {
            path.relative_to(folder).as_posix(): _read(path) for path in paths if path.name not in _NOT_SERVED
        }
        manifest = folder / BUNDLES / "manifest.json"
        self._modules: dict[str, str] = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else {}

    def get(self, name: str) -> Asset | None:
        return self._files.get(name)

    def module(self, name: str) -> str | None:
        """The path of a browser module, or ``None`` where modules were not bundled."""
        bundled = self._modules.get(name)
        return f"{BUNDLES}/{bundled}" if bundled else None

    def address(self, name: str) -> str:
        """The path and query that stand for the file as it is now."""
        found = self._files.get(name)
        path = f"/static/{quote(name)}"
        return path if found is None or name.startswith(BUNDLES + "/") else f"{path}?v={found.hash}"


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    beside = path.with_name(path.name + ".gz")
    compressed = beside.read_bytes() if beside.is_file() else gzip.compress(content, 9, mtime=0)
    media_type = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    worth = "charset" in media_type and len(content) > COMPRESSION_THRESHOLD
    return Asset(content, compressed if worth else None, media_type, hashlib.sha256(content).hexdigest()[:12])
