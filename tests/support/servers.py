"""Servers in processes of their own."""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT, VITK
from tests.support.waiting import becomes_true

_START_TIMEOUT = 180.0


@dataclass
class Running:
    """A server in a process of its own.

    Attributes:
        address: without a slash at its end.
        process: the supervising process.
        log: the file that takes its standard output and standard error.
    """

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def mark(self) -> str:
        """What all its processes have in their environment, whoever is their parent by now."""
        return f"VITK_PORT={self.address.rpartition(':')[2]}"

    def output(self) -> str:
        """What the server has written so far."""
        return self.log.read_text("utf-8")

    def end(self, signal_number: int, timeout: float = 30.0) -> int:
        """Sends a signal, waits for the supervising process and returns its exit status."""
        self.process.send_signal(signal_number)
        return self.process.wait(timeout)


def vitk_environment(**settings: object) -> dict[str, str]:
    """This process's environment without settings of its own, plus the given ones."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("VITK_")}
    return rest | {f"VITK_{name.upper()}": str(value) for name, value in settings.items()}


def start_server(port: int, log: Path, *flags: str, **settings: object) -> Running:
    """Starts ``vitk serve`` on a port and waits for its first response.

    Raises:
        AssertionError: the server ended, or does not respond within three minutes.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*VITK, "serve", *flags],
            env=vitk_environment(port=port, **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )
    running = Running(f"http://127.0.0.1:{port}", process, log)
    if not becomes_true(lambda: process.poll() is not None or _responds(running), _START_TIMEOUT):
        process.kill()
        process.wait()
    assert process.poll() is None, running.output()
    return running


def _responds(running: Running) -> bool:
    try:
        urllib.request.urlopen(f"{running.address}/healthz", timeout=5).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True
