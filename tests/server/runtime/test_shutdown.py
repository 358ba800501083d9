"""How a server ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from kg.release.release import Release
from tests.support.paths import ROOT, VITK
from tests.support.ports import reserved_port
from tests.support.processes import with_environment
from tests.support.servers import vitk_environment
from tests.support.waiting import becomes_true


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_terminal_ends_a_server_at_once_though_a_browser_is_connected(
    small_release: Release, small_data_dir: Path, number: signal.Signals
) -> None:
    assert small_release
    with reserved_port() as port:
        # A terminal sends Ctrl-C to all processes of the group in its foreground.
        server = subprocess.Popen(
            [*VITK, "serve", "--no-build"],
            env=vitk_environment(port=port, data_dir=small_data_dir, in_memory_quads=0),
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            assert becomes_true(lambda: listens(port), 60)
            with socket.create_connection(("127.0.0.1", port), timeout=30) as browser:
                browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert b"200" in browser.recv(1 << 16)
                started = time.monotonic()
                os.killpg(server.pid, number)
                server.wait(30)
                assert time.monotonic() - started < 5
            assert becomes_true(lambda: not with_environment(f"VITK_PORT={port}"), 10)
        finally:
            server.kill()
            server.wait()
