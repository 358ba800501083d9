"""A server of our own for a benchmark, in a process of its own."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg import settings
from kg.engine.factory import fits_in_memory
from kg.release.release import Releases

from .peers import free_port

VITK = [sys.executable, "-c", "from server.cli.main import main; main()"]


@contextmanager
def serving(data_dir: Path) -> Iterator[int]:
    """A server on the release of a data folder, which is built where there is none; the port where it is ready and done
    with starting."""
    port = free_port()
    command = [*VITK, "serve", "--data-dir", str(data_dir), "--port", str(port)]
    if Releases(data_dir).current() is not None:
        command.append("--no-build")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ)
    try:
        while not _is_ready(port):
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        settle(port, data_dir)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def settle(port: int, data_dir: Path) -> None:
    """Waits until query workers have the release in memory, where it belongs there."""
    release = Releases(data_dir).current()
    assert release is not None
    while fits_in_memory(settings.load({}), release) and b"vitk_store_in_memory 1.0" not in _read(port, "/metrics"):
        time.sleep(0.1)


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def _is_ready(port: int) -> bool:
    try:
        return b'"ready"' in _read(port, "/readyz")
    except (ConnectionError, http.client.HTTPException):
        return False


def _read(port: int, path: str) -> bytes:
    connection = connected(port)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()
