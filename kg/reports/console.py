"""What commands report: data are printed as they are, and a reader who leaves does not stop the work."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from kg.reports.log import plain


class ReportConsole(Console):
    """A console without markup, for reports of work that goes on when nobody can read them."""

    def __init__(self) -> None:
        super().__init__(markup=False, highlight=False, emoji=False)

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
