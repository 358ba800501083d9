"""HTTP to an engine elsewhere: a connection by address, nothing else."""

from __future__ import annotations

import base64
import http.client
import urllib.parse

from kg.errors import VitkError


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
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        secret = base64.b64encode(urllib.parse.unquote_to_bytes(signs_in)).decode("ascii")
        self._headers = {"Authorization": f"Basic {secret}"} if signs_in else {}

    def connect(self, seconds: float) -> http.client.HTTPConnection:
        """A connection that waits so many seconds for each step."""
        return self._kind(self._host, self._port, timeout=max(seconds, 1e-3))

    def post(
        self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Sends a body to the address; returns the answer, not yet read."""
        connection.request("POST", self._target, body, {**headers, **self._headers})
        return connection.getresponse()
