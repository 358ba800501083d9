"""A remote endpoint that does what a test wants at the level of bytes, but reports its releases correctly."""

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
    """Responds with a body that is framed by its length, in chunks, or by closing the connection."""

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


class MisbehavingEndpoint(socketserver.ThreadingTCPServer):
    """Listens on a free port.

    Attributes:
        behaviour: what it does with any query but the one for its releases.
        releases: the ids of the releases that its metadata graph names.
        default: the ids that its default graph names; the same where ``None``.
        query_count: how many queries it received, without those for its releases.
        release_query_count: how many queries for its releases it received.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour: Behaviour = reply(b'{"head":{},"boolean":true}')
        self.releases: list[str] = []
        self.default: list[str] | None = None
        self.query_count = 0
        self.release_query_count = 0
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"

    def reported_releases(self) -> bytes:
        default = self.releases if self.default is None else self.default
        rows = [{"named": {"type": "literal", "value": release_id}} for release_id in self.releases]
        rows += [{"default": {"type": "literal", "value": release_id}} for release_id in default]
        return json.dumps({"head": {"vars": ["named", "default"]}, "results": {"bindings": rows}}).encode()


class _Handler(socketserver.BaseRequestHandler):
    server: MisbehavingEndpoint

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
                self.server.release_query_count += 1
                reply(self.server.reported_releases())(connection)
            else:
                self.server.query_count += 1
                self.server.behaviour(connection)


@contextmanager
def misbehaving_endpoint() -> Iterator[MisbehavingEndpoint]:
    with MisbehavingEndpoint() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()
