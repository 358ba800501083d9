"""A temporary file without a name, which may get one later."""

from __future__ import annotations

import os
import tempfile
from typing import BinaryIO, cast


def anonymous_file(*, buffering: int = -1) -> BinaryIO:
    """Opens a temporary file that disappears with its last descriptor.

    Unlike one of ``tempfile``, it can be given a name (``linkat``) where the file system has ``O_TMPFILE``: the HTTP
    server opens files by name.

    Args:
        buffering: as of ``open``; 0 if closing must write nothing.

    Raises:
        OSError: the disk is full.
    """
    try:
        descriptor = os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        return cast("BinaryIO", tempfile.TemporaryFile(buffering=buffering))
    return os.fdopen(descriptor, "w+b", buffering)
