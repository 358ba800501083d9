"""Our server as one of those that are compared."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.peers import Peer, free_port
from tests.benchmarks.serving import VITK, settle


@contextmanager
def vitk(data_dir: Path, timeout: int = 60) -> Iterator[Peer]:
    """Our server on the release of a data folder, when it has loaded what makes it fast."""
    port = free_port()
    environment = os.environ | {
        "VITK_DATA_DIR": str(data_dir),
        "VITK_PORT": str(port),
        "VITK_QUERY_TIMEOUT": str(timeout),
    }
    process = subprocess.Popen([*VITK, "serve", "--no-build"], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        load.wait(f"{address}/readyz")
        settle(port, data_dir)
        yield Peer("vitk", f"{address}/sparql", "", process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def built(folder: Path) -> Path:
    """Builds a release without the proof; returns its data folder."""
    subprocess.run([*VITK, "build", "--no-proof", "--data-dir", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder
