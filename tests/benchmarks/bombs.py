"""The worst queries that we can write, and what it does to a server when eight clients send them at once."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

_PAIRS = "?a ?b ?c . ?d ?e ?f"
_LONG_TEXT = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
_TOO_COSTLY = {422, 504}
# Takes next to no memory, so that it meets the limit on time on the quickest machine too.
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { " + "".join(f"?c{n} a <https://w3id.org/vitk/ontology#Claim> . " for n in range(6)) + "}"
)

# Name, query, statuses that are right.
BOMBS: list[tuple[str, str, set[int]]] = [
    ("cartesian count", f"SELECT (COUNT(*) AS ?n) {{ {_PAIRS} . ?g ?h ?i }}", _TOO_COSTLY),
    ("order by", f"SELECT * {{ {_PAIRS} }} ORDER BY ?f ?c", _TOO_COSTLY),
    ("distinct", f"SELECT DISTINCT ?a ?c ?d ?f {{ {_PAIRS} }}", _TOO_COSTLY),
    ("group_concat", f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f))) AS ?x) {{ {_PAIRS} }}", _TOO_COSTLY),
    ("group by", f"SELECT ?a ?f (COUNT(*) AS ?n) {{ {_PAIRS} }} GROUP BY ?a ?f", _TOO_COSTLY),
    ("large answer", f"SELECT * {{ {_PAIRS} }}", _TOO_COSTLY),
    ("large graph", f"CONSTRUCT {{ ?a ?b ?f }} WHERE {{ {_PAIRS} }}", _TOO_COSTLY),
    ("string doubling", f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('0123456789abcdef' AS ?x0) {_LONG_TEXT} }}", _TOO_COSTLY),
    ("regex", f"SELECT * {{ {_PAIRS} FILTER REGEX(CONCAT(STR(?c), STR(?f)), '(a*)*(b*)*(c*)*$x', 'i') }}", _TOO_COSTLY),
    ("large regex", "ASK { FILTER REGEX('a', '((a{1,1000}){1,1000}){1,1000}') }", {200, 422, 504}),
    ("property path", "SELECT (COUNT(*) AS ?n) { ?a (!<x:>|^!<x:>)* ?b . ?c (!<x:>|^!<x:>)* ?d }", _TOO_COSTLY),
    ("nested braces", "SELECT * " + "{" * 20_000, {400}),
    ("nested parentheses", "SELECT * { FILTER(" + "(" * 20_000, {400}),
    ("nested lists", "SELECT * { ?s ?p " + "(" * 20_000, {400}),
    ("nested blank nodes", "SELECT * { ?s ?p " + "[ ?p " * 20_000, {400}),
    ("nested quoted triples", "SELECT * { ?s ?p " + "<<( ?s ?p " * 20_000, {400}),
    ("nested sub-selects", "SELECT * { " + "{ SELECT * { " * 5_000, {400}),
    ("negations", "ASK { FILTER(" + "!" * 100_000 + "true) }", {200, 400, 422, 500, 504}),
    ("sums", "ASK { FILTER(" + "1+" * 100_000 + "1) }", {200, 400, 422, 500, 504}),
    ("unions", "SELECT * { " + "{ ?s ?p ?o } UNION " * 20_000 + "{} }", {200, 400, 422, 500, 504}),
    ("long path", "ASK { ?s " + "<x:>/" * 50_000 + "<x:> ?o }", {200, 400, 422, 500, 504}),
    ("long path of inverses", "ASK { ?s " + "^" * 100_000 + "<x:> ?o }", {400, 422, 500, 504}),
    ("resources of DESCRIBE", "DESCRIBE" + " <x:>" * 20_000, {400}),
    ("a query of 1 MB", "ASK { ?s ?p '" + "x" * 999_900 + "' }", {200}),
    ("a query of more than 1 MB", "ASK { ?s ?p '" + "x" * 1_200_000 + "' }", {413}),
    ("10,000 values", "SELECT * { VALUES ?x { " + "1 " * 10_000 + "} VALUES ?y { " + "2 " * 10_000 + "} }", {200, *_TOO_COSTLY}),
]  # fmt: skip


@dataclass
class Damage:
    """What was seen: wrong answers, how late the latest was, how long pages took, the most memory at one time."""

    wrong: list[str] = field(default_factory=list)
    answered: int = 0
    latest: float = 0.0
    pages: list[float] = field(default_factory=list)
    most_memory_mib: float = 0.0


def throw(address: str, pid: int, seconds: float, limit: float, clients: int = 8) -> Damage:
    """Sends bombs for a while.

    Args:
        address: of the server.
        pid: the server's supervising process.
        seconds: how long new queries are sent.
        limit: seconds that a query may take.
        clients: how many send at once.
    """
    damage, lock, bombs, end = Damage(), threading.Lock(), cycle(BOMBS), time.monotonic() + seconds

    def client() -> None:
        while time.monotonic() < end:
            with lock:
                name, query, right = next(bombs)
            started = time.monotonic()
            status = ask(address, query)
            took = time.monotonic() - started
            with lock:
                damage.answered += 1
                damage.latest = max(damage.latest, took)
                # A query that waited for its turn until its time was over, or found the queue full, is told so.
                if status not in right | {503, 504} or took > limit + 1:
                    damage.wrong.append(f"{name}: {status} after {took:.2f} s")

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        started = time.monotonic()
        with urllib.request.urlopen(f"{address}/page/natto", timeout=30) as page:
            page.read()
        damage.pages.append(time.monotonic() - started)
        damage.most_memory_mib = max(damage.most_memory_mib, sum(map(memory_mib, family(pid))))
        time.sleep(0.05)
    return damage


def ask(address: str, query: str, **parameters: str) -> int:
    """The status of the answer to a query; the body is read in full."""
    body = urllib.parse.urlencode({"query": query, **parameters}).encode()
    try:
        with urllib.request.urlopen(f"{address}/sparql", body, timeout=60) as answer:
            length = 0
            while piece := answer.read(1 << 16):
                length += len(piece)
            assert length == int(answer.headers["Content-Length"])
            return int(answer.status)
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code if problem.headers["Content-Type"] == "application/problem+json" else 0


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    try:
        paths = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except FileNotFoundError:
        # It ended meanwhile.
        return found
    for path in paths:
        try:
            children = path.read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            found += family(int(child))
    return found


def memory_mib(pid: int) -> float:
    """The process's share of memory: what it has alone, and its part of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
