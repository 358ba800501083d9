"""Messages between processes of one machine over a Unix stream socket: a JSON header, a body, and open files."""

from __future__ import annotations

import os
import select
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


def send(
    connection: socket.socket,
    header: dict[str, Any],
    body: bytes = b"",
    files: tuple[int, ...] = (),
    deadline: float | None = None,
) -> None:
    """Sends one message; ``files`` are descriptors, of which the receiver gets duplicates.

    Raises:
        TimeoutError: the other side has not taken the message by the deadline, which only a connection that does not
            block needs.
        ConnectionError: the other side closed the connection.
    """
    head = orjson.dumps(header)
    frame = b"%b%b%b" % (_FRAME.pack(len(head), len(body)), head, body)
    if files:
        sent = socket.send_fds(connection, [frame], list(files))
        connection.sendall(memoryview(frame)[sent:])
        return
    sent = 0
    while sent < len(frame):
        try:
            sent += connection.send(memoryview(frame)[sent:] if sent else frame)
        except BlockingIOError:
            _wait(connection, select.POLLOUT, deadline)


def receive(connection: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], bytes, list[int]]:
    """Receives the next message: header, body and open files.

    Args:
        connection: to read from.
        deadline: until when the message must be complete, for a connection that does not block.

    Raises:
        EOFError: the other side closed the connection.
        TimeoutError: the message was incomplete at the deadline.
    """
    files = list[int]()
    try:
        received: bytes | bytearray = b""
        expected, header_length = _FRAME.size, 0
        while True:
            if expected == _FRAME.size and len(received) >= expected:
                header_length, body_length = _FRAME.unpack_from(received)
                expected += header_length + body_length
            if len(received) >= expected:
                break
            piece = _piece(connection, files, expected - len(received), deadline)
            # Most messages come in one piece.
            received = bytearray(received) + piece if received else piece
    except BaseException:
        for file in files:
            os.close(file)
        raise
    start = _FRAME.size + header_length
    return orjson.loads(received[_FRAME.size : start]), bytes(received[start:expected]), files


def _piece(connection: socket.socket, files: list[int], missing: int, deadline: float | None) -> bytes:
    while True:
        try:
            piece, passed, _, _ = connection.recvmsg(min(max(missing, _MIN_READ), _MAX_READ), _SPACE_FOR_FILES)
        except BlockingIOError:
            _wait(connection, select.POLLIN, deadline)
        else:
            break
    for _, _, descriptors in passed:
        files += array("i", descriptors)
    if not piece:
        raise EOFError
    return piece


def _wait(connection: socket.socket, event: int, deadline: float | None) -> None:
    poll = select.poll()
    poll.register(connection, event)
    if not poll.poll(None if deadline is None else 1000 * remaining(deadline)):
        raise TimeoutError
