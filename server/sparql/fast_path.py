"""Fast path for simple queries, which avoids Flask: it would take longer than the engine.

A simple query is a GET whose only parameters are the query and formats. The functions of the endpoint read, run and
answer it. Anything but a small successful result falls through to Flask, with the computed result in the environ. Only
a query that must not wait is rejected here, so that this costs less than an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.engine.interface.base import QueryError, QueryResult, QueueFullError
from server.core.state import AppState
from server.core.urls import pinned
from server.http import headers, problems
from server.http.problems import EARLY_ERROR
from server.http.wsgi_types import Application, StartResponse
from server.sparql import endpoint, errors
from server.sparql.protocol import FORMAT_PARAMETERS, SparqlRequest

_MAX_LENGTH = 4000


def _parse(query_string: str) -> list[tuple[str, str]]:
    r"""Names and values, as ``parse_qsl`` returns them, which would take longer than all other steps here.

    Raises:
        UnicodeDecodeError: the text is not UTF-8, or no hexadecimal number follows a %.
    """
    # The decoder of string literals reads \xNN as percent-decoding reads %NN.
    escaped = query_string.replace("\\", "%5C").replace("+", " ").replace("%", "\\x")
    pairs = [pair.partition("=") for pair in escaped.split("&") if pair]
    return [(_text(name), _text(value)) for name, _, value in pairs]


def _text(escaped: str) -> str:
    return escaped.encode("ascii").decode("unicode_escape").encode("latin-1").decode("utf-8")


class SparqlFastPath:
    """Middleware that answers simple queries.

    Args:
        application: answers everything else.
        state: of the application.
    """

    def __init__(self, application: Application, state: AppState) -> None:
        self._application, self._state = application, state
        self._release = state.reader.release.id
        self._common_headers = headers.common_headers(self._release)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers a simple query, and passes any other request to the application."""
        simple_query = self._simple_query(environ)
        if simple_query is None:
            return self._application(environ, start_response)
        query, accepted = simple_query
        sparql_request = SparqlRequest(query, timeout=self._state.settings.query_timeout)
        try:
            result = endpoint.evaluate(self._state, sparql_request, accepted, environ)
        except QueueFullError as failure:
            problem = errors.to_problem(failure, self._state.settings, sparql_request.timeout)
            status, fields, body = problems.for_middleware(problem, [*self._common_headers, headers.VARY_OF_QUERIES])
            start_response(status, fields)
            return [body]
        except QueryError as failure:
            environ[endpoint.QUERY_RESULT] = failure
            return self._application(environ, start_response)
        if not (isinstance(result.content, bytes) and result.is_deterministic):
            environ[endpoint.QUERY_RESULT] = result
            return self._application(environ, start_response)
        start_response("200 OK", self._headers(environ, result, sparql_request, accepted))
        return [result.content]

    @staticmethod
    def _simple_query(environ: dict[str, Any]) -> tuple[str, endpoint.AcceptedFormats] | None:
        text = environ.get("QUERY_STRING", "")
        if (
            environ["PATH_INFO"] != endpoint.PATH
            or environ["REQUEST_METHOD"] != "GET"
            or "HTTP_IF_NONE_MATCH" in environ
            or EARLY_ERROR in environ
            or len(text) > _MAX_LENGTH
            or not text.isascii()
        ):
            return None
        try:
            given = _parse(text)
        except UnicodeDecodeError:
            return None
        values = dict(given)
        query = values.pop("query", "")
        formats = tuple(text for name in FORMAT_PARAMETERS if (text := values.pop(name, "")))
        if values or len(given) > 1 + len(formats) or not query.strip():
            return None
        accepted = endpoint.accepted_formats(environ.get("HTTP_ACCEPT"), *formats)
        return None if accepted.is_page or not accepted.is_any else (query, accepted)

    def _headers(
        self,
        environ: dict[str, Any],
        result: QueryResult,
        sparql_request: SparqlRequest,
        accepted: endpoint.AcceptedFormats,
    ) -> list[tuple[str, str]]:
        query_string = environ["QUERY_STRING"]
        etag = endpoint.etag(self._release, f"{endpoint.PATH}?{query_string}", sparql_request, accepted)
        link = pinned(environ.get("SCRIPT_NAME", ""), endpoint.PATH, query_string, self._release)
        return [
            *headers.sparql_headers(result, accepted.format_of(result), etag, is_pinned=False),
            *endpoint.bookmark_header(link),
            *self._common_headers,
        ]
