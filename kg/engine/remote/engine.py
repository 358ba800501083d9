"""Runs untrusted queries at a remote endpoint, with the limits, errors and result bytes of local workers."""

from __future__ import annotations

import io
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO, cast

from kg.engine.interface.base import (
    DiskFullError,
    EngineStatus,
    FormatNotAvailableError,
    QueryError,
    QueryRejectedError,
    QueryRequest,
    QueryResult,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteOutOfSyncError,
    RemoteUnavailableError,
    ResultTooLargeError,
    remaining,
)
from kg.engine.interface.cancellation import Cancellation
from kg.engine.interface.queue import QueryQueue
from kg.engine.remote import client, integrity, release_watch
from kg.engine.remote.connection import Endpoint
from kg.rdf.formats import BY_NAME, JSON, Format
from kg.rdf.output_buffer import NotSerialisableError, OutputFileError, OutputLimitError, SpooledOutput
from kg.release.release import Release
from kg.sparql import guard
from kg.sparql.diagnosis import diagnose
from kg.sparql.tokens import Token, tokenize

_FORMS = {"SELECT": "results", "ASK": "results", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_SCHEME = re.compile("<[A-Za-z][A-Za-z0-9+.-]*:")
_ON_FIRST_LINE = re.compile("error at 1:([0-9]+)")
_POLL_SECONDS = 2.0
_POLL_BYTES = 1 << 16


class RemoteEngine:
    """An engine that forwards queries to a SPARQL endpoint.

    Args:
        address: URL of the query endpoint; see ``Endpoint``.
        release: the release that the endpoint should contain.
        size: maximum number of concurrent queries.
        max_wait: seconds; a query that would probably wait longer for its turn is rejected.
        max_waiting: number of queries that may wait, each in a thread of its caller.
        result: maximum size of a result, in bytes.
        prefixes: prefixes for results, suggested when a query uses one undeclared.
    """

    def __init__(
        self,
        address: str,
        release: Release,
        *,
        size: int,
        max_wait: float,
        max_waiting: int,
        result: int,
        prefixes: dict[str, str],
    ) -> None:
        self._endpoint, self._result, self._prefixes = Endpoint(address), result, prefixes
        self._queue = QueryQueue[object](size, 0, max_wait, max_waiting)
        for _ in range(size):
            self._queue.release(object())
        self._question = release_watch.release_query(release.base_iri)
        self._watch = release_watch.ReleaseMonitor(self._poll, release.id)

    def run(self, request: QueryRequest, deadline: float, cancellation: Cancellation | None = None) -> QueryResult:
        """Has the endpoint evaluate a query; see ``Engine``.

        A result counts as deterministic only if the endpoint is known to contain the release.
        """
        arrived = time.monotonic()
        cancellation = cancellation or Cancellation()
        with self._admitted(deadline, cancellation):
            started = time.monotonic()
            try:
                traits = guard.check(request.query)
            except guard.GuardError as refused:
                raise QueryRejectedError(str(refused)) from None
            requested = _requested_format(request)
            if not self._watch.wait(remaining(deadline)):
                raise QueryTimeoutError(is_stopped=False)
            self._check_fit()
            content, length = self._answer(request, requested, deadline, cancellation)
            # Check again: another release may have been loaded while the query ran.
            is_certain = self._watch.is_certain
            answer = QueryResult(
                requested.name,
                content,
                length,
                traits.is_deterministic and is_certain,
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
        """Returns whether the endpoint was usable at the last check; waits up to ``seconds`` for the first one only."""
        return self._watch.wait(seconds) and not self._watch.trouble

    def wait_until_warm(self, seconds: float) -> bool:  # noqa: ARG002 - there is nothing to wait for
        """Returns true: there is nothing to load."""
        return True

    def state(self) -> EngineStatus:
        """Returns the numbers of queries and the state of the endpoint; see ``Engine``."""
        return replace(self._queue.state(), trouble=self._watch.trouble)

    def close(self) -> None:
        """Stops checking the endpoint."""
        self._watch.end()

    def _check_fit(self) -> None:
        if misfit := self._watch.misfit:
            raise RemoteOutOfSyncError(misfit)

    def _poll(self) -> release_watch.RemoteRelease:
        output = SpooledOutput(_POLL_BYTES, io.BytesIO())
        deadline = time.monotonic() + _POLL_SECONDS
        try:
            received = client.ask(
                self._endpoint, [("query", self._question)], (JSON,), output, deadline, Cancellation()
            )
            rows = integrity.texts(_opened(output), received, deadline)
        except client.RemoteRejectedError:
            raise RemoteUnavailableError("The remote endpoint rejects a simple query.") from None
        except (OutputLimitError, integrity.IncompleteResponseError):
            raise RemoteUnavailableError(
                "The response of the remote endpoint to a simple query cannot be read."
            ) from None
        return release_watch.read(rows)

    @contextmanager
    def _admitted(self, deadline: float, cancellation: Cancellation) -> Iterator[None]:
        try:
            slot = self._queue.acquire(self._queue.quick, deadline, cancellation)
        except TimeoutError:
            raise QueryTimeoutError from None
        started = time.monotonic()
        try:
            yield
        finally:
            self._queue.end(self._queue.quick, time.monotonic() - started)
            self._queue.release(slot)

    def _answer(
        self, request: QueryRequest, requested: Format, deadline: float, cancellation: Cancellation
    ) -> tuple[bytes | BinaryIO, int]:
        files: list[BinaryIO] = []
        content: bytes | BinaryIO = b""
        try:
            files += [_temporary_file(), _temporary_file()]
            outputs = [SpooledOutput(self._result, file) for file in files]
            output = self._written(request, requested, outputs, deadline, cancellation)
            content = output.finish()
        except OutputFileError:
            raise DiskFullError from None
        else:
            return content, output.size
        finally:
            for file in files:
                if file is not content:
                    file.close()

    def _written(
        self,
        request: QueryRequest,
        requested: Format,
        outputs: list[SpooledOutput],
        deadline: float,
        cancellation: Cancellation,
    ) -> SpooledOutput:
        response, rewritten = outputs
        try:
            taken = integrity.taken_for(requested)
            received = client.ask(self._endpoint, _parameters(request), taken, response, deadline, cancellation)
            if received == requested == JSON:
                integrity.check(_opened(response), received, deadline)
                return response
            integrity.rewrite(_opened(response), received, requested, rewritten, self._prefixes, deadline)
        except client.RemoteRejectedError as refusal:
            raise self._refused(request, str(refusal)) from None
        except integrity.IncompleteResponseError as error:
            raise RemoteUnavailableError(
                "The response of the remote endpoint is truncated or does not match its media type."
            ) from error
        except NotSerialisableError as error:
            raise QueryRejectedError(f"{error}.") from None
        except TimeoutError:
            raise QueryTimeoutError(is_stopped=False) from None
        except OutputLimitError:
            raise ResultTooLargeError from None
        else:
            return rewritten

    def _refused(self, request: QueryRequest, message: str) -> QueryError:
        if "error at" in message:
            shift = len(_with_base(request)) - len(request.query)
            message = _ON_FIRST_LINE.sub(lambda found: f"error at 1:{int(found.group(1)) - shift}", message)
            return QuerySyntaxError(diagnose(request.query, message, self._prefixes))
        return QueryRejectedError(f"The remote endpoint rejects the query: {message or 'status 400.'}")


def _temporary_file() -> BinaryIO:
    try:
        return cast("BinaryIO", tempfile.TemporaryFile(buffering=0))
    except OSError as error:
        raise OutputFileError from error


def _parameters(request: QueryRequest) -> list[tuple[str, str]]:
    return [
        ("query", _with_base(request)),
        *(("default-graph-uri", graph) for graph in request.default_graphs),
        *(("named-graph-uri", graph) for graph in request.named_graphs),
    ]


def _with_base(request: QueryRequest) -> str:
    """The query with the base IRI of this endpoint: that of the remote one would give other IRIs."""
    is_needed = request.base_iri and any(_is_relative(token) for token in tokenize(request.query))
    return f"BASE <{request.base_iri}> {request.query}" if is_needed else request.query


def _is_relative(token: Token) -> bool:
    # IRI() and URI() take relative IRIs as strings.
    is_call = token.kind == "word" and token.text.upper() in ("IRI", "URI")
    return is_call or (token.kind == "iri" and not _SCHEME.match(token.text))


def _opened(output: SpooledOutput) -> BinaryIO:
    content = output.finish()
    return io.BytesIO(content) if isinstance(content, bytes) else content


def _requested_format(request: QueryRequest) -> Format:
    words = (token.text.upper() for token in tokenize(request.query) if token.kind == "word")
    form = next((_FORMS[word] for word in words if word in _FORMS), "results")
    name = request.results_format if form == "results" else request.graph_format
    if name is None:
        raise FormatNotAvailableError(form)
    if request.labels:
        raise QueryRejectedError("labels= is not supported with a remote endpoint; select rdfs:label in the query.")
    return BY_NAME[name]
