"""Where an answer is collected: in memory while it is small, in an unlinked file from then on, never past its limit."""

from __future__ import annotations

from typing import Any, BinaryIO, Protocol

INLINE = 1 << 20


class NotSerialisableError(ValueError):
    """The format has no way to say it; the message tells what, and which format to ask for."""


class Writable(Protocol):
    """What answers are written to."""

    def write(self, piece: bytes, /) -> Any: ...


class OutputLimitError(Exception):
    """The answer has grown past its limit."""


class SpooledOutput:
    """A file-like object, as the engine's writers want it.

    Args:
        limit: bytes at which ``write`` raises, which stops the engine.
        file: an empty file; used only when the answer is not small.
    """

    def __init__(self, limit: int, file: BinaryIO) -> None:
        self._file, self._limit = file, limit
        self._pieces: list[bytes] = []
        self.size = 0

    @property
    def used_the_file(self) -> bool:
        return self.size > INLINE

    def write(self, piece: bytes) -> int:
        self.size += len(piece)
        if self.size > self._limit:
            raise OutputLimitError
        self._pieces.append(bytes(piece))
        if self.used_the_file:
            self._spill()
        return len(piece)

    def flush(self) -> None:
        """The engine calls it; what is written goes out when the answer is complete."""

    def finish(self) -> bytes | BinaryIO:
        """The answer as bytes, or as the file, at its start."""
        if not self.used_the_file:
            return b"".join(self._pieces)
        self._spill()
        self._file.flush()
        self._file.seek(0)
        return self._file

    def _spill(self) -> None:
        self._file.writelines(self._pieces)
        self._pieces.clear()
