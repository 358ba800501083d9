"""From the launch of ``vitk serve`` to its first page, beside another commit: medians of starts that take turns.

    python -m tests.benchmarks.waiting.start COMMIT [--runs 7] [--data FOLDER]

Each commit serves a release of its own, which is there already. ``serve`` first finds out whether the release is that
of the present files; ``serve --no-build`` does not. Installed packages come with bytecode; where Python may not write
any, such as in some containers, each start compiles vitk's modules, so both are measured. Times are wall-clock and, in
brackets, processor time of all processes up to then; both as the ratio of ours to that of the commit.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.against_commit import ROOT, built, checked_out, command, environment
from tests.benchmarks.peers import free_port

PAGE = "/page/natto"
MODES = {"serve": (), "serve --no-build": ("--no-build",)}
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--data", type=Path, help="folder for the releases, to use them again")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vitk-benchmark-")))
        other = stack.enter_context(checked_out(chosen.commit, folder / "other"))
        data = chosen.data or folder
        trees = {"ours": (ROOT, data / "ours"), chosen.commit[:9]: (other, data / chosen.commit[:9])}
        for tree, release in trees.values():
            if not (release / "current").exists():
                built(tree, release)
        print(f"{'launch to first page, s':<34}{'ours':>16}{chosen.commit[:9]:>16}{'ratio':>14}")
        for bytecode in (folder / "bytecode", None):
            for title, flags in MODES.items():
                times: dict[str, list[tuple[float, float]]] = {name: [] for name in trees}
                for run in range(-1, chosen.runs):
                    for name, (tree, release) in trees.items():
                        found = first_page(tree, release, flags, bytecode)
                        # The first run fills caches.
                        times[name] += [found] if run >= 0 else []
                show(f"{title}, {'bytecode' if bytecode else 'source'}", *times.values())


def first_page(tree: Path, data: Path, flags: tuple[str, ...], bytecode: Path | None) -> tuple[float, float]:
    """Starts a server and ends it after its first page; returns seconds, and processor seconds of all its processes."""
    own = environment(tree)
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    own |= {"PYTHONPYCACHEPREFIX": str(bytecode)} if bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}
    port = free_port()
    arguments = ("serve", *flags, "--data-dir", str(data), "--port", str(port))
    started = time.perf_counter()
    process = subprocess.Popen(command(*arguments), cwd=tree, env=own, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{PAGE}", timeout=60).close()
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, "the server ended"
                time.sleep(0.01)
            else:
                return time.perf_counter() - started, processor_seconds(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def processor_seconds(pid: int) -> float:
    """Processor time of a process, of those that it started, and of those among them that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    children = [
        int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()
    ]
    return sum(map(int, fields[11:15])) / _TICKS + sum(map(processor_seconds, children))


def show(title: str, ours: list[tuple[float, float]], other: list[tuple[float, float]]) -> None:
    wall, processor = (
        [statistics.median(found[part] for found in times) for times in (ours, other)] for part in (0, 1)
    )
    print(
        f"{title:<34}{wall[0]:>8.2f} ({processor[0]:.2f}){wall[1]:>9.2f} ({processor[1]:.2f})"
        f"{wall[0] / wall[1]:>8.2f} ({processor[0] / processor[1]:.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
