"""Errors that a user can fix."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

# Whatever reading a damaged or incomplete file of a release raises, in the standard library and in the engine.
DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    sqlite3.Error,
    zlib.error,
)


class VitkError(Exception):
    """An error whose message says in one sentence what to do; the command line shows it without a traceback."""


class DamagedReleaseError(VitkError):
    """A file of a release is missing or cannot be read."""


class CuratedFileError(VitkError):
    """Curated files that cannot be read or that break a rule; ``problems`` has one entry for each."""

    def __init__(self, problems: list[CuratedProblem]) -> None:
        self.problems = problems
        shown = [str(problem) for problem in problems[:20]]
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more problems")
        super().__init__("\n".join(shown))


class CuratedProblem:
    """One broken rule: file, line (from 1, or ``None``), the rule, and a message that says what to do."""

    def __init__(self, path: Path, line: int | None, rule: str, message: str) -> None:
        self.path, self.line, self.rule, self.message = path, line, rule, message

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message} [{self.rule}]"
