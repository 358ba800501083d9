"""Memory of all processes of a server: after start, while queries scan the graph, and after half a minute of rest.

Usage: python -m tests.benchmarks.memory [DATA_DIR]
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from kg import settings
from kg.release.release import Releases

from .bombs import family, memory_mib
from .serving import serving

# Scans of all triples, of which the workers copy the pages that they visit.
SCANS = (
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o ?q ?r }",
)
CLIENTS, SECONDS, REST = 6, 20.0, 30.0


def scan(port: int, client: int, end: float) -> None:
    """Sends queries, each different from all others, until the time is over."""
    number = 0
    while time.monotonic() < end:
        number += 1
        query = f"{SCANS[(number + client) % len(SCANS)]} # {client} {number}"
        address = f"http://127.0.0.1:{port}/sparql?{urllib.parse.urlencode({'query': query})}"
        # It may be rejected, or take too long.
        with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(address, timeout=60) as response:
            response.read()


def total() -> float:
    """Mebibytes of all processes that this one started; shared pages count once."""
    return sum(map(memory_mib, family(os.getpid())[1:]))


def main() -> None:
    data_dir = Path(sys.argv[1]) if len(sys.argv) > 1 else settings.load({}).data_dir
    with serving(data_dir) as port:
        release = Releases(data_dir).require_current()
        print(f"{release.manifest.counts.triples:,} triples, {settings.Settings().query_workers} queries in each lane")
        time.sleep(5)
        print(f"after start                {total():8.0f} MiB")
        end = time.monotonic() + SECONDS
        clients = [threading.Thread(target=scan, args=(port, number, end)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        most = 0.0
        while any(client.is_alive() for client in clients):
            most = max(most, total())
            time.sleep(0.5)
        print(f"most, while {CLIENTS} clients scan {most:8.0f} MiB")
        time.sleep(REST)
        print(f"after {REST:.0f} s of rest         {total():8.0f} MiB")


if __name__ == "__main__":
    main()
