"""This checkout beside another commit on the same machine: medians of alternating runs, and their ratios.

    python -m tests.benchmarks.against_commit COMMIT [--runs 7] [--seconds 1] [--servers 3]

The commit is checked out into a temporary folder and run by the same Python. Each of the two builds a release of its own
and serves it; then each figure is taken from one and the other in turn. Rates are requests a second, so a ratio above 1
means that this checkout is faster; times are given as the ratio of the commit's to ours, with the same meaning.

Two servers of one commit differ by a tenth and more, by the cores on which the system has put their threads, and so do
two short measurements of one server. So each commit has several servers, and a run is made of short measurements that
go round all of them.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from . import load
from .peers import free_port

ROOT = Path(__file__).parents[2]
LOOKUP = "PREFIX id: <https://w3id.org/vitk/id/> SELECT ?p ?o { id:natto ?p ?o } # %d"
JOIN = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT ?s ?label ?type ?typeLabel { ?s a ?type ; rdfs:label ?label . ?type rdfs:label ?typeLabel } LIMIT 1000 # %d"
)
# Seconds of one measurement.
SLICE = 0.15
# The server of a commit may be started in several ways; the first that imports is taken.
START = """
import importlib
for name in ("server.cli.main", "server.cli.serve", "server.cli"):
    try:
        main = importlib.import_module(name).main
        break
    except (ImportError, AttributeError):
        continue
main()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--servers", type=int, default=3)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vitk-benchmark-")))
        other = stack.enter_context(checked_out(chosen.commit, folder / "other"))
        trees = {"ours": ROOT, chosen.commit[:9]: other}
        builds = {name: built(tree, folder / name) for name, tree in trees.items()}
        starts = {name: [start_time(tree, folder / name) for _ in range(3)] for name, tree in trees.items()}
        queries = {name: query_time(tree, folder / name) for name, tree in trees.items()}
        pairs = [
            [(name, stack.enter_context(serving(tree, folder / name))) for name, tree in trees.items()]
            for _ in range(chosen.servers)
        ]
        settle(port for pair in pairs for _, port in pair)
        print(f"{'figure':<34}{'ours':>12}{chosen.commit[:9]:>12}{'ratio':>8}")
        show("build, s", builds["ours"], builds[chosen.commit[:9]], lower_is_better=True)
        show(
            "first answer after start, s",
            *(statistics.median(times) for times in starts.values()),
            lower_is_better=True,
        )
        show("vitk query, s", *queries.values(), lower_is_better=True)
        for title, make in figures().items():
            rates: dict[str, list[float]] = {name: [] for name in trees}
            for turn in range(round(chosen.runs * chosen.seconds / SLICE)):
                pair = pairs[turn % len(pairs)]
                # Whoever is second finds the machine as the first one left it.
                for name, port in pair if turn // len(pairs) % 2 else reversed(pair):
                    rates[name].append(load.rate(make(f"http://127.0.0.1:{port}"), 4, SLICE))
            show(title, *(statistics.median(found) for found in rates.values()))


def figures() -> dict[str, Callable[[str], Callable[[], bytes]]]:
    """What is measured: by title, a function that gives requests to an address."""
    numbers = count()

    def fresh(query: str) -> Callable[[str], Callable[[], bytes]]:
        return lambda address: lambda: load.request(sparql(address, query % next(numbers)), {})

    def same(path: str, headers: dict[str, str] | None = None) -> Callable[[str], Callable[[], bytes]]:
        return lambda address: lambda: load.request(address + path, headers or {})

    page = {"Accept": "text/html"}
    return {
        "lookup by SPARQL, first": fresh(LOOKUP),
        "lookup by SPARQL, repeated": lambda address: lambda: load.request(sparql(address, LOOKUP % 0), {}),
        "1,000-row join, first": fresh(JOIN),
        "1,000-row join, repeated": lambda address: lambda: load.request(sparql(address, JOIN % 0), {}),
        "page of MK-7, first": lambda address: (
            lambda: load.request(f"{address}/page/menaquinone-7?n={next(numbers)}", page)
        ),
        "page of MK-7, repeated": same("/page/menaquinone-7", page),
        "page of MK-7, gzip": same("/page/menaquinone-7", page | {"Accept-Encoding": "gzip"}),
        "page of MK-7, not modified": lambda address: not_modified(address + "/page/menaquinone-7", page),
        "API, foods, first": lambda address: (
            lambda: load.request(f"{address}/api/v1/foods?form=mk-7&limit={next(numbers) % 900 + 1}", {})
        ),
        "style sheet": same("/static/vitk.css"),
    }


def sparql(address: str, query: str) -> str:
    return f"{address}/sparql?format=json&query={urllib.parse.quote(query)}"


def not_modified(address: str, headers: dict[str, str]) -> Callable[[], bytes]:
    etag = load.header(load.request(address, headers), address, "ETag")
    message = load.request(address, headers | {"If-None-Match": etag})
    return lambda: message


def show(title: str, ours: float, other: float, *, lower_is_better: bool = False) -> None:
    ratio = other / ours if lower_is_better else ours / other
    print(f"{title:<34}{ours:>12,.2f}{other:>12,.2f}{ratio:>8.2f}", flush=True)


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """A work tree of the commit, with the browser modules of this one."""
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", folder, commit], cwd=ROOT, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", START, *arguments]


def environment(tree: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VITK_")}
    return own | {"PYTHONPATH": str(tree)}


def built(tree: Path, data: Path) -> float:
    """Builds a release; returns seconds."""
    started = time.perf_counter()
    subprocess.run(
        command("build", "--data-dir", str(data)),
        cwd=tree,
        env=environment(tree),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def start_time(tree: Path, data: Path) -> float:
    started = time.perf_counter()
    with serving(tree, data):
        return time.perf_counter() - started


def query_time(tree: Path, data: Path) -> float:
    """Median of the seconds that ``vitk query`` takes for the smallest query, start of Python included."""
    file = data / "ask.rq"
    file.write_text("ASK {}", "utf-8")
    times = []
    for _ in range(7):
        started = time.perf_counter()
        subprocess.run(
            command("query", str(file), "--data-dir", str(data)),
            cwd=tree,
            env=environment(tree),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def settle(ports: Iterable[int]) -> None:
    """Waits until servers have their graphs in memory; those of all commits take the same time."""
    for port in ports:
        load.wait(f"http://127.0.0.1:{port}/readyz")
    time.sleep(20)


@contextmanager
def serving(tree: Path, data: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        command("serve", "--no-build", "--data-dir", str(data), "--port", str(port)),
        cwd=tree,
        env=environment(tree),
        stdout=subprocess.DEVNULL,
    )
    try:
        load.wait(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


if __name__ == "__main__":
    main()
