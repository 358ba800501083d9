"""Style sheets, images and browser modules: held in memory, compressed once, each at a URL with a hash of its content.

The modules in ``static/dist`` are bundled when vitk is installed; their file names contain a hash. The URL of every
other file has one in its query string, so browsers may cache all of them forever. Pages work without the modules.
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
# Fonts of charts that are sent as PNG; browsers have fonts of their own.
_NOT_SERVED_SUFFIX = ".ttf"


@dataclass(frozen=True)
class Asset:
    """A static file.

    Attributes:
        content: its bytes.
        compressed: the same with gzip, or ``None`` where that saves nothing.
        media_type: value of Content-Type.
        hash: first 12 hexadecimal digits of the SHA-256 of its content.
    """

    content: bytes
    compressed: bytes | None
    media_type: str
    hash: str


class Assets:
    """The static files of a folder, by relative path.

    Args:
        folder: the folder to read; by default ``server/static``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        paths = [
            path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in (".gz", _NOT_SERVED_SUFFIX)
        ]
        self._files = {
            path.relative_to(folder).as_posix(): _read(path) for path in paths if path.name not in _NOT_SERVED
        }
        manifest = folder / BUNDLES / "manifest.json"
        self._modules: dict[str, str] = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else {}

    def get(self, name: str) -> Asset | None:
        """Returns the file with this relative path, or ``None``."""
        return self._files.get(name)

    def module(self, name: str) -> str | None:
        """Returns the relative path of a bundled browser module, or ``None`` if modules were not bundled."""
        bundled = self._modules.get(name)
        return f"{BUNDLES}/{bundled}" if bundled else None

    def address(self, name: str) -> str:
        """Returns the URL path of a file with a hash of its content, so that a new version has a new URL."""
        asset = self._files.get(name)
        path = f"/static/{quote(name)}"
        return path if asset is None or name.startswith(BUNDLES + "/") else f"{path}?v={asset.hash}"


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    precompressed = path.with_name(path.name + ".gz")
    compressed = precompressed.read_bytes() if precompressed.is_file() else gzip.compress(content, 9, mtime=0)
    media_type = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    is_compressible = "charset" in media_type and len(content) > COMPRESSION_THRESHOLD
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, compressed if is_compressible else None, media_type, digest)
