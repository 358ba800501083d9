"""Limits of this process that would end it, or a library in it, without a word (getrlimit(2))."""

from __future__ import annotations

import resource
from pathlib import Path

# The engine keeps 96 files open, and workers and connections have theirs.
FEWEST_FILES = 128
# What is enough for a server with many connections, where the shell may raise its limit.
_FILES = 1024
# Libraries reserve far more addresses than they use memory, and abort where they cannot.
LEAST_ADDRESSES = 950 << 20


def prepare() -> str:
    """Raises the limit of open files, as far as it may be; returns what is missing in a sentence, or ""."""
    soft, hard = _limit(resource.RLIMIT_NOFILE)
    if soft < _FILES:
        soft = min(hard, _FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return problem(soft, _limit(resource.RLIMIT_AS)[0]) or _problem_of_folder()


def problem(files: int, addresses: int) -> str:
    """Says which limit is too low; "" if none is.

    Args:
        files: how many files may be open.
        addresses: bytes of address space.
    """
    if files < FEWEST_FILES:
        return f"Only {files} files may be open at once, and vitk needs {FEWEST_FILES}: ulimit -n {FEWEST_FILES}"
    if addresses < LEAST_ADDRESSES:
        return (
            f"This process may have {addresses >> 20} MiB of addresses, and vitk reserves {LEAST_ADDRESSES >> 20} MiB, "
            "most of which it does not use. Limit memory by a control group, and not by ulimit -v."
        )
    return ""


def _limit(kind: int) -> tuple[int, int]:
    """The soft and the hard limit; the library gives -1 for none."""
    soft, hard = (limit if limit >= 0 else 1 << 62 for limit in resource.getrlimit(kind))
    return soft, hard


def _problem_of_folder() -> str:
    try:
        Path.cwd()
    except OSError:
        return "The current folder does not exist any more. Change to another one."
    return ""
