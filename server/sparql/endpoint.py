"""The SPARQL endpoint: reads the request, answers 304 if the client has the response already, else runs the query."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from kg.engine.interface import base
from kg.rdf.formats import GRAPH_FORMATS, HTML, JSON, RESULT_FORMATS, TURTLE, Format
from server.core import conditional
from server.core.state import AppState, app_state
from server.http import headers
from server.http.bounded_cache import bounded_cache
from server.http.file_body import FileBody
from server.http.negotiation import best, named, negotiate, not_acceptable
from server.http.wsgi_types import CANCELLATION, REQUEST_START
from server.sparql import editor_data, errors, protocol, service_description
from server.sparql import page as query_page

blueprint = Blueprint("sparql", __name__)
blueprint.add_url_rule("/sparql/completion.json", view_func=editor_data.completion)
blueprint.add_url_rule("/sparql/examples.json", view_func=editor_data.examples)
PATH = "/sparql"
# Key in the WSGI environment: the result that the fast path computed, or the error that it got.
QUERY_RESULT = "vitk.query_result"
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


@blueprint.route(PATH, methods=protocol.METHODS)
def endpoint() -> Response:
    """Answers SPARQL queries, with a page for browsers; without parameters, with the service description.

    Follows the SPARQL 1.1 Protocol, 2.1, and SPARQL 1.1 Service Description, 2.

    Raises:
        Problem: the request is not valid, or the query has no result.
    """
    if request.method == "GET" and "query" not in request.args and (name := request.args.get("example")):
        return _vary(query_page.redirect_to_example(name))
    sparql_request = protocol.read_request(app_state().settings.query_timeout)
    if sparql_request is None:
        return _description()
    accepted = accepted_formats(request.headers.get("Accept"), *protocol.formats())
    if accepted.is_page:
        page = query_page.result_page(
            sparql_request.query, lambda: run(sparql_request, AcceptedFormats(JSON, TURTLE, is_page=True))
        )
        return _vary(conditional.no_store(page))
    if not accepted.is_any:
        raise not_acceptable((*RESULT_FORMATS, *GRAPH_FORMATS))
    validator = etag(app_state().reader.release.id, request.full_path, sparql_request, accepted)
    if headers.etag_matches(request.environ, validator):
        return _vary(conditional.not_modified_response(validator))
    return _response(run(sparql_request, accepted), accepted, validator)


def run(sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats) -> base.QueryResult:
    """Runs an untrusted query, unless the fast path has run it already.

    Raises:
        Problem: the query has no result.
    """
    current = app_state()
    outcome: base.QueryResult | base.QueryError | None = request.environ.get(QUERY_RESULT)
    try:
        if isinstance(outcome, base.QueryError):
            raise outcome
        return outcome or evaluate(current, sparql_request, accepted, request.environ)
    except base.QueryError as failure:
        raise errors.to_problem(failure, current.settings, sparql_request.timeout) from failure


def evaluate(
    state: AppState, sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats, environ: Mapping[str, Any]
) -> base.QueryResult:
    """Runs a query in the engine and counts it in the metrics.

    Args:
        state: of the application.
        sparql_request: the query and its parameters.
        accepted: formats for the result.
        environ: WSGI environment of the request; its time of arrival starts the time limit, and the query is stopped
            when its client leaves.

    Raises:
        QueryError: the query has no result.
    """
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


def etag(release: str, path: str, sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats) -> str:
    """Returns the ETag of a response.

    It depends on every parameter that decides the content of the response. Server limits are not among them: they only
    decide whether there is a response.
    """
    formats = (fmt.content_type if fmt else "" for fmt in (accepted.results, accepted.graph))
    return conditional.etag_of(release, path, *sparql_request.parts(), *formats)


def bookmark_header(permalink: str) -> headers.Headers:
    """Returns a Link header (RFC 8288) to the same query on the current release, or nothing if the URL is too long."""
    return [("Link", f'<{permalink}>; rel="bookmark"')] if len(permalink) < _MAX_LINK_LENGTH else []


def _response(result: base.QueryResult, accepted: AcceptedFormats, validator: str) -> Response:
    is_pinned = bool(request.args.get("release"))
    fields = headers.sparql_headers(result, accepted.format_of(result), validator, is_pinned=is_pinned)
    if result.is_deterministic and not is_pinned and request.method == "GET":
        fields += bookmark_header(app_state().urls.pinned(app_state().reader.release.id))
    if isinstance(result.content, bytes):
        return Response(result.content, headers=fields)
    return Response(FileBody(result.content, result.length), headers=fields, direct_passthrough=True)


def _description() -> Response:
    chosen = negotiate((TURTLE, *(fmt for fmt in GRAPH_FORMATS if fmt != TURTLE), HTML))
    if chosen.name == HTML.name:
        return _vary(query_page.form_page())
    if fresh := conditional.not_modified(chosen.content_type):
        return _vary(fresh)
    current = app_state()
    body = service_description.serialise(current.urls.sparql_endpoint(), current.reader, chosen)
    return _vary(conditional.cacheable(Response(body, content_type=chosen.content_type), chosen.content_type))


def _vary(response: Response) -> Response:
    name, value = headers.VARY_OF_QUERIES
    response.headers[name] = value
    return response


@blueprint.after_request
def _name_accepted_types(response: Response) -> Response:
    if request.method == "OPTIONS":
        response.headers.update(protocol.ACCEPTED)
    return response
