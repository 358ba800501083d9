"""A plain query's way to the engine, past Flask, which would take longer than the engine does.

What is plain: a GET whose only parameters are the query and a format. It is read, run and answered by the functions
that serve any other; whatever does not end in a small answer is handed on to the application, with the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.engine.interface.base import QueryError, QueryResult
from server.core.state import AppState
from server.core.urls import pinned
from server.http import headers
from server.http.wsgi_types import Application, StartResponse
from server.sparql import endpoint
from server.sparql.protocol import SparqlRequest

_MAX_LENGTH = 4000


def _read(query_string: str) -> list[tuple[str, str]]:
    """Names and values, as ``parse_qsl`` has them; that one takes longer than anything else on this way.

    Raises:
        UnicodeDecodeError: it is not UTF-8, or no number follows a %.
    """
    # The engine of string literals reads \xNN as that of addresses reads %NN.
    escaped = query_string.replace("\\", "%5C").replace("+", " ").replace("%", "\\x")
    pairs = [pair.partition("=") for pair in escaped.split("&") if pair]
    return [(_text(name), _text(value)) for name, _, value in pairs]


def _text(escaped: str) -> str:
    return escaped.encode("ascii").decode("unicode_escape").encode("latin-1").decode("utf-8")


class SparqlFastPath:
    """The layer around one application.

    Args:
        application: what answers everything else.
        site: of the application.
    """

    def __init__(self, application: Application, site: AppState) -> None:
        self._application, self._site = application, site
        self._release = site.reader.release.id
        self._of_every_answer = headers.common_headers(self._release)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        found = self._plain(environ)
        if found is None:
            return self._application(environ, start_response)
        query, accepted = found
        sparql_request = SparqlRequest(query, timeout=self._site.settings.query_timeout)
        try:
            outcome = endpoint.ask(self._site, sparql_request, accepted, environ)
        except QueryError as failure:
            environ[endpoint.QUERY_RESULT] = failure
            return self._application(environ, start_response)
        if not (isinstance(outcome.content, bytes) and outcome.is_deterministic):
            environ[endpoint.QUERY_RESULT] = outcome
            return self._application(environ, start_response)
        start_response("200 OK", self._headers(environ, outcome, sparql_request, accepted))
        return [outcome.content]

    @staticmethod
    def _plain(environ: dict[str, Any]) -> tuple[str, endpoint.AcceptedFormats] | None:
        text = environ.get("QUERY_STRING", "")
        if (
            environ["PATH_INFO"] != endpoint.PATH
            or environ["REQUEST_METHOD"] != "GET"
            or "HTTP_IF_NONE_MATCH" in environ
            or len(text) > _MAX_LENGTH
            or not text.isascii()
        ):
            return None
        try:
            given = _read(text)
        except UnicodeDecodeError:
            return None
        values = dict(given)
        query = values.pop("query", "")
        fmt = values.pop("format", "")
        if values or len(given) > 1 + bool(fmt) or not query.strip():
            return None
        accepted = endpoint.accepted_formats(fmt, environ.get("HTTP_ACCEPT"))
        return None if accepted.is_page or not accepted.can_be_met else (query, accepted)

    def _headers(
        self,
        environ: dict[str, Any],
        answer: QueryResult,
        sparql_request: SparqlRequest,
        accepted: endpoint.AcceptedFormats,
    ) -> list[tuple[str, str]]:
        query_string = environ["QUERY_STRING"]
        etag = endpoint.etag(self._release, f"{endpoint.PATH}?{query_string}", sparql_request, accepted)
        link = pinned(environ.get("SCRIPT_NAME", ""), endpoint.PATH, query_string, self._release)
        return [
            *headers.sparql_headers(answer, accepted.format_of(answer), etag, is_pinned=False),
            *endpoint.bookmark(link),
            *self._of_every_answer,
        ]
