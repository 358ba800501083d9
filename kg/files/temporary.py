"""The folder for temporary files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kg.errors import VitkError


def temporary_folder() -> Path:
    """Returns the folder for temporary files: the one that ``TMPDIR`` names, or one of the system's.

    Raises:
        VitkError: none of them can be written.
    """
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        raise VitkError(f"{error.strerror}. Name a folder that can be written with TMPDIR.") from error
