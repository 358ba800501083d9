"""One request to an engine elsewhere by the SPARQL 1.1 Protocol: its answer as it came, or why there is none."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from email.utils import parsedate_to_datetime

from kg.engine.interface.base import CHUNK, QueryError, QueryTimeoutError, RemoteOverloadedError, RemoteUnavailableError
from kg.engine.remote.connection import Endpoint
from kg.engine.remote.integrity import SELF_DELIMITING
from kg.rdf.formats import FORM_TYPE, Format
from kg.rdf.output_buffer import SpooledOutput

_MESSAGE = 300


class RemoteRejectedError(Exception):
    """The engine says that the request is wrong; the message is what it says, empty where that is a page."""


def ask(
    endpoint: Endpoint,
    parameters: list[tuple[str, str]],
    taken: tuple[Format, ...],
    output: SpooledOutput,
    deadline: float,
) -> Format:
    """Writes the engine's answer to ``output``; returns its format.

    Args:
        endpoint: where it is asked.
        parameters: the query and the graphs that it is asked of.
        taken: the formats that are asked for and taken, the best first.
        output: where the answer goes.
        deadline: on the clock of ``time.monotonic``.

    Raises:
        Refusal: the engine does not run the query.
        QueryFailed: there is no answer, or it broke off.
        TooLarge: it has more bytes than ``output`` takes.
    """
    accept = ", ".join(f"{fmt.media_type};q={1 - place / 10:g}" for place, fmt in enumerate(taken))
    headers = {"Content-Type": FORM_TYPE, "Accept": accept}
    body = urllib.parse.urlencode(parameters).encode("ascii")
    reached = answered = False
    try:
        connection = endpoint.connect(deadline)
        reached = True
        try:
            response = endpoint.post(connection, body, headers)
            answered = True
            _check_status(response)
            given = _format_of(response, taken)
            _collect(response, output)
        finally:
            connection.close()
    except TimeoutError:
        raise QueryTimeoutError(is_stopped=False) from None
    except (OSError, http.client.HTTPException) as error:
        raise RemoteUnavailableError(_what_went_wrong(error, reached=reached, answered=answered)) from error
    return given


def _what_went_wrong(error: Exception, *, reached: bool, answered: bool) -> str:
    if not reached:
        return f"The engine can't be reached: {error or type(error).__name__}."
    if answered:
        return "The engine's answer broke off."
    if isinstance(error, OSError):
        return "The engine closed the connection without an answer."
    return "What the engine answers is not HTTP."


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
    return RemoteUnavailableError(f"The engine answered with status {response.status}.")


def _retry_after(given: str) -> str:
    """The value of the header where it is seconds or a date, else nothing."""
    if re.fullmatch("[0-9]{1,9}", given):
        return given
    try:
        parsedate_to_datetime(given)
    except ValueError:
        return ""
    return given


def _format_of(response: http.client.HTTPResponse, taken: tuple[Format, ...]) -> Format:
    media_type = response.headers.get_content_type()
    given = next((fmt for fmt in taken if media_type in fmt.media_types), None)
    if given is None:
        accepted = " or ".join(fmt.media_type for fmt in taken)
        content_type = response.headers.get("Content-Type", "a type that it does not name")
        raise RemoteUnavailableError(f"The engine was asked for {accepted}, and answered in {content_type[:80]}.")
    if response.length is None and not response.chunked and given not in SELF_DELIMITING:
        raise RemoteUnavailableError(
            f"The engine does not say where its answer ends, which {given.label} does not show either: "
            "it can't be known to be whole."
        )
    return given


def _collect(response: http.client.HTTPResponse, output: SpooledOutput) -> None:
    expected = response.length
    # One piece as it comes: there is a deadline for each.
    while piece := response.read1(CHUNK):
        output.write(piece)
    if expected is not None and output.size != expected:
        raise http.client.IncompleteRead(b"", expected - output.size)
