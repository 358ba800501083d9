"""Messages between processes of one machine: a header as JSON, a body, and open files, over a Unix stream socket."""

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
_LEAST, _MOST = 1 << 13, 1 << 18


def send(connection: socket.socket, header: dict[str, Any], body: bytes = b"", files: tuple[int, ...] = ()) -> None:
    """Sends one message; ``files`` are descriptors, of which the receiver gets copies."""
    head = orjson.dumps(header)
    frame = _FRAME.pack(len(head), len(body)) + head + body
    sent = socket.send_fds(connection, [frame], list(files)) if files else 0
    connection.sendall(memoryview(frame)[sent:])


def receive(connection: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], bytes, list[int]]:
    """The next message: its header, body and open files.

    Raises:
        EOFError: the other side is gone.
        TimeoutError: the deadline came first.
    """
    received, files = bytearray(), list[int]()
    wanted, header_length = _FRAME.size, 0
    try:
        while len(received) < wanted:
            if deadline is not None:
                connection.settimeout(remaining(deadline) or 1e-6)
            received += _piece(connection, files, wanted - len(received))
            if wanted == _FRAME.size and len(received) >= wanted:
                header_length, body_length = _FRAME.unpack_from(received)
                wanted += header_length + body_length
    except BaseException:
        for file in files:
            os.close(file)
        raise
    start = _FRAME.size + header_length
    return orjson.loads(received[_FRAME.size : start]), bytes(received[start:wanted]), files


def _piece(connection: socket.socket, files: list[int], missing: int) -> bytes:
    piece, passed, _, _ = connection.recvmsg(min(max(missing, _LEAST), _MOST), _SPACE_FOR_FILES)
    for _, _, descriptors in passed:
        files += array("i", descriptors)
    if not piece:
        raise EOFError
    return piece
