"""What commands report: data are printed as they are, and a reader who leaves does not stop the work."""

from __future__ import annotations

import io
import os
import re
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

# A terminal would obey these; lines and tabs only move the cursor on.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Returns a text with its control characters written as escapes."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


class ReportConsole(Console):
    """A console without markup, for reports of work that goes on when nobody can read them."""

    def __init__(self) -> None:
        super().__init__(markup=False, highlight=False, emoji=False)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # What its encoding lacks is written as escapes.
            sys.stdout.reconfigure(errors="backslashreplace")

    def print_line(self, text: str) -> None:
        """Prints a line, however long, as it is."""
        self.print(Text(plain(text)), soft_wrap=True)

    def print(self, *objects: Any, **options: Any) -> None:
        """Prints as ``Console`` does; where that fails, nothing more is printed."""
        try:
            super().print(*objects, **options)
        except (OSError, ValueError):
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Stops printing; unlike ``Console``, does not end the process."""
        self.quiet = True
        if sys.stdout is sys.__stdout__ and sys.stdout is not None:
            # What is left in the buffer would fail once more when Python ends.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
