"""The SPARQL endpoint: what was asked, whether the client holds the answer already, else the engine's answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, request

from kg.engine.interface import base
from kg.rdf.formats import GRAPH_FORMATS, HTML, JSON, RESULT_FORMATS, TURTLE, Format
from server.core import conditional
from server.core.state import AppState, app_state
from server.http import headers
from server.http.negotiation import best, negotiate, not_acceptable
from server.http.wsgi_types import REQUEST_START
from server.sparql import editor_data, errors, protocol, service_description
from server.sparql import page as query_page

blueprint = Blueprint("sparql", __name__)
blueprint.add_url_rule("/sparql/completion.json", view_func=editor_data.completion)
blueprint.add_url_rule("/sparql/examples.json", view_func=editor_data.examples)
PATH = "/sparql"
# In the environment of a request: what the engine has answered already, or how it failed.
QUERY_RESULT = "vitk.query_result"
_MAX_LINK_LENGTH = 2000


@dataclass(frozen=True)
class AcceptedFormats:
    """In which formats a client takes rows and graphs, and whether it is a browser that wants a page."""

    results: Format | None
    graph: Format | None
    is_page: bool

    @property
    def can_be_met(self) -> bool:
        return self.results is not None or self.graph is not None

    def format_of(self, answer: base.QueryResult) -> Format:
        """The one of the two that the engine answered in."""
        chosen = self.results if self.results and answer.format == self.results.name else self.graph
        assert chosen is not None
        return chosen


@lru_cache(1024)
def accepted_formats(fmt: str, accept: str | None) -> AcceptedFormats:
    """What ``?format=`` and the Accept header ask for."""
    page = best((JSON, TURTLE, HTML), fmt, accept)
    is_page = page is not None and page.name == HTML.name
    return AcceptedFormats(best(RESULT_FORMATS, fmt, accept), best(GRAPH_FORMATS, fmt, accept), is_page)


@blueprint.route(PATH, methods=protocol.METHODS)
def endpoint() -> Response:
    """SPARQL 1.1 queries; a page for people in a browser; without any parameter, the description of the service."""
    if request.method == "GET" and "query" not in request.args and (name := request.args.get("example")):
        return _vary(query_page.example(name))
    sparql_request = protocol.read_request(app_state().settings.query_timeout)
    if sparql_request is None:
        return _description()
    accepted = accepted_formats(request.values.get("format", ""), request.headers.get("Accept"))
    if accepted.is_page:
        page = query_page.answer(
            sparql_request.query, lambda: run(sparql_request, AcceptedFormats(JSON, TURTLE, is_page=True))
        )
        return _vary(conditional.no_store(page))
    if not accepted.can_be_met:
        raise not_acceptable((*RESULT_FORMATS, *GRAPH_FORMATS))
    validator = etag(app_state().reader.release.id, request.full_path, sparql_request, accepted)
    if headers.etag_matches(request.environ, validator):
        return _vary(conditional.not_modified_response(validator))
    return _response(run(sparql_request, accepted), accepted, validator)


def run(sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats) -> base.QueryResult:
    """Runs a stranger's query, unless that was done before the request came here.

    Raises:
        Problem: the query has no answer.
    """
    current = app_state()
    try:
        outcome = request.environ.get(QUERY_RESULT) or ask(current, sparql_request, accepted, request.environ)
        if isinstance(outcome, base.QueryError):
            raise outcome
    except base.QueryError as failure:
        raise errors.to_problem(failure, current.settings, sparql_request.timeout) from failure
    assert isinstance(outcome, base.QueryResult)
    return outcome


def ask(
    site: AppState, sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats, environ: Mapping[str, Any]
) -> base.QueryResult:
    """The engine's answer, counted; ``environ`` tells when the request arrived.

    Raises:
        QueryFailed: the query has no answer.
    """
    query_request = base.QueryRequest(
        sparql_request.query,
        results_format=accepted.results.name if accepted.results else None,
        graph_format=accepted.graph.name if accepted.graph else None,
        default_graphs=sparql_request.default_graphs,
        named_graphs=sparql_request.named_graphs,
        labels=sparql_request.labels,
    )
    arrived = environ.get(REQUEST_START) or time.monotonic()
    outcome = "answered"
    try:
        return site.engine.run(query_request, arrived + sparql_request.timeout)
    except base.QueryError as failure:
        outcome = errors.metric_label(failure)
        raise
    finally:
        site.metrics.query(outcome, time.monotonic() - arrived)


def etag(release: str, path: str, sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats) -> str:
    """The validator of an answer. Every setting that decides what the answer is stands in it; limits only decide
    whether there is one."""
    formats = (fmt.content_type if fmt else "" for fmt in (accepted.results, accepted.graph))
    return conditional.etag_of(release, path, *sparql_request.parts(), *formats)


def bookmark(permalink: str) -> headers.Headers:
    """The header that names the same question to this release, where that is not too long."""
    return [("Link", f'<{permalink}>; rel="bookmark"')] if len(permalink) < _MAX_LINK_LENGTH else []


def _response(answer: base.QueryResult, accepted: AcceptedFormats, validator: str) -> Response:
    is_pinned = bool(request.args.get("release"))
    said = headers.sparql_headers(answer, accepted.format_of(answer), validator, is_pinned=is_pinned)
    if answer.is_deterministic and not is_pinned and request.method == "GET":
        said += bookmark(app_state().urls.pinned(app_state().reader.release.id))
    if isinstance(answer.content, bytes):
        return Response(answer.content, headers=said)
    response = Response(answer.chunks(), headers=said)
    response.call_on_close(answer.close)
    return response


def _description() -> Response:
    chosen = negotiate((TURTLE, *(fmt for fmt in GRAPH_FORMATS if fmt != TURTLE), HTML))
    if chosen.name == HTML.name:
        return _vary(query_page.form())
    if fresh := conditional.not_modified(chosen.content_type):
        return _vary(fresh)
    current = app_state()
    body = service_description.write(current.urls.sparql_endpoint(), current.reader, chosen)
    return _vary(conditional.cacheable(Response(body, content_type=chosen.content_type), chosen.content_type))


def _vary(response: Response) -> Response:
    name, value = headers.VARY_OF_QUERIES
    response.headers[name] = value
    return response


@blueprint.after_request
def _for_other_origins(response: Response) -> Response:
    if request.method == "OPTIONS":
        response.headers.update(protocol.ACCEPTED)
        response.headers["Access-Control-Allow-Methods"] = ", ".join(("HEAD", "OPTIONS", *protocol.METHODS))
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
