"""HTTP to an engine elsewhere: a connection by address, nothing else."""

from __future__ import annotations

import http.client
import urllib.parse


def connect(address: str, seconds: float) -> tuple[http.client.HTTPConnection, str]:
    """A connection that waits so many seconds for each step, and the target that the address names on it."""
    parts = urllib.parse.urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return kind(parts.hostname or "", parts.port, timeout=max(seconds, 1e-3)), target
