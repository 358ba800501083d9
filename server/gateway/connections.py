"""Closes connections that hardly take their responses, and idle ones.

granian sends without a thread of ours and has no limit for the time that it takes, nor for a connection on which
nothing has ever come. The kernel knows how much a client has acknowledged and when something came or went (tcp(7),
TCP_INFO), and a process may close its own connections.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import struct
import termios
import time
from dataclasses import dataclass

# A client that has data to fetch must take as many bytes a second, on average over as many seconds.
MIN_RATE = 1 << 10
PATIENCE = 60.0
# struct tcp_info of Linux 4.1 and later: tcpi_state at its beginning, tcpi_last_data_sent and tcpi_last_data_recv in
# milliseconds, tcpi_bytes_acked.
_ESTABLISHED = 1
_LAST_SENT, _LAST_RECEIVED = 44, 52
_BYTES_ACKED = 120
_TCP_INFO_LENGTH = 128


@dataclass(frozen=True)
class _Progress:
    since: float
    acknowledged: int


class SlowConnections:
    """Looks after the connections of this process.

    Args:
        port: on which the server listens.
        idle: seconds after which a connection is closed if nothing came or went; longer than any request takes.
        patience: seconds over which the rate of a client is measured.
        min_rate: in bytes a second.
    """

    def __init__(self, port: int, idle: float, patience: float = PATIENCE, min_rate: int = MIN_RATE) -> None:
        self._port, self._idle, self._patience, self._min_rate = port, idle, patience, min_rate
        self._progress: dict[int, _Progress] = {}
        self.closed = 0

    def sweep(self, descriptors: dict[int, str]) -> None:
        """Closes the connections that are too slow.

        Args:
            descriptors: those of this process, with what they lead to, as in /proc/self/fd.
        """
        seen: dict[int, _Progress] = {}
        for descriptor, target in descriptors.items():
            if target.startswith("socket:"):
                # It may have been closed since, or be another one by now; all that follows is about what it is now.
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
                    self._look(connection, seen)
        self._progress = seen

    def _look(self, connection: socket.socket, seen: dict[int, _Progress]) -> None:
        if connection.family not in (socket.AF_INET, socket.AF_INET6) or connection.getsockname()[1] != self._port:
            return
        information = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_LENGTH)
        if len(information) < _TCP_INFO_LENGTH:
            raise OSError(errno.EOPNOTSUPP, "the kernel does not count acknowledged bytes")
        if information[0] != _ESTABLISHED:
            return
        (unsent,) = struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0\0\0\0"))
        if not unsent:
            last = min(struct.unpack_from("I", information, at)[0] for at in (_LAST_SENT, _LAST_RECEIVED))
            if last > 1000 * self._idle:
                self._close(connection)
            return
        (acknowledged,) = struct.unpack_from("Q", information, _BYTES_ACKED)
        identity, now = os.fstat(connection.fileno()).st_ino, time.monotonic()
        before = self._progress.get(identity)
        if before is None or now - before.since > self._patience:
            if before is not None and acknowledged - before.acknowledged < self._min_rate * (now - before.since):
                self._close(connection)
                return
            before = _Progress(now, acknowledged)
        seen[identity] = before

    def _close(self, connection: socket.socket) -> None:
        self.closed += 1
        # granian closes it when it cannot send; the kernel then forgets what was not sent.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
