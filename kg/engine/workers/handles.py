"""The serving process's ends of its child processes: the zygote, and the workers that it forks."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from typing import Any

from kg.engine.interface.base import remaining
from kg.engine.workers import ipc, process


class WorkerHandle:
    """The serving process's end of one worker."""

    def __init__(self, requests: socket.socket, errors: int, process: int, in_memory: bool) -> None:
        self._requests, self._errors, self._process = requests, errors, process
        self.in_memory = in_memory
        self._end = select.poll()
        self._end.register(process, select.POLLIN)

    def ask(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes, list[int]]:
        self._requests.settimeout(remaining(deadline) or 1e-6)
        ipc.send(self._requests, request)
        return ipc.receive(self._requests, deadline)

    def is_dead(self) -> bool:
        """Whether it ended while it had nothing to do, as when the zygote was killed."""
        return bool(self._end.poll(0))

    def stderr_tail(self) -> str:
        """What the engine said when the worker died by itself."""
        return os.pread(self._errors, 4096, 0).decode("utf-8", "replace")

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        self._requests.close()
        os.close(self._errors)
        os.close(self._process)


class ZygoteHandle:
    """The serving process's end of the process that forks workers."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        self._control, theirs = socket.socketpair()
        self._in_memory = bool(configuration["in_memory"])
        with theirs:
            command = [sys.executable, "-m", "kg.engine.workers.zygote", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # In memory it would gain little and take more.
                env=os.environ | ({} if self._in_memory else process.mimalloc_environment()),
            )
        # Not in argv, which every user of the machine can read.
        ipc.send(self._control, configuration | {"server": os.getpid()})

    def wait_until_loaded(self) -> None:
        ipc.receive(self._control)

    def has_loaded(self, seconds: float) -> bool:
        """Whether it is done, or gone, within these seconds."""
        return bool(select.select([self._control], [], [], seconds)[0])

    def fork(self) -> WorkerHandle:
        requests, theirs = socket.socketpair()
        errors = os.memfd_create("errors")
        try:
            with theirs:
                ipc.send(self._control, {"command": "fork"}, files=(theirs.fileno(), errors))
            _, _, (process,) = ipc.receive(self._control)
        except (EOFError, OSError):
            requests.close()
            os.close(errors)
            raise
        return WorkerHandle(requests, errors, process, self._in_memory)

    def end(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
