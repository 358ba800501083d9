"""How much memory this process may use: a build that takes more is killed, and then nobody can say why."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

# Bytes that a build of the packaged data takes at its peak, Java included; measured as the sum of the proportional set
# sizes of its processes, which was 790 MiB.
NEEDED = 900 << 20
_GROUPS = Path("/sys/fs/cgroup")
# In version 2 and 1 of control groups.
_LIMITS = ("memory.max", "memory.limit_in_bytes")


def shortage(needed: int = NEEDED) -> str:
    """Returns a sentence if a build may need more memory than there is, else ""."""
    there = memory_limit()
    if there >= needed:
        return ""
    return (
        f"There are {there >> 20} MiB of memory, and a build of the packaged data takes up to {needed >> 20} MiB: "
        "the system may kill it. The current release stays, and vitk serve --no-build serves it."
    )


def memory_limit(of_processes: Path = Path("/proc"), of_groups: Path = _GROUPS) -> int:
    """Returns the bytes that this process may use: the machine's memory, or less where a control group has a limit.

    Args:
        of_processes: where the kernel describes processes (proc(5)).
        of_groups: where control groups are mounted (cgroups(7)).
    """
    lines = (of_processes / "meminfo").read_text("ascii").splitlines()
    (total,) = [int(line.split()[1]) << 10 for line in lines if line.startswith("MemTotal:")]
    return min([total, *_limits(of_processes, of_groups)])


def _limits(of_processes: Path, of_groups: Path) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for line in (of_processes / "self" / "cgroup").read_text("utf-8", "replace").splitlines():
            _, controllers, name = line.split(":", 2)
            folder = of_groups / controllers / name.lstrip("/")
            # Those above have limits too; in a container, they are not seen.
            for group in (folder, *folder.parents):
                if group.is_relative_to(of_groups):
                    yield from _limits_of(group)


def _limits_of(group: Path) -> Iterator[int]:
    for name in _LIMITS:
        # A limit that is not set is a word.
        with contextlib.suppress(OSError, ValueError):
            yield int((group / name).read_text("ascii"))
