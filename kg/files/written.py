"""Writing a file whose name a user gave."""

from __future__ import annotations

from pathlib import Path

from kg.errors import VitkError


def write(target: Path, content: bytes) -> None:
    """Writes a file, and the folders above it where they are missing.

    Raises:
        VitkError: it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise VitkError(f"{target}: cannot be written: {error.strerror}.") from error
