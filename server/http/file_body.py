"""Response bodies in files: the HTTP server sends them by itself, however slowly the client reads."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from kg.rdf.anonymous_file import anonymous_file

# Bytes up to which a body is sent from memory: about what the HTTP server buffers of a file.
IN_MEMORY = 512 << 10
_CHUNK = 1 << 16


class FileBody:
    """Part of a file as the body of a response; any WSGI server can iterate over it.

    Args:
        source: path of a file that stays, or an open file, which the body closes.
        length: number of bytes.
        start: offset of the first byte.
        is_shared: whether several responses have this body, so that sending one does not close the file.

    Attributes:
        path: where the file is, or "" while it has no name.
    """

    def __init__(self, source: Path | BinaryIO, length: int, start: int = 0, *, is_shared: bool = False) -> None:
        self.path = str(source) if isinstance(source, Path) else ""
        self.file = None if isinstance(source, Path) else source
        self.start, self.length, self.is_shared = start, length, is_shared
        if self.file is not None:
            # A shared file is closed with the last response that has it.
            weakref.finalize(self, self.file.close)

    @classmethod
    def of(cls, content: bytes, *, is_shared: bool = False) -> FileBody:
        """Writes bytes to a file without a name.

        Raises:
            OSError: the disk is full.
        """
        file = anonymous_file()
        try:
            file.write(content)
            file.flush()
        except OSError:
            file.close()
            raise
        return cls(file, len(content), is_shared=is_shared)

    def __iter__(self) -> Iterator[bytes]:
        """Yields the bytes in pieces, without moving the position of the file."""
        with Path(self.path).open("rb") if self.file is None else nullcontext(self.file) as file:
            at, end = self.start, self.start + self.length
            while piece := os.pread(file.fileno(), min(_CHUNK, end - at), at):
                at += len(piece)
                yield piece

    def close(self) -> None:
        """Closes the file, unless other responses have this body too."""
        if self.file is not None and not self.is_shared:
            self.file.close()
