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

# As servers write it. Looked for as bytes: a pattern takes longer the longer the head is, at the cost of who is measured.
_LENGTHS = (b"\r\ncontent-length:", b"\r\nContent-Length:")


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tail, self._received, self._wanted = b"", 0, -1

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
            assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")), self._tail[:300]
            length = _length(head)
            if length is not None:
                self._wanted = end + 4 + length
            elif head.startswith(b"HTTP/1.1 304"):
                self._wanted = end + 4
            else:
                self._wanted = 1 << 62
        self._tail = (self._tail + piece)[-5:] if self._wanted == 1 << 62 else self._tail[-5:]
        return self._received >= self._wanted or (self._wanted == 1 << 62 and self._tail == b"0\r\n\r\n")


def _length(head: bytes) -> int | None:
    """What the head of a message says of the length of its body."""
    for name in _LENGTHS:
        if (at := head.find(name)) >= 0:
            return int(head[at + len(name) : head.find(b"\r\n", at + 2)])
    return None


def rate(make: Callable[[], bytes], clients: int, seconds: float) -> float:
    """Answers a second over some connections, each of which sends when its last answer is complete."""
    host, port = _place(make())
    selector = selectors.DefaultSelector()
    connections = [_Connection((host, port)) for _ in range(clients)]
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(make())
    done, started = 0, time.perf_counter()
    busy = clients
    while busy:
        for key, _ in selector.select(120):
            connection = key.data
            if connection.is_done():
                done += 1
                if time.perf_counter() - started < seconds:
                    connection.send(make())
                else:
                    selector.unregister(connection.socket)
                    connection.socket.close()
                    busy -= 1
    return done / (time.perf_counter() - started)


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
