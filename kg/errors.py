"""What can go wrong in a way that a person can mend."""

from __future__ import annotations

from pathlib import Path


class VitkError(Exception):
    """A failure told in one sentence that says what to do; the command line shows it without a traceback."""


class CuratedFileError(VitkError):
    """A curated file that can't be read or that breaks a rule."""

    def __init__(self, problems: list[CuratedProblem]) -> None:
        self.problems = problems
        shown = [str(problem) for problem in problems[:20]]
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more problems")
        super().__init__("\n".join(shown))


class CuratedProblem:
    """One broken rule: where, which rule, and what to do."""

    def __init__(self, path: Path, line: int | None, rule: str, message: str) -> None:
        self.path, self.line, self.rule, self.message = path, line, rule, message

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message} [{self.rule}]"
