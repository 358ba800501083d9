"""The time of every answer of the API over HTTP on one connection: asked for the first time, and asked again.

    python -m tests.benchmarks.catalogue [--data-dir FOLDER] [--all]

*First* is the median of requests that were never made before (an Accept header that counts), *repeated* of one that is
made again and again; both in milliseconds, the way over the loopback included. What is slower than its bound is marked;
without ``--all`` the table shows the slowest twenty.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from kg.catalogue.catalogue import Catalogue
from kg.rdf.vocabulary import Vocabulary
from kg.release.release import Releases
from server import api
from server.api import snippets
from server.api.operation import Operation

from .serving import connected, serving

FIRST, REPEATED = 100.0, 3.0
# The examples are asked, and beside them what has most rows: a page of over six thousand.
LONGEST = {"form": "phylloquinone"}
FIRST_RUNS, REPEATED_RUNS, SHOWN = 5, 21, 20


@dataclass(frozen=True)
class Times:
    """Medians of one operation in milliseconds, and the bytes of its answer."""

    id: str
    first: float
    repeated: float
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        data_dir = options.data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        connection = connected(stack.enter_context(serving(data_dir)))
        release = Releases(data_dir).current()
        assert release
        operations = api.operations(Catalogue(Vocabulary(release.base_iri)))
        times = [_times(connection, operation, {}) for operation in operations]
        long = {operation.id: operation for operation in operations}["listFoods"]
        _report([*times, replace(_times(connection, long, LONGEST), id="listFoods of phylloquinone")], options.all)


def _report(times: list[Times], everything: bool) -> None:
    slowest = sorted(times, key=lambda found: -found.first)
    print(f"{'operation':<52}{'first':>9}{'repeated':>10}{'kB':>8}")
    for found in slowest if everything else slowest[:SHOWN]:
        late = " SLOW" if found.first > FIRST or found.repeated > REPEATED else ""
        print(f"{found.id:<52}{found.first:9.1f}{found.repeated:10.2f}{found.size / 1000:8.1f}{late}")
    first, repeated = [found.first for found in times], [found.repeated for found in times]
    print(
        f"{len(times)} operations: first median {statistics.median(first):.1f} ms, slowest {max(first):.1f} "
        f"(at most {FIRST:g}); repeated median {statistics.median(repeated):.2f} ms, slowest {max(repeated):.2f} "
        f"(at most {REPEATED:g})"
    )


_numbers = count()


def _times(connection: http.client.HTTPConnection, operation: Operation, others: dict[str, str]) -> Times:
    path, example = snippets.example(operation)
    given = {**example, **others}
    address = path + ("?" + urlencode(given) if given else "")
    kind = "application/ld+json" if operation.kind == "graph" else "application/json"
    first = [_ask(connection, address, f"{kind}, x/x-{next(_numbers)};q=0.1")[0] for _ in range(FIRST_RUNS)]
    repeated = [_ask(connection, address, kind) for _ in range(REPEATED_RUNS)]
    return Times(
        operation.id,
        1000 * statistics.median(first),
        1000 * statistics.median(taken for taken, _ in repeated),
        repeated[0][1],
    )


def _ask(connection: http.client.HTTPConnection, address: str, accept: str) -> tuple[float, int]:
    started = time.perf_counter()
    connection.request("GET", address, headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    taken = time.perf_counter() - started
    assert response.status == 200, (address, body[:200])
    return taken, len(body)


if __name__ == "__main__":
    main()
