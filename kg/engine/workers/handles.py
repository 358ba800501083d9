"""The server's handles of its child processes: the zygote, and the workers that it forks."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import socket
import subprocess
import time
from typing import Any

from kg.engine.workers import ipc, process

Response = tuple[dict[str, Any], bytes, list[int]]
# Bytes of the graph of which a worker may have copies of its own: quads in memory contain a lock, so a worker writes to
# each page that a query scans. Counted are minor page faults, and so also memory that it was given for other things.
_DIVERGENCE = 32 << 20
# Bytes of what a process wrote last that are read after its death.
_TAIL = 4096
# Seconds in which a zygote that has closed its socket ends.
_MAX_SECONDS_TO_DIE = 5.0


class WorkerHandle:
    """The server's handle of one worker.

    Attributes:
        in_memory: whether it has the graph in memory.
        has_diverged: whether it has its own copies of much of the graph.
        cpu_seconds_before: for how long it had run on a processor when its last query ended; not a
            number before its first.
        idle_since: when it was last given back to the pool, on the clock of ``time.monotonic``.
    """

    def __init__(self, requests: socket.socket, errors: int, pid: int, process: int, in_memory: bool) -> None:
        self._requests, self._errors, self._pid, self._process = requests, errors, pid, process
        self.in_memory = in_memory
        self.has_diverged = False
        self.idle_since = time.monotonic()
        self.cpu_seconds_before = math.nan
        # Neither asks the kernel twice, as a socket with a timeout does.
        requests.settimeout(0)
        self._response = select.poll()
        self._response.register(requests, select.POLLIN)

    def send(self, request: dict[str, Any], deadline: float) -> None:
        """Sends a request.

        Raises:
            TimeoutError: the worker has not taken it by the deadline.
            ConnectionError: the worker had died while it was idle, for example because the zygote was killed.
        """
        if math.isnan(self.cpu_seconds_before):
            # It has just started, and may have opened a store.
            self.cpu_seconds_before = self.cpu_seconds()
        ipc.send(self._requests, request, deadline=deadline)

    def has_responded(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether a response has begun to come, or the worker died."""
        return bool(self._response.poll(1000 * seconds))

    def receive(self, deadline: float) -> Response:
        """Returns header, body and open files of the response.

        Raises:
            TimeoutError: no complete response by the deadline.
            EOFError, ConnectionError: the worker died.
        """
        response = ipc.receive(self._requests, deadline)
        self.has_diverged = self.in_memory and response[0]["copied"] > _DIVERGENCE
        self.cpu_seconds_before = response[0]["cpu"]
        return response

    def cpu_seconds(self) -> float:
        """Returns the seconds for which the worker has run on a processor; infinity if it has died."""
        try:
            # The clock that clock_getcpuclockid(3) returns, which Python does not have.
            return time.clock_gettime(~self._pid << 3 | 2)
        except OSError:
            return math.inf

    def kill(self) -> None:
        """Kills the worker; whoever waits for its response gets an ``EOFError``."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def stderr_tail(self) -> str:
        """Returns the last output of the engine, after a worker died."""
        return _tail(self._errors)

    def end(self) -> None:
        """Kills the worker and closes its descriptors."""
        self.kill()
        self._requests.close()
        os.close(self._errors)
        os.close(self._process)


class ZygoteHandle:
    """The server's handle of the process that forks workers.

    Raises:
        OSError: no process could be started.
    """

    def __init__(self, configuration: dict[str, Any]) -> None:
        self._control, theirs = socket.socketpair()
        self._in_memory = bool(configuration["in_memory"])
        with theirs:
            command = process.python_command("kg.engine.workers.zygote", str(theirs.fileno()))
            # A file rather than a descriptor, whose number could belong to something else when it is closed twice.
            self._errors = os.fdopen(os.memfd_create("errors"), "rb", buffering=0)
            try:
                self._process = subprocess.Popen(
                    command,
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stderr=self._errors,
                    # With the graph in memory, mimalloc gains little and takes more memory.
                    env=os.environ | ({} if self._in_memory else process.mimalloc_environment()),
                )
            except OSError:
                self._control.close()
                self._errors.close()
                raise
        # Not in argv, which every user of the machine can read.
        # A zygote that is dead by now shows where its first message is awaited.
        with contextlib.suppress(OSError):
            ipc.send(self._control, configuration | {"server": os.getpid()})

    def wait_until_loaded(self) -> None:
        """Waits until the zygote can fork.

        Raises:
            EOFError, OSError: the zygote died.
        """
        ipc.receive(self._control)

    def has_loaded(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether the zygote has loaded the graph or died."""
        return bool(select.select([self._control], [], [], seconds)[0])

    def fork(self) -> WorkerHandle:
        """Has the zygote fork a worker.

        Raises:
            EOFError, OSError: the zygote died.
        """
        requests, theirs = socket.socketpair()
        errors = os.memfd_create("errors")
        try:
            with theirs:
                ipc.send(self._control, {"command": "fork"}, files=(theirs.fileno(), errors))
            header, _, (process,) = ipc.receive(self._control)
        except (EOFError, OSError):
            requests.close()
            os.close(errors)
            raise
        return WorkerHandle(requests, errors, header["pid"], process, self._in_memory)

    def reason_of_death(self) -> str:
        """Returns why the zygote died: the last line that it wrote, or else its exit status."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_MAX_SECONDS_TO_DIE)
        lines = _tail(self._errors.fileno()).split("\n")
        ended = f"their process ended with status {self._process.returncode}"
        return next((line.strip() for line in reversed(lines) if line.strip()), ended)

    def end(self) -> None:
        """Kills the zygote, if it has not ended yet; its workers end with it."""
        self._control.close()
        self._errors.close()
        self._process.kill()
        self._process.wait()


def _tail(errors: int) -> str:
    """Returns what was written last to an anonymous file."""
    return os.pread(errors, _TAIL, max(0, os.fstat(errors).st_size - _TAIL)).decode("utf-8", "replace")
