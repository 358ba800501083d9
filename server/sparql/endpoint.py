"""The SPARQL endpoint: reads the request, answers 304 if the client has the response already, else runs the query."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.engine.interface import base
from kg.rdf.formats import GRAPH_FORMATS, HTML, JSON, RESULT_FORMATS, TURTLE
from server.core import conditional, paths
from server.core.state import app_state
from server.http import headers
from server.http.negotiation import negotiate, not_acceptable
from server.sparql import editor_data, errors, protocol, service_description
from server.sparql import page as query_page
from server.sparql.service import AcceptedFormats, SparqlService, accepted_formats, body_of

blueprint = Blueprint("sparql", __name__)
blueprint.add_url_rule("/sparql/completion.json", view_func=editor_data.completion)
blueprint.add_url_rule("/sparql/examples.json", view_func=editor_data.examples)
PATH = paths.SPARQL


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
            sparql_request.query, lambda: _run(sparql_request, AcceptedFormats(JSON, TURTLE, is_page=True))
        )
        return _vary(conditional.no_store(page))
    if not accepted.is_any:
        raise not_acceptable((*RESULT_FORMATS, *GRAPH_FORMATS), request.values.get("format", ""))
    validator = SparqlService(app_state()).validator(request.full_path, sparql_request, accepted)
    if headers.etag_matches(request.environ, validator):
        return _vary(conditional.not_modified_response(validator))
    return _response(_run(sparql_request, accepted), accepted, validator)


def _run(sparql_request: protocol.SparqlRequest, accepted: AcceptedFormats) -> base.QueryResult:
    """Runs an untrusted query.

    Raises:
        Problem: the query has no result.
    """
    current = app_state()
    try:
        return SparqlService(current).run(sparql_request, accepted, request.environ)
    except base.QueryError as failure:
        requested = request.values.get("format", "")
        raise errors.to_problem(failure, current.settings, sparql_request.timeout, requested) from failure


def _response(result: base.QueryResult, accepted: AcceptedFormats, validator: str) -> Response:
    is_pinned = bool(request.args.get("release"))
    has_link = not is_pinned and request.method == "GET"
    permalink = app_state().urls.pinned(app_state().reader.release.id) if has_link else ""
    fields = SparqlService.headers(result, accepted, validator, permalink, is_pinned=is_pinned)
    return Response(body_of(result), headers=fields, direct_passthrough=not isinstance(result.content, bytes))


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
