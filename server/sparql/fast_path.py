"""Fast path for simple queries, which avoids Flask: it would take longer than the engine.

A simple query is a GET whose only parameters are the query and formats. Its result is answered here, by the service
that the Flask view uses too. Flask reports a failed query, as it reports all errors; only one that must not wait is
rejected here, so that this costs less than an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.engine.interface.base import QueryError, QueueFullError
from server.core.paths import SPARQL as PATH
from server.core.paths import pinned
from server.core.state import AppState
from server.http import headers, problems
from server.http.problems import EARLY_ERROR
from server.http.wsgi_types import Application, StartResponse
from server.sparql import errors
from server.sparql.protocol import FORMAT_PARAMETERS, SparqlRequest
from server.sparql.service import AcceptedFormats, SparqlService, accepted_formats, body_of

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
        self._application, self._state, self._service = application, state, SparqlService(state)
        self._release = state.reader.release.id
        self._common_headers = headers.common_headers(self._release)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers a simple query, and passes any other request to the application."""
        simple_query = self._simple_query(environ)
        if simple_query is None:
            return self._application(environ, start_response)
        query, accepted, requested = simple_query
        sparql_request = SparqlRequest(query, timeout=self._state.settings.query_timeout)
        try:
            result = self._service.run(sparql_request, accepted, environ)
        except QueryError as failure:
            problem = errors.to_problem(failure, self._state.settings, sparql_request.timeout, requested)
            if isinstance(failure, QueueFullError):
                status, fields, body = problems.for_middleware(
                    problem, [*self._common_headers, headers.VARY_OF_QUERIES]
                )
                start_response(status, fields)
                return [body]
            environ[EARLY_ERROR] = problem
            return self._application(environ, start_response)
        query_string = environ["QUERY_STRING"]
        validator = self._service.validator(f"{PATH}?{query_string}", sparql_request, accepted)
        link = pinned(environ.get("SCRIPT_NAME", ""), PATH, query_string, self._release)
        fields = self._service.headers(result, accepted, validator, link, is_pinned=False)
        start_response("200 OK", [*fields, *self._common_headers])
        return body_of(result)

    @staticmethod
    def _simple_query(environ: dict[str, Any]) -> tuple[str, AcceptedFormats, str] | None:
        text = environ.get("QUERY_STRING", "")
        if (
            environ["PATH_INFO"] != PATH
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
        requested = values.get("format", "")
        formats = tuple(text for name in FORMAT_PARAMETERS if (text := values.pop(name, "")))
        if values or len(given) > 1 + len(formats) or not query.strip():
            return None
        accepted = accepted_formats(environ.get("HTTP_ACCEPT"), *formats)
        return None if accepted.is_page or not accepted.is_any else (query, accepted, requested)
