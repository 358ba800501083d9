"""Strangers' queries on an engine elsewhere: same limits, same failures, same bytes of an answer as on workers."""

from __future__ import annotations

import io
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from kg.engine.interface.base import (
    EngineStatus,
    FormatNotAvailableError,
    QueryError,
    QueryRejectedError,
    QueryRequest,
    QueryResult,
    QuerySyntaxError,
    QueryTimeoutError,
    QueueFullError,
    RemoteOutOfSyncError,
    RemoteUnavailableError,
    ResultTooLargeError,
    remaining,
)
from kg.engine.remote import client, integrity, release_watch
from kg.engine.remote.connection import Endpoint
from kg.rdf.formats import BY_NAME, JSON, Format
from kg.rdf.output_buffer import NotSerialisableError, OutputLimitError, SpooledOutput
from kg.release import Release
from kg.sparql import guard
from kg.sparql.diagnosis import diagnose
from kg.sparql.tokens import tokenize

_FORMS = {"SELECT": "results", "ASK": "results", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_POLL_SECONDS = 2.0
_POLL_BYTES = 1 << 16


class RemoteEngine:
    """A SPARQL endpoint by its address.

    Args:
        address: where it answers queries; see ``Endpoint``.
        release: which it should hold.
        size: how many queries it is asked at once.
        waiting: how many more may wait.
        result: bytes of an answer.
        prefixes: used in answers and offered where a query forgot to declare one.
    """

    def __init__(
        self, address: str, release: Release, *, size: int, waiting: int, result: int, prefixes: dict[str, str]
    ) -> None:
        self._endpoint, self._size, self._result, self._prefixes = Endpoint(address), size, result, prefixes
        self._admission = threading.BoundedSemaphore(size + waiting)
        self._slots = threading.BoundedSemaphore(size)
        self._busy = self._admitted = 0
        self._count = threading.Lock()
        self._question = release_watch.release_query(release.base_iri)
        self._watch = release_watch.ReleaseMonitor(self._poll, release.id)

    def run(self, request: QueryRequest, deadline: float) -> QueryResult:
        """Has the endpoint evaluate a query; see ``Engine``. Only where it is known to hold the release, an answer is
        repeatable."""
        arrived = time.monotonic()
        with self._admitted_one(deadline):
            started = time.monotonic()
            try:
                facts = guard.check(request.query)
            except guard.GuardError as refused:
                raise QueryRejectedError(str(refused)) from None
            wanted = _wanted(request)
            if not self._watch.wait(remaining(deadline)):
                raise QueryTimeoutError(is_stopped=False)
            self._check_fit()
            content, length = self._answer(request, wanted, deadline)
            # Once more: while the query ran, another release may have come.
            is_certain = self._watch.is_certain
            answer = QueryResult(
                wanted.name,
                content,
                length,
                facts.is_deterministic and is_certain,
                started - arrived,
                time.monotonic() - started,
            )
            try:
                self._check_fit()
            except RemoteOutOfSyncError:
                answer.close()
                raise
            return answer

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether the endpoint can be asked, by the last look at it; only the first one is waited for."""
        return self._watch.wait(seconds) and not self._watch.trouble

    def wait_until_warm(self, seconds: float) -> bool:  # noqa: ARG002 - there is nothing to wait for
        """There is nothing to start here."""
        return True

    def state(self) -> EngineStatus:
        return EngineStatus(self._size, self._busy, max(0, self._admitted - self._busy), 0, self._watch.trouble)

    def close(self) -> None:
        """Ends looking at the endpoint."""
        self._watch.end()

    def _check_fit(self) -> None:
        if misfit := self._watch.misfit:
            raise RemoteOutOfSyncError(misfit)

    def _poll(self) -> release_watch.RemoteRelease:
        output = SpooledOutput(_POLL_BYTES, io.BytesIO())
        deadline = time.monotonic() + _POLL_SECONDS
        try:
            given = client.ask(self._endpoint, [("query", self._question)], (JSON,), output, deadline)
            rows = integrity.texts(_opened(output), given, deadline)
        except client.RemoteRejectedError:
            raise RemoteUnavailableError("The engine refuses a plain query.") from None
        except (OutputLimitError, integrity.IncompleteResponseError):
            raise RemoteUnavailableError("What the engine answers to a plain query can't be read.") from None
        return release_watch.read(rows)

    @contextmanager
    def _admitted_one(self, deadline: float) -> Iterator[None]:
        if not self._admission.acquire(blocking=False):
            raise QueueFullError
        self._counted(admitted=1)
        try:
            if not self._slots.acquire(timeout=remaining(deadline)):
                raise QueryTimeoutError
            self._counted(busy=1)
            try:
                yield
            finally:
                self._counted(busy=-1)
                self._slots.release()
        finally:
            self._counted(admitted=-1)
            self._admission.release()

    def _counted(self, busy: int = 0, admitted: int = 0) -> None:
        with self._count:
            self._busy += busy
            self._admitted += admitted

    def _answer(self, request: QueryRequest, wanted: Format, deadline: float) -> tuple[bytes | BinaryIO, int]:
        files: list[BinaryIO] = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115 - one may go out
        content: bytes | BinaryIO = b""
        try:
            output = self._written(request, wanted, [SpooledOutput(self._result, file) for file in files], deadline)
            content = output.finish()
            return content, output.size
        finally:
            for file in files:
                if file is not content:
                    file.close()

    def _written(
        self, request: QueryRequest, wanted: Format, outputs: list[SpooledOutput], deadline: float
    ) -> SpooledOutput:
        came, rewritten = outputs
        try:
            given = client.ask(self._endpoint, _parameters(request), integrity.taken_for(wanted), came, deadline)
            if given == wanted == JSON:
                integrity.check(_opened(came), given, deadline)
                return came
            integrity.rewrite(_opened(came), given, wanted, rewritten, self._prefixes, deadline)
        except client.RemoteRejectedError as refusal:
            raise self._refused(request, str(refusal)) from None
        except integrity.IncompleteResponseError as error:
            raise RemoteUnavailableError(
                "The engine's answer can't be read to its end: it broke off, or is not what its type says."
            ) from error
        except NotSerialisableError as error:
            raise QueryRejectedError(f"{error}.") from None
        except TimeoutError:
            raise QueryTimeoutError(is_stopped=False) from None
        except OutputLimitError:
            raise ResultTooLargeError from None
        else:
            return rewritten

    def _refused(self, request: QueryRequest, said: str) -> QueryError:
        if "error at" in said:
            return QuerySyntaxError(diagnose(request.query, said, self._prefixes))
        return QueryRejectedError(f"The engine refuses the query: {said or 'it answers with status 400.'}")


def _parameters(request: QueryRequest) -> list[tuple[str, str]]:
    return [
        ("query", request.query),
        *(("default-graph-uri", graph) for graph in request.default_graphs),
        *(("named-graph-uri", graph) for graph in request.named_graphs),
    ]


def _opened(output: SpooledOutput) -> BinaryIO:
    content = output.finish()
    return io.BytesIO(content) if isinstance(content, bytes) else content


def _wanted(request: QueryRequest) -> Format:
    words = (token.text.upper() for token in tokenize(request.query) if token.kind == "word")
    form = next((_FORMS[word] for word in words if word in _FORMS), "results")
    name = request.results_format if form == "results" else request.graph_format
    if name is None:
        raise FormatNotAvailableError(form)
    if request.labels:
        raise QueryRejectedError("labels= is not to be had on this engine; ask for rdfs:label in the query.")
    return BY_NAME[name]
