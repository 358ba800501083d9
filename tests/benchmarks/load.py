"""A small HTTP client that costs little: several connections, one process, requests made beforehand."""

from __future__ import annotations

import re
import selectors
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

# As servers write it. Looked for as bytes: a pattern takes longer the longer the head is, at the cost of who is measured.
_LENGTHS = (b"\r\ncontent-length:", b"\r\nContent-Length:")
# With the end of the chunk before it: a row may end in a 0.
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tail, self._received, self._wanted = b"", 0, -1
        self.was_rejected = False
        self.due = 0.0

    def send(self, request: bytes) -> None:
        self._tail, self._received, self._wanted = b"", 0, -1
        self.socket.sendall(request)

    def is_done(self) -> bool:
        """Reads what has come; whether that ends the answer."""
        piece = self.socket.recv(1 << 20)
        assert piece, "the server closed the connection"
        self._received += len(piece)
        if self._wanted < 0:
            self._tail += piece
            end = self._tail.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self._tail[: end + 2]
            assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304", b"HTTP/1.1 503")), self._tail[:300]
            self.was_rejected = head.startswith(b"HTTP/1.1 503")
            length = _length(head)
            if length is not None:
                self._wanted = end + 4 + length
            elif head.startswith(b"HTTP/1.1 304"):
                self._wanted = end + 4
            else:
                self._wanted = 1 << 62
        if self._wanted == 1 << 62:
            self._tail = (self._tail + piece)[-len(_LAST_CHUNK) :]
        return self._received >= self._wanted or (self._wanted == 1 << 62 and self._tail == _LAST_CHUNK)


def _length(head: bytes) -> int | None:
    """What the head of a message says of the length of its body."""
    for name in _LENGTHS:
        if (at := head.find(name)) >= 0:
            return int(head[at + len(name) : head.find(b"\r\n", at + 2)])
    return None


def rate(make: Callable[[], bytes], clients: int, seconds: float) -> float:
    """Answers a second over some connections, each of which sends when its last answer is complete; none is rejected."""
    found = rates(make, clients, seconds)
    assert not found.rejected, f"{found.rejected:.0f} requests a second were rejected"
    return found.answered


@dataclass(frozen=True)
class Rates:
    """Requests a second that were answered, and that were rejected by a server that had too much to do."""

    answered: float
    rejected: float


def rates(make: Callable[[], bytes], clients: int, seconds: float) -> Rates:
    """The same as ``rate``, where some requests may be rejected."""
    selector = selectors.DefaultSelector()
    for connection in _connections(make(), clients):
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(make())
    answered, rejected, started = 0, 0, time.perf_counter()
    busy = clients
    while busy:
        for key, _ in selector.select(120):
            connection = key.data
            if connection.is_done():
                answered += not connection.was_rejected
                rejected += connection.was_rejected
                if time.perf_counter() - started < seconds:
                    connection.send(make())
                else:
                    selector.unregister(connection.socket)
                    connection.socket.close()
                    busy -= 1
    elapsed = time.perf_counter() - started
    return Rates(answered / elapsed, rejected / elapsed)


@dataclass(frozen=True)
class Paced:
    """How requests fared that were due at fixed times: numbers, and seconds from when they were due, in order."""

    answered: int
    rejected: int
    times: list[float]


def paced(make: Callable[[], bytes], clients: int, each_second: int, seconds: float) -> Paced:
    """Sends so many requests each second, over whichever connection is free; one that is sent late counts as slow."""
    selector, idle = selectors.DefaultSelector(), _connections(make(), clients)
    for connection in idle:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    total, sent, rejected, times = round(each_second * seconds), 0, 0, list[float]()
    started = time.perf_counter()
    while len(times) + rejected < total:
        now = time.perf_counter() - started
        while idle and sent < total and sent / each_second <= now:
            connection = idle.pop()
            connection.due = sent / each_second
            connection.send(make())
            sent += 1
        wait = 120.0 if sent == total or not idle else max(0.0, sent / each_second - (time.perf_counter() - started))
        for key, _ in selector.select(wait):
            connection = key.data
            if connection.is_done():
                rejected += connection.was_rejected
                if not connection.was_rejected:
                    times.append(time.perf_counter() - started - connection.due)
                idle.append(connection)
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return Paced(len(times), rejected, sorted(times))


def _connections(message: bytes, number: int) -> list[_Connection]:
    place = _place(message)
    return [_Connection(place) for _ in range(number)]


def request(address: str, headers: dict[str, str]) -> bytes:
    """A GET request as bytes."""
    parts = urllib.parse.urlsplit(address)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [
        f"GET {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def header(message: bytes, address: str, name: str) -> str:
    """A header of the answer to a request."""
    parts = urllib.parse.urlsplit(address)
    assert parts.hostname and parts.port
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(message)
        head = connection.recv(1 << 16).decode("latin-1")
    found = re.search(rf"^{name}: (.+?)\r$", head, re.IGNORECASE | re.MULTILINE)
    assert found, head
    return found.group(1)


def wait(address: str) -> None:
    """Waits until the address answers with 200."""
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return


def _place(message: bytes) -> tuple[str, int]:
    found = re.search(rb"^Host: ([^:\r]+):(\d+)", message, re.MULTILINE)
    assert found
    return found.group(1).decode(), int(found.group(2))
