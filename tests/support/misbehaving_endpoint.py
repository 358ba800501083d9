"""A remote endpoint that does what a test wants at the level of bytes, but says properly what it holds."""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket], None]
BASE = "https://w3id.org/vitk/"


def reply(
    body: bytes | Iterator[bytes],
    media_type: str = "application/sparql-results+json",
    status: str = "200 OK",
    framing: str = "length",
    *more: str,
) -> Behaviour:
    """Answers with a body whose end is marked by its length, in chunks, or by closing the connection."""

    def behave(connection: socket.socket) -> None:
        pieces = [body] if isinstance(body, bytes) else body
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", "Connection: close", *more]
        if framing == "length":
            pieces = [b"".join(pieces)]
            lines.append(f"Content-Length: {len(pieces[0])}")
        elif framing == "chunked":
            lines.append("Transfer-Encoding: chunked")
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        for piece in pieces:
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if framing == "chunked" else piece)
        if framing == "chunked":
            connection.sendall(b"0\r\n\r\n")

    return behave


class OddEngine(socketserver.ThreadingTCPServer):
    """Listens on a free port.

    Attributes:
        behaviour: what it does when it is asked anything but what it holds.
        held: the releases that it says it holds in the graph of metadata.
        default: those that it says in its default graph; the same where ``None``.
        asked: how many queries came.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour: Behaviour = reply(b'{"head":{},"boolean":true}')
        self.releases: list[str] = []
        self.default: list[str] | None = None
        self.request_count = 0
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"

    def what_it_holds(self) -> bytes:
        default = self.releases if self.default is None else self.default
        rows = [{"named": {"type": "literal", "value": release_id}} for release_id in self.releases]
        rows += [{"default": {"type": "literal", "value": release_id}} for release_id in default]
        return json.dumps({"head": {"vars": ["named", "default"]}, "results": {"bindings": rows}}).encode()


class _Handler(socketserver.BaseRequestHandler):
    server: OddEngine

    def handle(self) -> None:
        connection: socket.socket = self.request
        got = b""
        while b"dc%2Fterms%2Fidentifier" not in got:
            head, end, body = got.partition(b"\r\n\r\n")
            if end and len(body) >= int(head.lower().partition(b"content-length:")[2].split()[0]):
                break
            piece = connection.recv(1 << 16)
            if not piece:
                return
            got += piece
        with contextlib.suppress(OSError):
            if b"dc%2Fterms%2Fidentifier" in got:
                reply(self.server.what_it_holds())(connection)
            else:
                self.server.request_count += 1
                self.server.behaviour(connection)


@contextmanager
def odd_engine() -> Iterator[OddEngine]:
    with OddEngine() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()
