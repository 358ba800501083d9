"""Compiled templates, in the user's cache folder: compiling those of one page takes as long as answering for it."""

from __future__ import annotations

import contextlib

import platformdirs
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from kg.settings import folder_of_user


class _TemplateCache(FileSystemBytecodeCache):
    """Does without what cannot be written, for example on a full disk."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Writes a compiled template; Jinja uses it only for the same source and version of Python."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def opened() -> FileSystemBytecodeCache | None:
    """Returns the cache, or ``None`` where there can't be a folder for it."""
    if (of_user := folder_of_user(platformdirs.user_cache_path)) is None:
        return None
    folder = of_user / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return _TemplateCache(str(folder))
