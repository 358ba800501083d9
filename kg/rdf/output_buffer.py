"""Collects a result in memory while it is small and in an unlinked file beyond that, up to a limit."""

from __future__ import annotations

from typing import Any, BinaryIO, Protocol

# Bytes up to which a result stays in memory.
INLINE = 1 << 20
# Bytes written to the file at a time.
_SPILL = 1 << 16


class NotSerialisableError(ValueError):
    """The format cannot represent the result; the message names the reason and a format that can."""


class Writable(Protocol):
    """A binary output, as the serialisers expect it."""

    def write(self, piece: bytes, /) -> Any:
        """Writes some bytes."""


class OutputFileError(Exception):
    """The file of the result cannot be written, usually because the disk is full."""


class OutputLimitError(Exception):
    """The result has more bytes than allowed."""


class SpooledOutput:
    """A binary output with a size limit, as the engine's serialisers expect it.

    Args:
        limit: maximum size in bytes; beyond it ``write`` raises, which stops the engine.
        file: an empty file without a buffer of its own; used only for results above ``INLINE`` bytes. ``None`` where
            none could be made.

    Attributes:
        is_full: whether the file could not be written, whatever the engine made of that error.
    """

    is_full = False

    def __init__(self, limit: int, file: BinaryIO | None) -> None:
        self._file, self._limit = file, limit
        self._pieces: list[bytes] = []
        self.size = self._buffered = 0

    @property
    def used_the_file(self) -> bool:
        """Whether the result was too large for memory."""
        return self.size > INLINE

    def write(self, piece: bytes) -> int:
        """Adds some bytes; returns their number.

        Raises:
            OutputLimitError: the result exceeds the limit.
            OutputFileError: the file cannot be written.
        """
        self.size += len(piece)
        if self.size > self._limit:
            raise OutputLimitError
        self._pieces.append(bytes(piece))
        self._buffered += len(piece)
        # The engine writes term by term, and each write to the file is a system call.
        if self.used_the_file and self._buffered >= _SPILL:
            self._buffered = 0
            self._spill()
        return len(piece)

    def flush(self) -> None:
        """Does nothing; the engine calls it, but the result is only delivered once it is complete."""

    def finish(self) -> bytes | BinaryIO:
        """Returns the result as bytes or, if it is large, as the file, positioned at its start.

        Raises:
            OutputFileError: the file cannot be written.
        """
        if not self.used_the_file:
            return b"".join(self._pieces)
        self._spill()
        assert self._file is not None
        self._file.seek(0)
        return self._file

    def _spill(self) -> None:
        content = memoryview(b"".join(self._pieces))
        self._pieces.clear()
        if self.is_full or self._file is None:
            self.is_full = True
            raise OutputFileError
        try:
            while content:
                content = content[self._file.write(content) :]
        except OSError as error:
            self.is_full = True
            raise OutputFileError from error
