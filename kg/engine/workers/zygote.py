"""The process that loads a release once and forks workers, which share its memory and start in milliseconds.

It receives its configuration and its commands over the control socket, whose descriptor is its only argument. It ends
with the thread that started it, and its workers end with it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kg.engine.embedded import loader
from kg.engine.workers import ipc, process, worker


def main() -> None:
    """Loads the release and forks workers on command until the control socket closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    try:
        configuration, _, _ = ipc.receive(control)
    except (EOFError, ConnectionError):
        return
    # While it loads, it would not notice that the control socket was closed.
    process.die_with_parent(configuration["server"], signal.SIGKILL)
    # Ctrl-C reaches the whole process group; the server decides when its workers end, so that running queries can
    # finish.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # Started from a request thread, it would inherit the CPU affinity of those threads.
    os.sched_setaffinity(0, os.sched_getaffinity(os.getppid()))
    # Dead workers are reaped by the kernel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    path = Path(configuration["store"])
    store = _loaded(configuration) if configuration["in_memory"] else None
    gc.freeze()
    ipc.send(control, {"quads": len(store) if store is not None else None})
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            _, _, files = ipc.receive(control)
            _fork(control, path, store, configuration, files)


def _fork(
    control: socket.socket, path: Path, store: Store | None, configuration: dict[str, Any], files: list[int]
) -> None:
    requests, errors = files
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        os.dup2(errors, 2)
        os.close(errors)
        limits = configuration["limits"]
        settings = worker.WorkerSettings(
            worker.Limits(limits["memory"], limits["result"], tuple(limits["service_allowlist"])),
            configuration["prefixes"],
            tuple(configuration["default_graphs"]),
        )
        worker.main(socket.socket(fileno=requests), store, path, zygote, settings)
    worker_process = os.pidfd_open(pid)
    ipc.send(control, {"pid": pid}, files=(worker_process,))
    for descriptor in (requests, errors, worker_process):
        os.close(descriptor)


def _loaded(configuration: dict[str, Any]) -> Store:
    """Loads the release into memory.

    A separate thread reads it: the engine's thread-local state, such as that of its random numbers, must not be shared
    by all workers.
    """
    stores: list[Store] = []
    dumps = [Path(dump) for dump in configuration["dumps"]]
    reader = threading.Thread(target=lambda: stores.append(loader.load(*dumps, graphs=configuration["imported"])))
    reader.start()
    reader.join()
    return stores[0]


if __name__ == "__main__":
    main()
