"""HTTP connections with one deadline for everything: connecting, TLS, sending, and receiving.

The standard library is used because HTTP clients have no total deadline: httpx does not (encode/httpx#1450), httpcore
does not (encode/httpcore#936), and the ``total`` of urllib3 applies to each read. Their limits start anew with
every byte, so an endpoint that sends a little now and then could hold a query for ever.
"""

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
    """A socket whose reads and writes raise ``TimeoutError`` at its deadline, even if bytes keep arriving."""

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
    """A ``_DeadlineSocket`` over TLS."""


class Endpoint:
    """The address of a SPARQL endpoint; ``user:password@`` before the host is sent as HTTP Basic (RFC 7617).

    Attributes:
        shown: the address without credentials, for messages.

    Raises:
        VitkError: the address is not a valid HTTP URL.
    """

    def __init__(self, address: str) -> None:
        try:
            parts = urllib.parse.urlsplit(address)
            self._host, self._port = parts.hostname or "", parts.port
        except ValueError as error:
            raise VitkError(f"The endpoint address is not a valid URL: {error}.") from None
        if parts.scheme not in ("http", "https") or not self._host:
            raise VitkError("An endpoint address looks like https://host:port/path.")
        credentials, _, host = parts.netloc.rpartition("@")
        self.shown = parts._replace(netloc=host).geturl()
        self._is_secure = parts.scheme == "https"
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        secret = base64.b64encode(urllib.parse.unquote_to_bytes(credentials)).decode("ascii")
        self._headers = {"Authorization": f"Basic {secret}"} if credentials else {}

    def connect(self, deadline: float) -> http.client.HTTPConnection:
        """Opens a connection on which every step raises ``TimeoutError`` at the deadline.

        The deadline is on the clock of ``time.monotonic``. It does not cover the look-up of the host name, which takes
        as long as the system allows.
        """
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
        """Sends a POST request; returns the response, whose body has not been read."""
        connection.request("POST", self._target, body, {**headers, **self._headers})
        return connection.getresponse()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.sslsocket_class = _DeadlineTLSSocket
        return context

    def _open(self, port: int, deadline: float) -> _DeadlineSocket:
        places = socket.getaddrinfo(self._host, port, type=socket.SOCK_STREAM)
        for tried, place in enumerate(places[:-1]):
            # An unreachable address leaves the other addresses their share of the time.
            with contextlib.suppress(OSError):
                return self._open_at(place, deadline, share=1 / (len(places) - tried))
        return self._open_at(places[-1], deadline, share=1)

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
