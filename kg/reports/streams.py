"""The standard streams of commands: any text can be written, and what cannot be written is reported by name."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

STANDARD_OUTPUT = "standard output"


class _StandardOutput(io.FileIO):
    """Standard output, of which a failure says that it is one of standard output."""

    def write(self, data: Any, /) -> int:
        """Writes bytes, as ``FileIO`` does."""
        try:
            return super().write(data)
        except OSError as error:
            error.filename = STANDARD_OUTPUT
            # What is left in buffers would fail once more when Python ends.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            raise


def prepare() -> None:
    """Prepares the standard streams of this process, once: a closed one is empty or takes everything, as /dev/null."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Otherwise the next file that is opened would get the number, and what is printed.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - there is no keyword
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False))  # noqa: SIM115
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = sys.__stdout__ = _named(sys.stdout)  # type: ignore[misc]


def _named(stdout: io.TextIOWrapper) -> io.TextIOWrapper:
    stdout.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_StandardOutput(stdout.fileno(), "w", closefd=False)),
        encoding=stdout.encoding,
        # What the encoding lacks is written as escapes.
        errors="backslashreplace",
        line_buffering=stdout.line_buffering or stdout.write_through,
    )
