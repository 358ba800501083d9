"""A crawler beside a user of SPARQL: what the pages cost, and whether the queries notice.

    python -m tests.benchmarks.crawler [--data-dir FOLDER] [--rate 50] [--seconds 20]

The crawler fetches pages of the sitemap, drawn with a fixed seed, at an even rate: for the first time, again with the
validators that it was sent, and again without. Beside it point lookups that were never asked before come at 20 a second.
Times are in milliseconds, the way over the loopback included.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

from .serving import connected, serving

CLIENTS, LOOKUPS_A_SECOND = 4, 20.0
LOOKUP = "SELECT ?p ?o { <https://w3id.org/vitk/id/osteocalcin> ?p ?o } #"
Fetch = Callable[[http.client.HTTPConnection, int], str]


@dataclass
class Seen:
    """The seconds that each request took, and what came back."""

    times: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        ordered = sorted(1000 * taken for taken in self.times)
        return f"p50 {statistics.median(ordered):6.2f}  p99 {ordered[int(len(ordered) * 0.99)]:7.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with ExitStack() as stack:
        data_dir = options.data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = stack.enter_context(serving(data_dir))
        pool = stack.enter_context(ThreadPoolExecutor(1))
        pages = random.Random(0).sample(_pages(port), int(options.rate * options.seconds))
        tags: dict[int, str] = {}
        numbers = count()

        def page(connection: http.client.HTTPConnection, number: int, headers: dict[str, str]) -> str:
            response = _get(connection, pages[number], {"Accept": "text/html", **headers})
            tags[number] = response.headers["ETag"] or ""
            from_cache = response.headers.get("Cache-Status") == "vitk; hit"
            return f"{response.status} kept" if from_cache else str(response.status)

        def lookup(connection: http.client.HTTPConnection, number: int) -> str:
            return str(_get(connection, "/sparql?query=" + quote(f"{LOOKUP}{next(numbers)}"), {}).status)

        crawls: dict[str, Fetch] = {
            "first time": lambda connection, number: page(connection, number, {}),
            "with validators": lambda connection, number: page(connection, number, {"If-None-Match": tags[number]}),
            "once more": lambda connection, number: page(connection, number, {}),
        }
        lookups = int(LOOKUPS_A_SECOND * options.seconds)
        paced(port, lookup, 100, LOOKUPS_A_SECOND)
        print(f"{'':18}{'pages':44}{'lookups':30}")
        print(f"{'no crawler':18}{'':44}{paced(port, lookup, lookups, LOOKUPS_A_SECOND).line()}")
        for name, fetch in crawls.items():
            beside = pool.submit(paced, port, lookup, lookups, LOOKUPS_A_SECOND)
            seen = paced(port, fetch, len(pages), options.rate)
            outcomes = ", ".join(f"{number} x {outcome}" for outcome, number in sorted(seen.outcomes.items()))
            print(f"{name:18}{seen.line():44}{beside.result().line()}   {outcomes}")


def paced(port: int, fetch: Fetch, requests: int, rate: float) -> Seen:
    """Makes numbered requests at an even rate over a few connections; one that must wait for those before is late."""
    seen, numbers, started = Seen(), iter(range(requests)), time.monotonic()
    lock = threading.Lock()

    def client() -> None:
        connection = connected(port)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            due = started + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            outcome = fetch(connection, number)
            with lock:
                seen.times.append(time.monotonic() - due)
                seen.outcomes[outcome] += 1
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return seen


def _pages(port: int) -> list[str]:
    connection = connected(port)
    found: list[str] = []
    waiting = ["/sitemap.xml"]
    while waiting:
        text = _get(connection, waiting.pop(), {}).text
        for address in re.findall(r"<loc>([^<]+)</loc>", text):
            path = urlsplit(address).path
            (waiting if path.endswith(".xml") else found).append(path)
    return found


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


def _get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> _Answer:
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return _Answer(response.status, response.headers, response.read().decode())


if __name__ == "__main__":
    main()
