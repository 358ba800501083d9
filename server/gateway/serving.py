"""Starts granian with its RSGI interface and a scheduler of our own.

granian's WSGI interface holds a thread while a client reads or sends a body. Its RSGI interface does not, and can send
files, but is made for asyncio, whose event loop costs two thirds of the throughput. So RSGI's requests are given to
``Gateway`` in granian's threads, and its futures call back in those threads, without an event loop. For this, parts of
granian are used that it does not document; ``tests/server/gateway`` tests them, and pyproject.toml limits the version.
"""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian import Granian
from granian._granian import CallbackScheduler, RSGIWorker
from granian._signals import set_sync_signals
from granian.constants import Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import WORKERS_METHODS
from granian.server.mp import WorkerProcess

# Connections of a serving process; more wait to be accepted. One takes up to half a mebibyte while it is sent a large
# response, and a few kibibytes otherwise.
MAX_CONNECTIONS = 4096
# Bytes of the head of a request, of which the URL is 64 KiB at most, and of a response that waits in memory.
_MAX_BUFFER = 128 << 10
# Bytes of a connection in the kernel that are not sent yet.
_MAX_UNSENT = 256 << 10
# Descriptors besides those of connections, each of which may send a file.
_OTHER_FILES = 256


def serve(target: str, host: str, port: int, workers: int, threads: int, kill_timeout: int) -> None:
    """Serves until a signal comes.

    Args:
        target: a function without arguments that returns a ``Gateway``, as ``module:name``.
        host: address to listen on.
        port: to listen on.
        workers: number of serving processes.
        threads: that answer requests, of each serving process.
        kill_timeout: seconds that a serving process is given to finish its requests.
    """
    Granian(
        target,
        address=host,
        port=port,
        # Only for the checks of the settings: RSGI is said to have one thread.
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backpressure=_connections(),
        factory=True,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=kill_timeout,
        websockets=False,
        http1_settings=HTTP1Settings(max_buffer_size=_MAX_BUFFER),
    ).serve(spawn_target=_serving_process)


class _Inline:
    """Takes the place of asyncio's event loop: calls at once, in the current thread."""

    @staticmethod
    def call_soon(callback: Callable[..., object], *arguments: object, context: object = None) -> None:
        """Calls a callback of granian's futures."""
        del context
        callback(*arguments)

    call_soon_threadsafe = call_soon


class _Scheduler(CallbackScheduler):
    def __init__(self, loop: _Inline, gateway: Callable[[Any], None], *of_asyncio: None) -> None:
        del loop, of_asyncio
        super().__init__()
        self._schedule_fn = gateway


@WorkerProcess.wrap_target  # type: ignore[untyped-decorator]
def _serving_process(
    worker_id: int,
    callback: Callable[[Any], None],
    sock: Any,
    ipc: Any,
    _loop: Any,
    runtime_mode: RuntimeModes,
    runtime_threads: int,
    runtime_blocking_threads: int,
    blocking_threads: int,
    idle_timeout: int,
    backpressure: int,
    _task_impl: Any,
    http_mode: Any,
    http1_settings: Any,
    http2_settings: Any,
    websockets: bool,
    static_path: Any,
    _log_format: Any,
    ssl: Any,
    _scope_options: Any,
    metrics: Any,
) -> None:
    """Granian's ``_spawn_wsgi_worker`` for the RSGI interface."""
    stopped = threading.Event()
    shutdown = set_sync_signals()  # type: ignore[no-untyped-call]
    shutdown.add_cb(stopped.set)
    worker: Any = RSGIWorker
    worker = worker(
        worker_id,
        sock,
        ipc,
        runtime_threads,
        runtime_blocking_threads,
        blocking_threads,
        idle_timeout,
        backpressure,
        http_mode,
        http1_settings,
        http2_settings,
        websockets,
        static_path,
        *ssl,
        metrics,
    )
    inline = _Inline()
    serve_requests = getattr(worker, WORKERS_METHODS[runtime_mode][(sock[0] or sock[1]).is_uds()])
    serve_requests(_Scheduler(inline, callback, None, None, None), inline, shutdown)
    _limit_unsent_bytes()
    stopped.wait()


def _limit_unsent_bytes() -> None:
    """Has the kernel take few bytes of each connection that it cannot send yet; otherwise it takes up to 4 MiB.

    What is on its way is not limited, so quick clients notice nothing. Connections inherit it from the socket that
    accepts them, which granian does not give away.
    """
    for entry in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as found:
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and found.family != socket.AF_UNIX:
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MAX_UNSENT)


def _connections() -> int:
    """The number of connections for which there are enough descriptors, after the limit has been raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = max(soft, min(hard, 2 * MAX_CONNECTIONS + _OTHER_FILES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(64, min(MAX_CONNECTIONS, (files - _OTHER_FILES) // 2))
