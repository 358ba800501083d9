"""The seam between the server and whatever runs strangers' queries: a request, an answer, and how it may fail."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from kg.sparql.diagnosis import Diagnosis

CHUNK = 1 << 16
_BYTE_ORDER_MARK = "\ufeff"


class QueryError(Exception):
    """A stranger's query that has no answer."""


class QuerySyntaxError(QueryError):
    """The query is not SPARQL."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.message)
        self.diagnosis = diagnosis


class QueryRejectedError(QueryError):
    """The query asks for something that this endpoint does not do."""


class FormatNotAvailableError(QueryError):
    """The answer can't be written in any format that was asked for. ``form`` is "graph" or "results"."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form


class QueryTimeoutError(QueryError):
    """The query was not done at its deadline. Where it is not ``is_stopped``, an engine elsewhere may go on with it."""

    def __init__(self, *, is_stopped: bool = True) -> None:
        super().__init__()
        self.is_stopped = is_stopped


class ResultTooLargeError(QueryError):
    """The answer has more bytes than allowed."""


class MemoryLimitError(QueryError):
    """The query needs more memory than allowed."""


class EngineCrashError(QueryError):
    """The engine broke down on this query; others are not affected."""


class QueueFullError(QueryError):
    """As many queries wait already as may."""


class ServiceError(QueryError):
    """An endpoint that the query calls by SERVICE gives no answer that can be read."""


class RemoteUnavailableError(QueryError):
    """An engine elsewhere can't be reached, or what it says is no answer."""


class RemoteOverloadedError(QueryError):
    """An engine elsewhere takes no query now. ``retry_after`` is the value of its header, empty where it has none."""

    def __init__(self, retry_after: str) -> None:
        super().__init__("The engine takes no more queries for now.")
        self.retry_after = retry_after


class RemoteOutOfSyncError(QueryError):
    """An engine elsewhere holds something else than the release that serves."""


@dataclass(frozen=True)
class QueryRequest:
    """A stranger's query; the formats are names of ``kg.rdf.formats``, ``None`` where nothing acceptable exists.

    Args:
        query: the text as it came; a mark that some editors put before it is taken off.
        results_format: in which rows are written.
        graph_format: in which a graph is written.
        default_graphs: graphs that override FROM.
        named_graphs: graphs that override FROM NAMED.
        labels: language in which a column of labels is added for each column of IRIs; empty for none.
    """

    query: str
    results_format: str | None
    graph_format: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    labels: str = ""

    def __post_init__(self) -> None:
        if self.query.startswith(_BYTE_ORDER_MARK):
            object.__setattr__(self, "query", self.query.removeprefix(_BYTE_ORDER_MARK))


@dataclass(frozen=True)
class QueryResult:
    """A finished answer: the name of its format, and its bytes in memory or in an unlinked file.

    ``repeatable`` says that the same query on the same release gives the same answer; ``queued`` and ``evaluated`` are
    seconds; ``hint`` tells what may have been mistaken where there are no rows.
    """

    format: str
    content: bytes | BinaryIO
    length: int
    is_deterministic: bool
    queued: float = 0.0
    evaluated: float = 0.0
    hint: str = ""

    def read(self) -> bytes:
        """All bytes; for answers that the caller knows to be small."""
        return self.content if isinstance(self.content, bytes) else self.content.read()

    def chunks(self) -> Iterator[bytes]:
        """The bytes piece by piece, so that a large answer is never held; the file is closed at the end."""
        with io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content as source:
            while piece := source.read(CHUNK):
                yield piece

    def close(self) -> None:
        if not isinstance(self.content, bytes):
            self.content.close()


@dataclass(frozen=True)
class EngineStatus:
    """What operators see of an engine; ``trouble`` says in a sentence why it can't answer, where that is known."""

    workers: int
    busy: int
    queue_length: int
    restarts: int
    trouble: str = ""


class Engine(Protocol):
    """What runs strangers' queries."""

    def run(self, request: QueryRequest, deadline: float) -> QueryResult:
        """Evaluates a query until ``deadline``, on the clock of ``time.monotonic``.

        Raises:
            QueryFailed: one of its kinds, each with what went wrong.
        """

    def state(self) -> EngineStatus: ...

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether it can answer queries within these seconds."""

    def wait_until_warm(self, seconds: float) -> bool:
        """Whether it is done with starting within these seconds: it has read all that makes it fast."""

    def close(self) -> None:
        """Ends whatever the engine started."""


def remaining(deadline: float) -> float:
    """Seconds until the deadline, never less than none."""
    return max(0.0, deadline - time.monotonic())
