"""Build time, start time, page time, memory: the figures of the README, measured on this machine."""

from __future__ import annotations

import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

VITK = [sys.executable, "-c", "from server.cli.main import main; main()"]
PAGES = (
    "menaquinone-7",
    "vitamin-k2",
    "osteocalcin",
    "natto",
    "osteoporosis",
    "warfarin",
    "claim-f034-1",
    "section-heart",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"VITK_DATA_DIR": folder}
        started = time.monotonic()
        subprocess.run([*VITK, "build"], env=environment, check=True, stdout=subprocess.DEVNULL)
        print(f"build from nothing with proof, start included   {time.monotonic() - started:6.2f} s")
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        print(f"largest process of the build                    {children:6.1f} MB")
        starts = [_start_and_stop(environment) for _ in range(5)]
        print(f"first answer after launch, median of 5          {statistics.median(starts):6.2f} s")
        address, process = _start(environment)
        try:
            _pages(address, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _pages(address: str, pid: int) -> None:
    hub = 0.0
    times = []
    for _ in range(20):
        for name in PAGES:
            started = time.perf_counter()
            with urllib.request.urlopen(f"{address}/page/{name}") as response:
                body = response.read()
            times.append(time.perf_counter() - started)
            if name == "vitamin-k2":
                hub = max(hub, len(body) / 1000)
    print(f"entity page over HTTP, median of {len(times)}            {1000 * statistics.median(times):6.2f} ms")
    print(f"largest page (vitamin K2)                       {hub:6.1f} kB")
    for kind, process in _processes(pid):
        print(f"memory of the {kind:<33} {_resident_mb(process):6.1f} MB")


def _start_and_stop(environment: dict[str, str]) -> float:
    started = time.monotonic()
    _, process = _start(environment)
    seconds = time.monotonic() - started
    process.send_signal(signal.SIGINT)
    process.wait(20)
    return seconds


def _start(environment: dict[str, str]) -> tuple[str, subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*VITK, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            urllib.request.urlopen(f"{address}/page/natto", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
        else:
            return address, process


def _processes(pid: int) -> list[tuple[str, int]]:
    found = [("supervising process", pid)]
    for serving in _children(pid):
        command = Path(f"/proc/{serving}/cmdline").read_bytes()
        if b"resource_tracker" in command:
            continue
        found.append(("serving process", serving))
        found += [("query worker", worker) for worker in _children(serving)]
    return found


def _children(pid: int) -> list[int]:
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return 0.0


if __name__ == "__main__":
    main()
