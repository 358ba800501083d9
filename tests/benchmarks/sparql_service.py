"""The SPARQL service beside its peers on the same data: medians of alternating runs, and their ratios.

    python -m tests.benchmarks.sparql_service [--data-dir FOLDER] [--runs 5] [--seconds 1]

Each figure is requests a second, ours divided by the peer's. *First* asks a query that was never asked before, by a
comment that counts; *repeated* asks the same one again and again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pyoxigraph import RdfFormat, Store, serialize

from kg import settings
from kg.engine.factory import fits_in_memory
from kg.release.release import Release, Releases

from . import load
from .bombs import family, memory_mib
from .peers import ISQL, VIRTUOSO, Peer, free_port, oxigraph, rdflib_endpoint, virtuoso
from .serving import settle

VITK = [sys.executable, "-c", "from server.cli.main import main; main()"]
PREFIXES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX vitk: <https://w3id.org/vitk/ontology#>
PREFIX id: <https://w3id.org/vitk/id/>
"""
QUERIES = {
    "ASK {}": "ASK {}",
    "point lookup": "SELECT ?p ?o { id:natto ?p ?o }",
    "1,000-row join": "SELECT ?s ?label ?kind ?kindLabel { ?s a ?kind ; rdfs:label ?label . ?kind rdfs:label ?kindLabel } LIMIT 1000",
    "aggregate": "SELECT ?group (COUNT(?food) AS ?foods) (AVG(?amount) AS ?mean) { ?food vitk:hasMeasurement ?m . ?m vitk:ofAnalyte id:phylloquinone ; vitk:microgramsPer100Grams ?amount . ?food vitk:inFoodGroup ?group } GROUP BY ?group",
    "counted scan": "SELECT ?kind (COUNT(?s) AS ?n) { { SELECT ?s ?kind { ?s a ?kind } LIMIT 5000 } } GROUP BY ?kind ORDER BY DESC(?n)",
    "three joins": "SELECT ?effect ?section (COUNT(*) AS ?n) { ?c vitk:effect ?effect ; vitk:subject ?s ; vitk:object ?o . ?s a ?k . ?o a ?l } GROUP BY ?effect ?section",
    "100,000-row CSV": "SELECT ?s ?p ?o { { ?s ?p ?o } UNION { ?s ?p ?o } UNION { ?s ?p ?o } UNION { ?s ?p ?o } } LIMIT 100000",
}


@dataclass(frozen=True)
class Target:
    """A query of ours, asked first or repeatedly by some clients, what it is held against, and the least ratio; another
    least where the release is queried on disk."""

    query: str
    kind: str
    clients: int
    peer: str
    theirs: str
    least: float
    least_on_disk: float | None = None


TARGETS = [
    Target("point lookup", "repeated", 8, "oxigraph", "point lookup", 1.0),
    Target("point lookup", "not modified", 8, "oxigraph", "point lookup", 1.0),
    Target("aggregate", "repeated", 8, "oxigraph", "ASK {}", 0.6),
    Target("1,000-row join", "repeated", 8, "oxigraph", "1,000-row join", 40),
    Target("1,000-row join", "first", 1, "oxigraph", "1,000-row join", 1.2, 0.75),
    Target("1,000-row join", "first", 8, "oxigraph", "1,000-row join", 1.2, 0.75),
    Target("aggregate", "first", 1, "oxigraph", "aggregate", 1.2, 0.75),
    Target("aggregate", "first", 8, "oxigraph", "aggregate", 1.2, 0.75),
    Target("counted scan", "first", 1, "oxigraph", "counted scan", 0),
    Target("three joins", "first", 1, "virtuoso", "three joins", 0.3),
    Target("point lookup", "first", 8, "oxigraph", "point lookup", 0.2),
    Target("point lookup", "first", 1, "oxigraph", "point lookup", 0.35),
    Target("point lookup", "first", 8, "rdflib-endpoint", "point lookup", 10),
    Target("1,000-row join", "first", 1, "rdflib-endpoint", "1,000-row join", 10),
    Target("aggregate", "first", 1, "rdflib-endpoint", "aggregate", 10),
    Target("100,000-row CSV", "first", 1, "oxigraph", "100,000-row CSV", 0),
    Target("100,000-row CSV", "repeated", 1, "oxigraph", "100,000-row CSV", 0),
]


@dataclass(frozen=True)
class Options:
    data_dir: Path | None
    runs: int
    seconds: float
    peers: list[str]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data_dir = options.data_dir or _built(Path(folder) / "data")
        release = Releases(data_dir).current()
        assert release
        ours = stack.enter_context(_vitk(data_dir))
        peers = {"oxigraph": stack.enter_context(oxigraph(release.store))} | _others(
            release, Path(folder), options, stack
        )
        for name, peer in {"vitk": ours, **peers}.items():
            print(f"memory of {name:<16} {sum(map(memory_mib, family(peer.pid))):8.0f} MiB")
        on_disk = not fits_in_memory(settings.load({}), release)
        for target in TARGETS:
            if target.peer in peers:
                _compare(ours, peers[target.peer], target, options, on_disk=on_disk)
        _growth(ours)


def _compare(ours: Peer, peer: Peer, target: Target, options: Options, *, on_disk: bool) -> None:
    least = target.least_on_disk if on_disk and target.least_on_disk is not None else target.least
    results: tuple[list[float], list[float]] = ([], [])
    for _ in range(options.runs):
        results[0].append(load.rate(_requests(ours, target.query, target.kind), target.clients, options.seconds))
        results[1].append(load.rate(_requests(peer, target.theirs, "repeated"), target.clients, options.seconds))
    rates = [statistics.median(found) for found in results]
    ratio = rates[0] / rates[1]
    standing = "" if ratio >= least else f"   BELOW {least:g}"
    print(
        f"{target.query:<16}{target.kind:<14}{target.clients} clients {rates[0]:10.1f}/s   "
        f"{peer.name:<16}{target.theirs:<16}{rates[1]:10.1f}/s   x {ratio:8.2f}{standing}",
        flush=True,
    )


_numbers = count()
_PLACE = "0123456789"


def _requests(peer: Peer, query: str, kind: str) -> Callable[[], bytes]:
    """Makes requests; for ``first`` each asks what was never asked before."""
    text = PREFIXES + QUERIES[query]
    accept = "text/csv" if query.endswith("CSV") else "application/sparql-results+json"
    if kind == "first":
        # All but the number is made beforehand: clients share the processors with the servers.
        before, after = load.request(_address(peer, f"{text} #{_PLACE}"), {"Accept": accept}).split(_PLACE.encode())
        return lambda: b"%b%d%b" % (before, next(_numbers), after)
    headers = {"Accept": accept}
    if kind == "not modified":
        headers["If-None-Match"] = load.header(load.request(_address(peer, text), headers), peer.query, "etag")
    fixed = load.request(_address(peer, text), headers)
    return lambda: fixed


def _address(peer: Peer, query: str) -> str:
    return f"{peer.query}?{urllib.parse.urlencode({'query': query})}"


def _growth(ours: Peer) -> None:
    serving = max(family(ours.pid)[1:], key=lambda pid: len(family(pid)))
    before = memory_mib(serving)
    for _ in range(5):
        load.rate(_requests(ours, "100,000-row CSV", "first"), 1, 0.1)
    print(
        f"growth of the serving process over 100,000-row answers {memory_mib(serving) - before:6.1f} MiB (at most 32)"
    )


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


@contextlib.contextmanager
def _vitk(data_dir: Path) -> Iterator[Peer]:
    port = free_port()
    environment = os.environ | {"VITK_DATA_DIR": str(data_dir), "VITK_PORT": str(port), "VITK_QUERY_TIMEOUT": "60"}
    process = subprocess.Popen([*VITK, "serve", "--no-build"], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        load.wait(f"{address}/readyz")
        settle(port, data_dir)
        yield Peer("vitk", f"{address}/sparql", "", process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _built(folder: Path) -> Path:
    subprocess.run([*VITK, "build", "--no-proof", "--data-dir", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="a data folder with a release; without it, one is built")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--peers", nargs="*", default=["rdflib-endpoint", "virtuoso"])
    given = parser.parse_args()
    return Options(given.data_dir, given.runs, given.seconds, given.peers)


if __name__ == "__main__":
    main()
