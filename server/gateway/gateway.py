"""Calls the WSGI application for each request of granian, in granian's thread, and hands the response over at once.

No thread of ours waits for a client: a request comes here when its head is complete, a body is received piece by piece
without a thread, and a response leaves as bytes or as a file, which granian's event loop sends.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, cast

from kg.engine.interface.cancellation import Cancellation
from kg.rdf.anonymous_file import anonymous_file
from server.gateway.environ import environ_of
from server.gateway.request_bodies import Budget, Upload, Uploads
from server.gateway.spool import Spool
from server.http.file_body import IN_MEMORY, FileBody
from server.http.headers import Headers
from server.http.problems import EARLY_ERROR, Problem
from server.http.request_body import MAX_BYTES, METHODS_WITHOUT_BODY, attach
from server.http.wsgi_types import CANCELLATION, REQUEST_START, Application, close

# Threads that answer requests whose body did not come. They have their own, since no thread of granian is at hand.
_THREADS_FOR_EXPIRED = 2
_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Gateway:
    """Answers the requests of granian.

    Args:
        application: the WSGI application. Its bodies are iterables of bytes, or a ``FileBody``.
        uploads: watches the deadline of bodies.
        spool: names the bodies that granian is to send.
        budget: bytes for bodies of requests.
    """

    def __init__(self, application: Application, uploads: Uploads, spool: Spool, budget: Budget) -> None:
        self._application, self._uploads, self._spool, self._budget = application, uploads, spool, budget
        self._for_expired = ThreadPoolExecutor(_THREADS_FOR_EXPIRED, "vitk expired")

    def __call__(self, watcher: Any) -> None:
        """Answers a request, or begins to receive its body.

        Args:
            watcher: granian's, with ``scope`` and ``proto`` of RSGI; it reports an error that we did not expect.
        """
        with _Reported(watcher):
            environ = environ_of(watcher.scope)
            if environ["REQUEST_METHOD"] in METHODS_WITHOUT_BODY:
                self._answer(watcher.proto, environ)
            else:
                self._receive(watcher, environ)

    def _receive(self, watcher: Any, environ: dict[str, Any]) -> None:
        # The time limit starts here, so that a slow upload counts.
        environ[REQUEST_START] = time.monotonic()
        text = environ.get("CONTENT_LENGTH", "")
        announced = int(text) if text.isdecimal() else 0
        has_body = announced or "HTTP_TRANSFER_ENCODING" in environ or environ["SERVER_PROTOCOL"] == "HTTP/2"
        if announced > MAX_BYTES or text == "0" or not has_body:
            attach(environ, b"", announced)
            self._answer(watcher.proto, environ)
            return

        def finished(upload: Upload) -> None:
            with _Reported(watcher):
                try:
                    self._answer(upload.protocol, upload.environ)
                finally:
                    upload.close()
                    # Its traceback leads back here, and to granian's hold on a body that did not come: the connection
                    # would stay until the next garbage collection.
                    if problem := upload.environ.pop(EARLY_ERROR, None):
                        problem.with_traceback(None)

        def finished_or_expired(upload: Upload) -> None:
            problem = upload.environ.get(EARLY_ERROR)
            if isinstance(problem, Problem) and problem.status == 408:
                self._for_expired.submit(finished, upload)
            else:
                finished(upload)

        upload = Upload(watcher.proto, environ, announced, self._budget, finished_or_expired)
        self._uploads.add(upload)
        upload.start()

    def _answer(self, protocol: Any, environ: dict[str, Any]) -> None:
        content: Iterable[bytes] = []
        environ[CANCELLATION] = Cancellation(partial(_watch, protocol))
        try:
            status, headers, content = self._call(environ)
            body = _complete(content)
            path = self._spool.path_of(body) if isinstance(body, FileBody) else ""
        except (Problem, OSError) as error:
            close(content)
            environ[EARLY_ERROR] = error if isinstance(error, Problem) else _storage_problem(error)
            status, headers, content = self._call(environ)
            body = b"".join(content)
        if isinstance(body, bytes):
            protocol.response_bytes(status, headers, body)
        else:
            protocol.response_file_range(status, headers, path, body.start, body.start + body.length)
        close(body if isinstance(body, FileBody) else content)

    def _call(self, environ: dict[str, Any]) -> tuple[int, Headers, Iterable[bytes]]:
        captured: list[Any] = []
        content = self._application(environ, lambda status, headers, *_: captured.extend((status, headers)))
        return int(captured[0][:3]), captured[1], content


def _watch(protocol: Any, left: Callable[[], object]) -> Callable[[], object]:
    """Watches whether the client leaves.

    Args:
        protocol: granian's, of the request.
        left: is called in a thread of granian when the connection is closed, or the client closes its side of it.

    Returns:
        The function that ends watching.
    """
    future = protocol.client_disconnect()
    future.add_done_callback(lambda future: None if future.cancelled() else left())
    return cast("Callable[[], object]", future.cancel)


def _complete(content: Iterable[bytes]) -> bytes | FileBody:
    """The complete body: in memory or, if it is large, in a file.

    Raises:
        OSError: the disk is full.
    """
    if isinstance(content, FileBody):
        return content
    if isinstance(content, list):
        # The application has it in memory already.
        return content[0] if len(content) == 1 else b"".join(content)
    pieces: list[bytes] = []
    size, file = 0, None
    for piece in content:
        size += len(piece)
        if file is not None:
            file.write(piece)
            continue
        pieces.append(piece)
        if size > IN_MEMORY:
            file = anonymous_file()
            file.writelines(pieces)
            pieces.clear()
    close(content)
    if file is None:
        return b"".join(pieces)
    file.flush()
    return FileBody(file, size)


def _storage_problem(error: OSError) -> Problem:
    """What to report when the disk is full.

    Raises:
        OSError: it is another error.
    """
    if error.errno not in _DISK_IS_FULL:
        raise error
    detail = f"The response cannot be stored while it is sent: {error.strerror}. Ask for a smaller one, or try later."
    return Problem(507, "Insufficient storage", detail, {"Retry-After": "10"})


class _Reported:
    """Reports an error to granian, which logs it and answers 500: there is no Python above us that could."""

    def __init__(self, watcher: Any) -> None:
        self._watcher = watcher

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if error is not None:
            self._watcher.err(error)
        return True
