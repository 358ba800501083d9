"""The SPARQL service beside its peers on the same data, in one table.

    python -m tests.benchmarks.sparql_service [--data-dir FOLDER] [--runs 5] [--seconds 1] [--peers …] [--growth 3 10]

Figures are medians of runs in which all servers take turns. Beside the figure of a peer stands ours divided by it: the
median of the runs, and the least and the greatest of them. *First* asks what was never asked before, of our server and
of the peer: about subjects drawn from all of the graph, or with a comment that counts. *Repeated* asks the same again
and again, which only a cache answers without the graph. ``--growth`` measures on larger graphs as well, which takes
minutes: copies of the food tables under other names.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store, serialize

from kg import settings
from kg.engine.factory import fits_in_memory
from kg.release.release import Release, Releases

from . import load
from .bombs import family, memory_mib
from .memory import CLIENTS, SCANS
from .peers import ISQL, VIRTUOSO, Peer, oxigraph, rdflib_endpoint, virtuoso
from .sparql import growth
from .sparql.queries import LOOKUP, Requests
from .sparql.table import Table
from .sparql.vitk_server import built, vitk


@dataclass(frozen=True)
class Target:
    """A query, asked first or repeatedly by some clients, and the least ratio to each peer that takes part; another
    least to Oxigraph where our release is queried on disk.

    Attributes:
        theirs: what peers are asked, if it is another query.
    """

    query: str
    kind: str
    clients: int
    least: dict[str, float]
    least_on_disk: float | None = None
    theirs: str = ""


TARGETS = [
    Target(LOOKUP, "first", 1, {"oxigraph": 0.6, "virtuoso": 0}),
    Target(LOOKUP, "first", 8, {"oxigraph": 0.5, "virtuoso": 0, "rdflib-endpoint": 10}),
    Target(LOOKUP, "first", 64, {"oxigraph": 0}),
    Target(LOOKUP, "repeated", 8, {"oxigraph": 1.0}),
    Target(LOOKUP, "not modified", 8, {"oxigraph": 1.0}),
    Target("aggregate", "repeated", 8, {"oxigraph": 0.6}, theirs="ASK {}"),
    Target("1,000-row join", "repeated", 8, {"oxigraph": 40}),
    Target("1,000-row join", "first", 1, {"oxigraph": 1.2, "rdflib-endpoint": 10}, 0.75),
    Target("1,000-row join", "first", 8, {"oxigraph": 1.2}, 0.75),
    Target("aggregate", "first", 1, {"oxigraph": 1.2, "virtuoso": 0, "rdflib-endpoint": 10}, 0.75),
    Target("aggregate", "first", 8, {"oxigraph": 1.2}, 0.75),
    Target("counted scan", "first", 1, {"oxigraph": 0}),
    Target("three joins", "first", 1, {"oxigraph": 0, "virtuoso": 0.3}),
    Target("100,000-row CSV", "first", 1, {"oxigraph": 0}),
    Target("100,000-row CSV", "repeated", 1, {"oxigraph": 0}),
]
# The rate over many connections as a share of that over few.
MANY, FEW, LEAST_SHARE = 64, 8, 0.8
PACED, PACED_SECONDS = 1000, 20.0
SCAN_SECONDS = 10.0
GROWTH_MIB = 32


@dataclass(frozen=True)
class Options:
    data_dir: Path | None
    runs: int
    seconds: float
    peers: list[str]
    growth: list[int]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = options.data_dir or built(Path(folder) / "data")
        release = Releases(data_dir).require_current()
        requests = Requests(release.dump)
        with ExitStack() as stack:
            ours = stack.enter_context(vitk(data_dir))
            peers = {"oxigraph": stack.enter_context(oxigraph(release.store))}
            peers |= _others(release, Path(folder), options, stack)
            _measure({"vitk": ours, **peers}, requests, options, release)
        for times in options.growth:
            growth.measure(release, times, Path(folder), runs=options.runs, seconds=options.seconds)


def _measure(servers: dict[str, Peer], requests: Requests, options: Options, release: Release) -> None:
    print(f"{release.manifest.counts.triples:,} triples, {requests.number_of_subjects:,} subjects")
    table = Table([name for name in servers if name != "vitk"])
    table.figures("memory after start, MiB", {name: memory(peer) for name, peer in servers.items()})
    on_disk = not fits_in_memory(settings.load({}), release)
    lookups: dict[int, float] = {}
    for target in TARGETS:
        found = _rates(servers, target, requests, options)
        least = dict(target.least)
        if on_disk and target.least_on_disk is not None:
            least["oxigraph"] = target.least_on_disk
        table.rates(f"{target.query}, {target.kind}", target.clients, found, least)
        if (target.query, target.kind) == (LOOKUP, "first"):
            lookups[target.clients] = statistics.median(found["vitk"])
    share = lookups[MANY] / lookups[FEW]
    print(f"lookups over {MANY} connections: {share:.2f} of the rate over {FEW} (at least {LEAST_SHARE})")
    paced = load.paced(requests.first(servers["vitk"], LOOKUP), MANY, PACED, PACED_SECONDS)
    late = 1000 * paced.times[int(0.99 * len(paced.times))]
    print(f"{PACED:,} lookups/s for {PACED_SECONDS:.0f} s: {paced.rejected} rejected (at most 0), p99 {late:.1f} ms")
    for peer in servers.values():
        scan(peer)
    table.figures("memory after scans, MiB", {name: memory(peer) for name, peer in servers.items()})
    _growth_by_large_answers(servers["vitk"], requests)


def _rates(servers: dict[str, Peer], target: Target, requests: Requests, options: Options) -> dict[str, list[float]]:
    """Rates of each run; all servers take turns within a run, in the other order in the next."""
    taking_part = {name: servers[name] for name in ("vitk", *target.least) if name in servers}
    found: dict[str, list[float]] = {name: [] for name in taking_part}
    makers = {}
    for name, peer in taking_part.items():
        query = target.theirs if target.theirs and name != "vitk" else target.query
        makers[name] = _maker(requests, peer, query, target.kind, is_ours=name == "vitk")
        # What is asked repeatedly has been answered once.
        load.rates(makers[name], 1, 0.0)
    for run in range(options.runs):
        for name in list(makers)[:: -1 if run % 2 else 1]:
            found[name].append(load.rates(makers[name], target.clients, options.seconds).answered)
    return found


def _maker(requests: Requests, peer: Peer, query: str, kind: str, *, is_ours: bool) -> Callable[[], bytes]:
    if kind == "first":
        return requests.first(peer, query)
    return requests.repeated(peer, query, conditional=is_ours and kind == "not modified")


def memory(peer: Peer) -> float:
    """Mebibytes of all processes of a server; pages that they share count once."""
    return sum(map(memory_mib, family(peer.pid)))


def scan(peer: Peer) -> None:
    """Has clients scan the graph for some seconds, each with queries of its own."""
    end = time.monotonic() + SCAN_SECONDS

    def client(own: int) -> None:
        number = own
        while time.monotonic() < end:
            number += 1
            query = urllib.parse.urlencode({"query": f"{SCANS[number % len(SCANS)]} # {own} {number}"})
            # It may be rejected, or take too long.
            with (
                suppress(urllib.error.HTTPError, TimeoutError),
                urllib.request.urlopen(f"{peer.query}?{query}", timeout=SCAN_SECONDS) as answer,
            ):
                answer.read()

    clients = [threading.Thread(target=client, args=(own,)) for own in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()


def _growth_by_large_answers(ours: Peer, requests: Requests) -> None:
    serving = max(family(ours.pid)[1:], key=lambda pid: len(family(pid)))
    before = memory_mib(serving)
    for _ in range(5):
        load.rate(requests.first(ours, "100,000-row CSV"), 1, 0.1)
    grown = memory_mib(serving) - before
    print(f"growth of the serving process over 100,000-row answers: {grown:.1f} MiB (at most {GROWTH_MIB})")


def _others(release: Release, folder: Path, options: Options, stack: ExitStack) -> dict[str, Peer]:
    store = Store.read_only(str(release.store))
    found = {}
    if "rdflib-endpoint" in options.peers:
        triples = folder / "data.nt"
        serialize((quad.triple for quad in store), str(triples), format=RdfFormat.N_TRIPLES)
        found["rdflib-endpoint"] = stack.enter_context(rdflib_endpoint(triples))
    if "virtuoso" in options.peers and VIRTUOSO and ISQL:
        place = folder / "virtuoso"
        place.mkdir()
        serialize(store, str(place / "data.nq"), format=RdfFormat.N_QUADS)
        found["virtuoso"] = stack.enter_context(virtuoso(place, load=True))
    return found


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, help="a data folder with a release; without it, one is built")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--peers", nargs="*", default=["rdflib-endpoint", "virtuoso"])
    parser.add_argument("--growth", nargs="*", type=int, default=[], help="also on a graph so many times as large")
    given = parser.parse_args()
    return Options(given.data_dir, given.runs, given.seconds, given.peers, given.growth)


if __name__ == "__main__":
    main()
