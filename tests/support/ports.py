"""Ports that no other test takes before the server of this one listens."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

# Below the ports that Linux gives to whoever asks for any (net.ipv4.ip_local_port_range begins at 32768).
_FIRST, _COUNT = 20_000, 12_000


@contextmanager
def reserved_port() -> Iterator[int]:
    """A free port of 127.0.0.1; while the context lasts, no process that reserves ports in this way gets it too.

    A socket with an abstract name (unix(7)) is the lock: it needs no file, and the system frees it when a process dies.

    Raises:
        OSError: all ports are taken.
    """
    for step in range(_COUNT):
        port = _FIRST + (os.getpid() * 37 + step) % _COUNT
        with socket.socket(socket.AF_UNIX) as lock:
            try:
                lock.bind(f"\0vitk-test-port-{port}")
                with socket.create_server(("127.0.0.1", port)):
                    pass
            except OSError:
                continue
            yield port
            return
    raise OSError("no port is free")
