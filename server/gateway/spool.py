"""Names for response bodies, under which granian opens and sends them; the bodies themselves are anonymous files.

granian says neither when it has opened a file nor when it has sent it. A name is therefore removed some seconds after
it was given, and /proc/self/fd shows which files are still being sent. A name is never used twice: a file that granian
opens too late is a 404, never the response to another client.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
import weakref
from collections import deque
from itertools import count
from pathlib import Path
from typing import BinaryIO

from server.http.file_body import FileBody
from server.http.problems import Problem

# Seconds in which granian opens a file. It takes less than a millisecond, unless the machine is stopped.
_GRACE = 5.0


class Spool:
    """The files that are being sent.

    Args:
        folder: private and empty, on the file system of temporary files.
        limit: bytes of all bodies that are being sent, not counting shared ones.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder, self._limit = str(folder), limit
        self._names = count()
        self._lock = threading.Lock()
        # Name, and the time at which it is removed; in the order of time.
        self._named: deque[tuple[str, float]] = deque()
        self._sizes: dict[str, int] = {}
        self.bytes = 0

    def path_of(self, body: FileBody) -> str:
        """Returns a path under which the body can be opened during the next seconds.

        Raises:
            Problem: 503 if too many bytes are being sent.
            OSError: the body cannot get a name, and the disk is full.
        """
        if body.path or body.file is None:
            return body.path
        name = f"{self._folder}/{next(self._names)}"
        if body.is_shared:
            _link(body.file, name)
            # Two threads may give two names; both are removed with the body.
            weakref.finalize(body, self._remove_later, name)
            body.path = name
            return name
        with self._lock:
            if self.bytes + body.length > self._limit:
                detail = "Too many large responses are being sent. Try again in a moment."
                raise Problem(503, "Server busy", detail, {"Retry-After": "10"})
            self.bytes += body.length
            self._sizes[name] = body.length
        try:
            _link(body.file, name)
        finally:
            self._remove_later(name)
        return name

    def sweep(self, open_files: set[str]) -> None:
        """Removes names that granian no longer needs, and forgets what it has sent.

        Args:
            open_files: paths of all files that this process has open.
        """
        now = time.monotonic()
        while self._named and self._named[0][1] < now:
            name, _ = self._named.popleft()
            Path(name).unlink(missing_ok=True)
        fresh = {name for name, _ in list(self._named)}
        with self._lock:
            for name in [name for name in self._sizes if name not in fresh and f"{name} (deleted)" not in open_files]:
                self.bytes -= self._sizes.pop(name)

    def _remove_later(self, name: str) -> None:
        self._named.append((name, time.monotonic() + _GRACE))


def _link(file: BinaryIO, name: str) -> None:
    """Gives an open file a name; copies it where the file system cannot do that."""
    file.flush()
    descriptor = file.fileno()
    try:
        # Only with a descriptor of a folder does Python call linkat, which follows the link in /proc.
        os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True)
    except OSError:
        try:
            with Path(name).open("xb") as copy, os.fdopen(os.dup(descriptor), "rb") as original:
                original.seek(0)
                shutil.copyfileobj(original, copy)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
