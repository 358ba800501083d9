"""Lines on standard error. A log that cannot be written costs the log, never what is logged."""

from __future__ import annotations

import contextlib
import sys


def write_line(text: str) -> None:
    """Writes a line to standard error; it is lost if standard error is closed, full or broken."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text + "\n")
