"""Whether a run of pytest uses several processes: where most of the suite runs, and not for one test or a debugger."""

from __future__ import annotations

import argparse
import os

MAX_PROCESSES = 8
# Options of pytest that choose some tests, show what only one process can show, or run none.
_NARROWING = (
    *("keyword", "lf", "failedfirst", "newfirst", "stepwise", "stepwise_skip", "usepdb", "trace", "collectonly"),
    *("setuponly", "setupshow", "setupplan", "showfixtures", "show_fixtures_per_test", "markers"),
)


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def process_count(options: argparse.Namespace, *, has_paths: bool, cores: int) -> int:
    """How many processes run the tests; 0 leaves the choice to pytest's own options.

    Args:
        options: pytest's options; without those of pytest-xdist where it is missing or switched off.
        has_paths: whether files, folders or tests were named on the command line.
        cores: cores that may be used.
    """
    if not hasattr(options, "numprocesses"):
        return 0
    is_chosen = options.numprocesses is not None or options.dist != "no" or options.tx or options.distload
    is_narrow = has_paths or options.capture == "no" or any(getattr(options, name, False) for name in _NARROWING)
    return 0 if is_chosen or is_narrow or cores < 2 else min(cores, MAX_PROCESSES)


def arranged(needs_release: list[bool], processes: int) -> list[int]:
    """The order in which tests run: pytest-xdist gives each process a slice, and the first one begins with the release.

    The other processes begin with tests that do without the release, so that nobody waits while it is being built.

    Args:
        needs_release: for each test whether it needs the full release.
        processes: how many processes run the tests.

    Returns:
        The positions of the tests in their new order.
    """
    need = [position for position, needed in enumerate(needs_release) if needed]
    others = [position for position, needed in enumerate(needs_release) if not needed]
    first = min(len(need), -(-len(needs_release) // max(processes, 1)))
    return [*need[:first], *others, *need[first:]]
