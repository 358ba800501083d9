"""The SPARQL service of one release: runs a query and says how the response looks, whoever read the request.

The Flask view in ``endpoint`` and ``fast_path`` are its adapters.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.engine.interface import base
from kg.rdf.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from server.core import conditional
from server.core.state import AppState
from server.http import headers
from server.http.bounded_cache import bounded_cache
from server.http.file_body import FileBody
from server.http.negotiation import best, named
from server.http.wsgi_types import CANCELLATION, REQUEST_START
from server.sparql import errors
from server.sparql.protocol import SparqlRequest

_MAX_LINK_LENGTH = 2000
_WITH_PAGE = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)


@dataclass(frozen=True)
class AcceptedFormats:
    """The formats that a client accepts.

    Attributes:
        results: the preferred format for SELECT and ASK, or ``None`` if the client accepts none of ours.
        graph: the preferred format for CONSTRUCT and DESCRIBE, or ``None``.
        is_page: whether the client is a browser that prefers a page.
    """

    results: Format | None
    graph: Format | None
    is_page: bool

    @property
    def is_any(self) -> bool:
        """Whether the client accepts any format of ours."""
        return self.results is not None or self.graph is not None

    @cached_property
    def content_types(self) -> tuple[str, str]:
        """The ``Content-Type`` of rows and of graphs; "" where the client accepts none."""
        return (
            self.results.content_type if self.results else "",
            self.graph.content_type if self.graph else "",
        )

    def format_of(self, result: base.QueryResult) -> Format:
        """Returns the accepted format in which the engine wrote the result.

        Raises:
            ValueError: the result is in neither format.
        """
        for accepted in (self.results, self.graph):
            if accepted is not None and accepted.name == result.format:
                return accepted
        raise ValueError(f"the result is in the format {result.format}, which was not requested")


@bounded_cache(1024, 1 << 10)
def accepted_formats(accept: str | None, *names: str) -> AcceptedFormats:
    """Reads the accepted formats from parameters and the Accept header (SPARQL 1.1 Protocol, 2.1.5).

    The protocol does not define these parameters, and clients send names of their own beside a correct Accept. A name
    of no format in which this form of query can be answered is ignored.

    Args:
        accept: value of the Accept header, or ``None`` if there was none.
        names: values of ``protocol.FORMAT_PARAMETERS``; the first that names a format counts.
    """
    results, graph, page = (_chosen(offered, names, accept) for offered in (RESULT_FORMATS, GRAPH_FORMATS, _WITH_PAGE))
    is_data = any(named((*RESULT_FORMATS, *GRAPH_FORMATS), name) for name in names)
    return AcceptedFormats(results, graph, not is_data and page is not None and page.name == HTML.name)


def _chosen(offered: tuple[Format, ...], names: tuple[str, ...], accept: str | None) -> Format | None:
    return best(offered, next((name for name in names if named(offered, name)), ""), accept)


class SparqlService:
    """Runs queries and describes their responses.

    Args:
        state: of the application.
    """

    def __init__(self, state: AppState) -> None:
        self._state, self._release = state, state.reader.release.id

    def validator(self, path: str, sparql_request: SparqlRequest, accepted: AcceptedFormats) -> str:
        """Returns the ETag of the response to a request.

        It depends on every parameter that decides the content of the response. Server limits are not among them: they
        only decide whether there is a response.

        Args:
            path: path and query string of the request.
            sparql_request: the query and its parameters.
            accepted: formats for the result.
        """
        return conditional.etag_of(self._release, path, *sparql_request.parts(), *accepted.content_types)

    def run(
        self, sparql_request: SparqlRequest, accepted: AcceptedFormats, environ: Mapping[str, Any]
    ) -> base.QueryResult:
        """Runs a query in the engine and counts it in the metrics.

        Args:
            sparql_request: the query and its parameters.
            accepted: formats for the result.
            environ: WSGI environment of the request; its time of arrival starts the time limit, and the query is
                stopped when its client leaves.

        Raises:
            QueryError: one of its subclasses, by what went wrong.
        """
        state = self._state
        query_request = base.QueryRequest(
            sparql_request.query,
            results_format=accepted.results.name if accepted.results else None,
            graph_format=accepted.graph.name if accepted.graph else None,
            default_graphs=sparql_request.default_graphs,
            named_graphs=sparql_request.named_graphs,
            labels=sparql_request.labels,
            base_iri=state.urls.sparql_endpoint(environ),
        )
        arrived = environ.get(REQUEST_START) or time.monotonic()
        outcome = "answered"
        try:
            return state.engine.run(query_request, arrived + sparql_request.timeout, environ.get(CANCELLATION))
        except base.QueryError as failure:
            outcome = errors.metric_label(failure)
            raise
        finally:
            state.metrics.query(outcome, time.monotonic() - arrived)

    @staticmethod
    def headers(
        result: base.QueryResult, accepted: AcceptedFormats, validator: str, permalink: str, *, is_pinned: bool
    ) -> headers.Headers:
        """Returns the headers of the response with a result, besides those of every response.

        Args:
            result: of ``run``.
            accepted: formats for the result.
            validator: the ETag.
            permalink: URL of the same request on the current release, to which a Link header (RFC 8288) leads unless it
                is too long; "" for no such header.
            is_pinned: whether the request names a release, so that the response never changes.
        """
        fields = headers.sparql_headers(result, accepted.format_of(result), validator, is_pinned=is_pinned)
        if permalink and result.is_deterministic and len(permalink) < _MAX_LINK_LENGTH:
            fields.append(("Link", f'<{permalink}>; rel="bookmark"'))
        return fields


def body_of(result: base.QueryResult) -> list[bytes] | FileBody:
    """The body of the response with a result."""
    if isinstance(result.content, bytes):
        return [result.content]
    return FileBody(result.content, result.length)
