"""Strangers' queries on an engine elsewhere, by the SPARQL 1.1 Protocol: same limits, same failures as on workers."""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import BinaryIO

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions

from kg.engine import guard
from kg.engine.diagnosis import diagnose
from kg.engine.engine import (
    CHUNK,
    AllWorkersBusy,
    Answer,
    AnswerTooLarge,
    EngineUnavailable,
    QueryFailed,
    QueryMalformed,
    QueryNotAcceptable,
    QueryRefused,
    QueryTimedOut,
    Request,
    State,
    remaining,
)
from kg.engine.http import Endpoint
from kg.engine.output import INLINE, Output, TooLarge
from kg.engine.tokens import tokenize
from kg.formats import BY_NAME, GRAPH_FORMATS, JSON, RESULT_FORMATS, TURTLE, Format

_FORMS = {"SELECT": "results", "ASK": "results", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_PROBE_SECONDS = 2.0
_SAID = 300


class RemoteEngine:
    """A SPARQL endpoint by its address.

    Args:
        address: where it answers queries; see ``Endpoint``.
        size: how many queries it is asked at once.
        waiting: how many more may wait.
        result: bytes of an answer.
        prefixes: offered where a query forgot to declare one.
    """

    def __init__(self, address: str, *, size: int, waiting: int, result: int, prefixes: dict[str, str]) -> None:
        self._endpoint, self._size, self._result, self._prefixes = Endpoint(address), size, result, prefixes
        self._admission = threading.BoundedSemaphore(size + waiting)
        self._slots = threading.BoundedSemaphore(size)
        self._busy = self._admitted = 0
        self._count = threading.Lock()

    def run(self, request: Request, deadline: float) -> Answer:
        """Has the endpoint evaluate a query; see ``Engine``."""
        arrived = time.monotonic()
        with self._admitted_one(deadline):
            started = time.monotonic()
            try:
                facts = guard.check(request.query)
            except guard.Refused as refused:
                raise QueryRefused(str(refused)) from None
            wanted = _wanted(request)
            content, length = self._ask(request, wanted, deadline)
            seconds = time.monotonic() - started
            return Answer(wanted.name, content, length, facts.repeatable, started - arrived, seconds)

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether the endpoint answers in time."""
        end = time.monotonic() + seconds
        while not self._answers():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def wait_until_settled(self, seconds: float) -> bool:  # noqa: ARG002 - there is nothing to wait for
        """There is nothing to start here."""
        return True

    def state(self) -> State:
        return State(self._size, self._busy, max(0, self._admitted - self._busy), 0)

    def close(self) -> None:
        """There is nothing to end here."""

    def _answers(self) -> bool:
        try:
            self._ask(Request("ASK {}", "json", None), JSON, time.monotonic() + _PROBE_SECONDS)
        except QueryFailed:
            return False
        return True

    @contextmanager
    def _admitted_one(self, deadline: float) -> Iterator[None]:
        if not self._admission.acquire(blocking=False):
            raise AllWorkersBusy
        self._counted(admitted=1)
        try:
            if not self._slots.acquire(timeout=remaining(deadline)):
                raise QueryTimedOut
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

    def _ask(self, request: Request, wanted: Format, deadline: float) -> tuple[bytes | BinaryIO, int]:
        connection = self._endpoint.connect(remaining(deadline))
        file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - goes out with the answer
        output, kept = Output(self._result, file), False
        try:
            response = self._endpoint.post(connection, *_posted(request, wanted))
            _collect(connection, response, output, deadline)
            content = self._checked(request, response, output, wanted)
            kept = not isinstance(content[0], bytes)
        except TimeoutError:
            raise QueryTimedOut from None
        except TooLarge:
            raise AnswerTooLarge from None
        except (OSError, http.client.HTTPException) as error:
            raise EngineUnavailable(f"The engine can't be reached: {error or type(error).__name__}.") from error
        else:
            return content
        finally:
            connection.close()
            if not kept:
                file.close()

    def _checked(
        self, request: Request, response: http.client.HTTPResponse, output: Output, wanted: Format
    ) -> tuple[bytes | BinaryIO, int]:
        content = output.finish()
        if response.status != 200:
            said = (content if isinstance(content, bytes) else content.read(_SAID)).decode("utf-8", "replace")
            raise self._failure(request, response.status, said[:_SAID])
        given = _format_of(response.headers, wanted)
        if given is None:
            raise EngineUnavailable(
                f"The engine answered in {response.headers.get_content_type()}, which is no answer."
            )
        if given == wanted and output.size > INLINE:
            return content, output.size
        body = content if isinstance(content, bytes) else content.read()
        written = _rewritten(body, given, wanted)
        return (body, len(body)) if given == wanted else (written, len(written))

    def _failure(self, request: Request, status: int, said: str) -> QueryFailed:
        if status in (408, 504):
            return QueryTimedOut()
        if status == 400 and "error at" in said:
            return QueryMalformed(diagnose(request.query, said, self._prefixes))
        if status == 400:
            return QueryRefused(f"The engine refuses the query: {said}")
        return EngineUnavailable(f"The engine answered with status {status}.")


def _posted(request: Request, wanted: Format) -> tuple[bytes, dict[str, str]]:
    parameters = [("query", request.query)]
    parameters += [("default-graph-uri", graph) for graph in request.default_graphs]
    parameters += [("named-graph-uri", graph) for graph in request.named_graphs]
    spare = JSON if wanted in RESULT_FORMATS else TURTLE
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": f"{wanted.media_type}, {spare.media_type};q=0.5",
    }
    return urllib.parse.urlencode(parameters).encode("ascii"), headers


def _collect(
    connection: http.client.HTTPConnection, response: http.client.HTTPResponse, output: Output, deadline: float
) -> None:
    expected = response.length
    while expected is None or output.size < expected:
        if not remaining(deadline):
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(remaining(deadline) or 1e-3)
        # One piece as it comes: an endpoint that sends a byte now and then must not hold us past the deadline.
        piece = response.read1(CHUNK)
        if not piece:
            break
        output.write(piece)
    if expected is not None and output.size != expected:
        raise http.client.IncompleteRead(b"", expected - output.size)


def _wanted(request: Request) -> Format:
    words = (token.text.upper() for token in tokenize(request.query) if token.kind == "word")
    form = next((_FORMS[word] for word in words if word in _FORMS), "results")
    name = request.results_format if form == "results" else request.graph_format
    if name is None:
        raise QueryNotAcceptable(form)
    if request.labels:
        raise QueryRefused("labels= is not to be had on this engine; ask for rdfs:label in the query.")
    return BY_NAME[name]


def _format_of(headers: Message, wanted: Format) -> Format | None:
    """The format in which the endpoint answered, if it is one of the kind that was wanted."""
    media_type = headers.get_content_type()
    family = RESULT_FORMATS if wanted in RESULT_FORMATS else GRAPH_FORMATS
    ordered = (wanted, *(format for format in family if format != wanted))
    return next((format for format in ordered if media_type in format.media_types), None)


def _rewritten(body: bytes, given: Format, wanted: Format) -> bytes:
    """The answer in the format that was wanted; what can't be read is no answer."""
    try:
        if wanted.rdf is not None:
            written = pyoxigraph.serialize(
                (quad.triple for quad in pyoxigraph.parse(body, format=given.rdf)), format=wanted.rdf
            )
        else:
            assert given.results is not None and wanted.results is not None
            if given in (BY_NAME["csv"], BY_NAME["tsv"]):
                return body
            found = pyoxigraph.parse_query_results(body, format=given.results)
            assert isinstance(found, QuerySolutions | QueryBoolean)
            written = found.serialize(format=wanted.results)
    except (SyntaxError, ValueError) as error:
        raise EngineUnavailable(f"What the engine answered can't be read as {given.label}.") from error
    assert written is not None
    return written
