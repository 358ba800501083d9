"""Latency of others while many clients wait: before, beside and after them, and memory of the serving process.

    python -m tests.benchmarks.slow_clients http://127.0.0.1:8000 [--clients 300] [--seconds 6] [--kinds dump post …]

The server runs already, with a release that has the dump. Each kind of slow client is measured by itself. Three others
ask for /healthz, a page and a new ASK, one request after the other, with pauses of ten milliseconds.
"""

from __future__ import annotations

import argparse
import http.client
import math
import socket
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

PAUSE = 0.01
# Bytes that a slow reader reads each second.
RATE = 256
POST = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"


def _get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"


def _rows(limit: int) -> str:
    return "/sparql?" + urllib.parse.urlencode({"query": f"SELECT * {{ ?s ?p ?o }} LIMIT {limit}", "format": "csv"})


# What each kind sends, and whether it is answered.
KINDS = {
    "dump": (_get("/dumps/vitk.nq.gz"), True),
    "result": (_get(_rows(60_000)), True),
    "cached": (_get(_rows(5_000)), True),
    "post": (POST, False),
    "headers": ("GET /healthz HTTP/1.1\r\nHost: ", False),
    "idle": ("", False),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    chosen = parser.parse_args()
    parts = urllib.parse.urlsplit(chosen.address)
    place = parts.hostname or "", parts.port or 80
    for kind in chosen.kinds:
        _report(f"{kind}: before", _others(place, chosen.seconds))
        with _slow_clients(place, kind, chosen.clients) as first_bytes:
            _report(f"{kind}: beside {chosen.clients} {dict(first_bytes)}", _others(place, chosen.seconds))
        _report(f"{kind}: after", _others(place, chosen.seconds))


def _report(title: str, figures: dict[str, list[float]]) -> None:
    print(title, flush=True)
    for path, times in figures.items():
        answered = sorted(seconds for seconds in times if math.isfinite(seconds))
        found = [1000 * answered[int(len(answered) * share)] for share in (0.5, 0.99)] if answered else [math.nan] * 2
        errors = len(times) - len(answered)
        print(f"  {path:10} {len(times):5} requests, {errors} errors, p50 {found[0]:7.1f} ms, p99 {found[1]:7.1f} ms")


def _others(place: tuple[str, int], seconds: float) -> dict[str, list[float]]:
    """Seconds of each request, infinite for one that failed."""
    paths = {"health": "/healthz", "page": "/page/natto", "ASK": "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D%23"}
    figures: dict[str, list[float]] = {name: [] for name in paths}

    def ask(name: str) -> None:
        end = time.monotonic() + seconds
        connection = http.client.HTTPConnection(*place, timeout=15)
        while time.monotonic() < end:
            started = time.perf_counter()
            try:
                connection.request("GET", paths[name] + (str(time.time_ns()) if name == "ASK" else ""))
                response = connection.getresponse()
                response.read()
                taken = time.perf_counter() - started if response.status == 200 else math.inf
            except (OSError, http.client.HTTPException):
                taken = math.inf
                connection.close()
            figures[name].append(taken)
            time.sleep(PAUSE)
        connection.close()

    threads = [threading.Thread(target=ask, args=(name,)) for name in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return figures


@contextmanager
def _slow_clients(place: tuple[str, int], kind: str, number: int) -> Iterator[Counter[str]]:
    message, is_answered = KINDS[kind]
    stopped = threading.Event()
    statuses: Counter[str] = Counter()
    with ExitStack() as stack:
        connections = []
        for _ in range(number):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            # A server without a thread left answers nobody.
            connection.settimeout(5)
            connection.connect(place)
            connection.sendall(message.encode())
            if is_answered and "no answer" not in statuses:
                try:
                    statuses[connection.recv(RATE)[9:12].decode()] += 1
                except TimeoutError:
                    statuses["no answer"] += 1
            connection.settimeout(0)
            connections.append(connection)

        def read() -> None:
            while not stopped.wait(1):
                for connection in connections:
                    try:
                        connection.recv(RATE)
                        if kind == "headers":
                            connection.send(b"x")
                    except BlockingIOError:
                        continue
                    except OSError:
                        statuses["closed"] += 1

        reader = threading.Thread(target=read)
        reader.start()
        yield statuses
        stopped.set()
        reader.join()


if __name__ == "__main__":
    main()
