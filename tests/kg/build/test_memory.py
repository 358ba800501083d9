"""The memory that a build may use, as the kernel says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import memory

MIB = 1 << 20


@pytest.mark.parametrize(
    ("group", "limits", "expected"),
    [
        ("0::/", {}, 2048),
        ("0::/", {"memory.max": "536870912"}, 512),
        ("0::/a/b", {"a/b/memory.max": "max", "a/memory.max": "1073741824"}, 1024),
        ("4:memory:/a", {"memory/a/memory.limit_in_bytes": "536870912"}, 512),
        ("4:memory:/a", {"memory/memory.limit_in_bytes": "9223372036854771712"}, 2048),
        ("0::/../x", {}, 2048),
    ],
)
def test_the_least_limit_counts(group: str, limits: dict[str, str], expected: int, tmp_path: Path) -> None:
    processes, groups = tmp_path / "proc", tmp_path / "groups"
    (processes / "self").mkdir(parents=True)
    (processes / "meminfo").write_text("MemTotal:        2097152 kB\nMemFree:  1 kB\n", "ascii")
    (processes / "self" / "cgroup").write_text(f"{group}\n", "ascii")
    for name, text in limits.items():
        (groups / name).parent.mkdir(parents=True, exist_ok=True)
        (groups / name).write_text(f"{text}\n", "ascii")
    assert memory.memory_limit(processes, groups) == expected * MIB


def test_a_shortage_is_a_sentence_with_both_numbers() -> None:
    assert memory.shortage(needed=1) == ""
    limit = memory.memory_limit()
    message = memory.shortage(needed=limit + MIB)
    assert f"{limit >> 20} MiB" in message
    assert "--no-build" in message
