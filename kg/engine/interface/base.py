"""The interface between the server and the engines for untrusted queries: request, result, and errors."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from kg.engine.interface.cancellation import Cancellation
from kg.sparql.diagnosis import Diagnosis

CHUNK = 1 << 16
_BYTE_ORDER_MARK = "\ufeff"


class QueryError(Exception):
    """Base of all errors of an untrusted query."""


class QuerySyntaxError(QueryError):
    """The query is not valid SPARQL; ``diagnosis`` explains where and why."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.message)
        self.diagnosis = diagnosis


class QueryRejectedError(QueryError):
    """The query uses something that this endpoint does not allow; the message says what."""


class FormatNotAvailableError(QueryError):
    """No requested format can represent the result. ``form`` is "graph" or "results"."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form


class QueryTimeoutError(QueryError):
    """The query did not finish before its deadline.

    If ``is_stopped`` is false, a remote endpoint may still be evaluating it.
    """

    def __init__(self, *, is_stopped: bool = True) -> None:
        super().__init__()
        self.is_stopped = is_stopped


class ResultTooLargeError(QueryError):
    """The result has more bytes than allowed."""


class DiskFullError(QueryError):
    """The result does not fit on the disk of the server."""


class MemoryLimitError(QueryError):
    """The query needs more memory than allowed."""


class EngineCrashError(QueryError):
    """The engine crashed on this query; other queries are not affected."""


class QueueFullError(QueryError):
    """The query would wait for too long; ``wait`` is for how many seconds, probably."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__()
        self.wait = wait


class QueryCancelledError(QueryError):
    """Nobody waits for the result any more, so the query was not run or was stopped."""


class ServiceError(QueryError):
    """An endpoint that the query calls by SERVICE failed or sent no readable result."""


class RemoteUnavailableError(QueryError):
    """The remote endpoint cannot be reached, or its response is not valid."""


class RemoteOverloadedError(QueryError):
    """The remote endpoint accepts no more queries for now.

    ``retry_after`` is the value of its ``Retry-After`` header (RFC 9110 section 10.2.3), empty if it sent none.
    """

    def __init__(self, retry_after: str) -> None:
        super().__init__("The remote endpoint is overloaded; try again later.")
        self.retry_after = retry_after


class RemoteOutOfSyncError(QueryError):
    """The remote endpoint contains a different release from the one that this server serves."""


@dataclass(frozen=True)
class QueryRequest:
    """An untrusted query. Formats are names of ``kg.rdf.formats``, ``None`` if nothing acceptable exists.

    Args:
        query: the query text; a leading byte order mark, which some editors write, is removed.
        results_format: format for the rows of SELECT and ASK.
        graph_format: format for the graph of CONSTRUCT and DESCRIBE.
        default_graphs: graphs that override FROM.
        named_graphs: graphs that override FROM NAMED.
        labels: language of the label column that is added after each column of IRIs; empty for none.
        base_iri: IRI against which relative IRIs are resolved (SPARQL 1.1 Protocol, 2.1.4 names the endpoint's URL);
            empty for none, so that they are errors.
    """

    query: str
    results_format: str | None
    graph_format: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    labels: str = ""
    base_iri: str = ""

    def __post_init__(self) -> None:
        if self.query.startswith(_BYTE_ORDER_MARK):
            object.__setattr__(self, "query", self.query.removeprefix(_BYTE_ORDER_MARK))


@dataclass(frozen=True)
class QueryResult:
    """A complete result: the name of its format, and its bytes in memory or in an unlinked file.

    ``length`` is in bytes. ``is_deterministic`` says that the same query on the same release gives the same result.
    ``queued`` and ``evaluated`` are seconds. If there are no rows, ``hint`` may name a likely mistake in the query.
    """

    format: str
    content: bytes | BinaryIO
    length: int
    is_deterministic: bool
    queued: float = 0.0
    evaluated: float = 0.0
    hint: str = ""

    def read(self) -> bytes:
        """Returns all bytes; for results known to be small."""
        return self.content if isinstance(self.content, bytes) else self.content.read()

    def chunks(self) -> Iterator[bytes]:
        """Yields the bytes in pieces of ``CHUNK``, so that a large result is never in memory, and closes the file."""
        with io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content as source:
            while piece := source.read(CHUNK):
                yield piece

    def close(self) -> None:
        """Closes the file of a large result."""
        if not isinstance(self.content, bytes):
            self.content.close()


@dataclass(frozen=True)
class EngineStatus:
    """The state of an engine, for operators.

    ``busy`` workers evaluate a query, ``long`` ones of them one that takes long. ``trouble`` says in a sentence why the
    engine cannot answer, if that is known.
    """

    workers: int
    busy: int
    long: int
    queue_length: int
    restarts: int
    trouble: str = ""


class Engine(Protocol):
    """Runs untrusted queries."""

    def run(self, request: QueryRequest, deadline: float, cancellation: Cancellation | None = None) -> QueryResult:
        """Evaluates a query.

        Args:
            request: the query and the acceptable formats.
            deadline: time at which evaluation stops, on the clock of ``time.monotonic``.
            cancellation: says when nobody waits for the result any more; ``None`` if somebody always does.

        Raises:
            QueryError: one of its subclasses, by what went wrong.
        """

    def state(self) -> EngineStatus:
        """Returns the current state, for metrics."""

    def wait_until_ready(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether the engine can answer queries."""

    def wait_until_warm(self, seconds: float) -> bool:
        """Waits up to ``seconds`` and returns whether the engine has loaded all that makes it fast."""

    def close(self) -> None:
        """Ends the threads and processes that the engine started."""


def remaining(deadline: float) -> float:
    """Returns the seconds until the deadline, at least 0."""
    return max(0.0, deadline - time.monotonic())
