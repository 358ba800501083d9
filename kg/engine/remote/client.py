"""Sends one request by the SPARQL 1.1 Protocol and receives its response, or reports why there is none."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import urllib.parse
from email.utils import parsedate_to_datetime
from functools import partial

from kg.engine.interface.base import (
    CHUNK,
    QueryCancelledError,
    QueryError,
    QueryTimeoutError,
    RemoteOverloadedError,
    RemoteUnavailableError,
)
from kg.engine.interface.cancellation import Cancellation
from kg.engine.remote.connection import Endpoint
from kg.engine.remote.integrity import SELF_DELIMITING
from kg.rdf.formats import FORM_TYPE, Format
from kg.rdf.output_buffer import SpooledOutput

_MESSAGE = 300


class RemoteRejectedError(Exception):
    """The endpoint rejects the request (status 400); the message is its own, empty if that is an HTML page."""


def ask(
    endpoint: Endpoint,
    parameters: list[tuple[str, str]],
    taken: tuple[Format, ...],
    output: SpooledOutput,
    deadline: float,
    cancellation: Cancellation,
) -> Format:
    """Sends a query and writes the response body to ``output``; returns its format.

    Args:
        endpoint: the remote endpoint.
        parameters: form parameters: the query and its default and named graphs.
        taken: acceptable formats, the best first.
        output: receives the body.
        deadline: time by which the response must be complete, on the clock of ``time.monotonic``.
        cancellation: of the query; closes the connection, on which most endpoints stop.

    Raises:
        RemoteRejectedError: the endpoint rejects the query.
        QueryError: there is no response, or it is incomplete.
        OutputLimitError: the body exceeds the limit of ``output``.
    """
    accept = ", ".join(f"{fmt.media_type};q={1 - place / 10:g}" for place, fmt in enumerate(taken))
    headers = {"Content-Type": FORM_TYPE, "Accept": accept}
    body = urllib.parse.urlencode(parameters).encode("ascii")
    reached = answered = False
    try:
        connection = endpoint.connect(deadline)
        reached = True
        try:
            with cancellation.calling(partial(_break_off, connection)):
                response = endpoint.post(connection, body, headers)
                answered = True
                _check_status(response)
                received = _format_of(response, taken)
                _collect(response, output)
        finally:
            connection.close()
    except TimeoutError:
        raise QueryTimeoutError(is_stopped=False) from None
    except (OSError, http.client.HTTPException) as error:
        if cancellation.is_set:
            raise QueryCancelledError from None
        raise RemoteUnavailableError(_what_went_wrong(error, reached=reached, answered=answered)) from error
    return received


def _break_off(connection: http.client.HTTPConnection) -> None:
    # The endpoint may have closed it already.
    with contextlib.suppress(OSError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _what_went_wrong(error: Exception, *, reached: bool, answered: bool) -> str:
    if not reached:
        return f"The remote endpoint cannot be reached: {error or type(error).__name__}."
    if answered:
        return "The response of the remote endpoint broke off."
    if isinstance(error, OSError):
        return "The remote endpoint closed the connection without a response."
    return "The response of the remote endpoint is not valid HTTP."


def _check_status(response: http.client.HTTPResponse) -> None:
    if response.status == 200:
        return
    if response.status == 400:
        is_page = response.headers.get_content_type() == "text/html"
        raise RemoteRejectedError("" if is_page else response.read(_MESSAGE).decode("utf-8", "replace"))
    raise _failure(response)


def _failure(response: http.client.HTTPResponse) -> QueryError:
    if response.status in (408, 504):
        return QueryTimeoutError()
    if response.status in (429, 503):
        return RemoteOverloadedError(_retry_after(response.headers.get("Retry-After", "")))
    return RemoteUnavailableError(f"The remote endpoint responded with status {response.status}.")


def _retry_after(value: str) -> str:
    """Returns the header's value if it is a number of seconds or a date (RFC 9110 section 10.2.3), otherwise ""."""
    if re.fullmatch("[0-9]{1,9}", value):
        return value
    try:
        parsedate_to_datetime(value)
    except ValueError:
        return ""
    return value


def _format_of(response: http.client.HTTPResponse, taken: tuple[Format, ...]) -> Format:
    media_type = response.headers.get_content_type()
    received = next((fmt for fmt in taken if media_type in fmt.media_types), None)
    if received is None:
        accepted = " or ".join(fmt.media_type for fmt in taken)
        content_type = response.headers.get("Content-Type", "a response without a Content-Type")
        raise RemoteUnavailableError(f"The remote endpoint was asked for {accepted} and sent {content_type[:80]}.")
    if response.length is None and not response.chunked and received not in SELF_DELIMITING:
        raise RemoteUnavailableError(
            f"The remote endpoint sent no Content-Length, and {received.label} has no end marker, "
            "so a truncated response could not be detected."
        )
    return received


def _collect(response: http.client.HTTPResponse, output: SpooledOutput) -> None:
    expected = response.length
    # One piece per read: the deadline applies to each.
    while piece := response.read1(CHUNK):
        output.write(piece)
    if expected is not None and output.size != expected:
        raise http.client.IncompleteRead(b"", expected - output.size)
