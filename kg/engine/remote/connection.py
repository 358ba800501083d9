"""HTTP to an engine elsewhere: a connection by address, and one deadline for all that goes over it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import time
import urllib.parse
from functools import cached_property
from typing import Any

from kg.errors import VitkError


class _DeadlineSocket(socket.socket):
    """A socket that gives up at its deadline, however often a little still comes or goes."""

    deadline: float

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        self.settimeout(_left(self.deadline))
        return super().recv_into(*arguments, **named)

    def sendall(self, data: Any, flags: int = 0) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            self.settimeout(_left(self.deadline))
            rest = rest[self.send(rest, flags) :]


class _DeadlineTLSSocket(_DeadlineSocket, ssl.SSLSocket):
    """The same over TLS."""


class Endpoint:
    """Where an engine answers. An address with ``user:password@`` before the host signs in by HTTP Basic.

    Attributes:
        shown: the address without what signs in, for messages.

    Raises:
        VitkError: it is no address.
    """

    def __init__(self, address: str) -> None:
        try:
            parts = urllib.parse.urlsplit(address)
            self._host, self._port = parts.hostname or "", parts.port
        except ValueError as error:
            raise VitkError(f"The address of the engine can't be read: {error}.") from None
        if parts.scheme not in ("http", "https") or not self._host:
            raise VitkError("The address of an engine looks like https://host:port/path.")
        signs_in, _, host = parts.netloc.rpartition("@")
        self.shown = parts._replace(netloc=host).geturl()
        self._is_secure = parts.scheme == "https"
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        secret = base64.b64encode(urllib.parse.unquote_to_bytes(signs_in)).decode("ascii")
        self._headers = {"Authorization": f"Basic {secret}"} if signs_in else {}

    def connect(self, deadline: float) -> http.client.HTTPConnection:
        """A connection on which every step raises ``TimeoutError`` at the deadline, on the clock of ``time.monotonic``.
        Only the look-up of the host's name takes the time that the system gives it."""
        connection = (
            http.client.HTTPSConnection(self._host, self._port, context=self._tls)
            if self._is_secure
            else http.client.HTTPConnection(self._host, self._port)
        )
        connection.sock = self._open(connection.port, deadline)
        return connection

    def post(
        self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Sends a body to the address; returns the answer, not yet read."""
        connection.request("POST", self._target, body, {**headers, **self._headers})
        return connection.getresponse()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.sslsocket_class = _DeadlineTLSSocket
        return context

    def _open(self, port: int, deadline: float) -> _DeadlineSocket:
        found = socket.getaddrinfo(self._host, port, type=socket.SOCK_STREAM)
        for tried, place in enumerate(found[:-1]):
            # An address that leads nowhere leaves the others their share of the time.
            with contextlib.suppress(OSError):
                return self._open_at(place, deadline, share=1 / (len(found) - tried))
        return self._open_at(found[-1], deadline, share=1)

    def _open_at(self, place: tuple[Any, ...], deadline: float, share: float) -> _DeadlineSocket:
        family, kind, protocol, _, address = place
        opened = _DeadlineSocket(family, kind, protocol)
        try:
            opened.settimeout(_left(deadline) * share)
            opened.connect(address)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.deadline = deadline
            return self._secured(opened) if self._is_secure else opened
        except OSError:
            opened.close()
            raise

    def _secured(self, opened: _DeadlineSocket) -> _DeadlineSocket:
        secured = self._tls.wrap_socket(opened, server_hostname=self._host, do_handshake_on_connect=False)
        assert isinstance(secured, _DeadlineTLSSocket)
        try:
            secured.deadline = opened.deadline
            secured.settimeout(_left(secured.deadline))
            secured.do_handshake()
        except OSError:
            secured.close()
            raise
        return secured


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the deadline has passed")
    return seconds
