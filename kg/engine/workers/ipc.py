"""Messages between processes of one machine over a Unix stream socket: a JSON header, a body, and open files."""

from __future__ import annotations

import os
import socket
import struct
from array import array
from typing import Any

import orjson

from kg.engine.interface.base import remaining

_FRAME = struct.Struct("!II")
_SPACE_FOR_FILES = socket.CMSG_SPACE(2 * array("i").itemsize)
# Bytes read at a time: few system calls for large messages, small buffers for small ones.
_MIN_READ, _MAX_READ = 1 << 13, 1 << 18


def send(connection: socket.socket, header: dict[str, Any], body: bytes = b"", files: tuple[int, ...] = ()) -> None:
    """Sends one message; ``files`` are descriptors, of which the receiver gets duplicates."""
    head = orjson.dumps(header)
    frame = _FRAME.pack(len(head), len(body)) + head + body
    sent = socket.send_fds(connection, [frame], list(files)) if files else 0
    connection.sendall(memoryview(frame)[sent:])


def receive(connection: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], bytes, list[int]]:
    """Receives the next message: header, body and open files.

    Raises:
        EOFError: the other side closed the connection.
        TimeoutError: the message was incomplete at the deadline.
    """
    received, files = bytearray(), list[int]()
    expected, header_length = _FRAME.size, 0
    try:
        while len(received) < expected:
            if deadline is not None:
                connection.settimeout(remaining(deadline) or 1e-6)
            received += _piece(connection, files, expected - len(received))
            if expected == _FRAME.size and len(received) >= expected:
                header_length, body_length = _FRAME.unpack_from(received)
                expected += header_length + body_length
    except BaseException:
        for file in files:
            os.close(file)
        raise
    start = _FRAME.size + header_length
    return orjson.loads(received[_FRAME.size : start]), bytes(received[start:expected]), files


def _piece(connection: socket.socket, files: list[int], missing: int) -> bytes:
    piece, passed, _, _ = connection.recvmsg(min(max(missing, _MIN_READ), _MAX_READ), _SPACE_FOR_FILES)
    for _, _, descriptors in passed:
        files += array("i", descriptors)
    if not piece:
        raise EOFError
    return piece
