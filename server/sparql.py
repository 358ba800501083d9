"""The SPARQL endpoint: what was asked, whether the client holds the answer already, else the engine's answer."""

from __future__ import annotations

import time

from flask import Blueprint, Response, request

from kg.engine import engine
from kg.formats import GRAPH_FORMATS, HTML, JSON, RESULT_FORMATS, TURTLE, Format
from server import caching, failures, protocol, service_description
from server.caching import KEEP
from server.kept import ARRIVED
from server.negotiation import acceptable, negotiate, not_acceptable
from server.pages import query as query_page
from server.site import site

blueprint = Blueprint("sparql", __name__)
VARY = "Accept, Accept-Encoding"
_LONGEST_LINK = 2000
_EXPOSED = "ETag, Link, Retry-After, Server-Timing, Vitk-Release"


@blueprint.route("/sparql", methods=protocol.METHODS)
def endpoint() -> Response:
    """SPARQL 1.1 queries; a page for people in a browser; without any parameter, the description of the service."""
    asked = protocol.read(site().settings.query_timeout)
    if asked is None:
        return _description()
    if _for_browser():
        return _vary(query_page.answer(asked.query, lambda: run(asked, JSON, TURTLE)))
    results, graph = acceptable(RESULT_FORMATS), acceptable(GRAPH_FORMATS)
    if results is None and graph is None:
        raise not_acceptable((*RESULT_FORMATS, *GRAPH_FORMATS))
    # Every setting that decides what the answer is stands in its validator; limits only decide whether there is one.
    parts = [repr(asked), *(format.content_type if format else "" for format in (results, graph))]
    if request.if_none_match and not request.if_none_match.star_tag and (fresh := caching.not_modified(*parts)):
        return _vary(fresh)
    answer = run(asked, results, graph)
    chosen = results if results and answer.format == results.name else graph
    assert chosen is not None
    return _vary(_response(answer, chosen, parts))


def run(asked: protocol.Asked, results: Format | None, graph: Format | None) -> engine.Answer:
    """Runs a stranger's query.

    Raises:
        Problem: the query has no answer.
    """
    current = site()
    request_ = engine.Request(
        asked.query,
        results_format=results.name if results else None,
        graph_format=graph.name if graph else None,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        labels=asked.labels,
    )
    arrived = request.environ.get(ARRIVED, time.monotonic())
    outcome = "answered"
    try:
        return current.engine.run(request_, arrived + asked.timeout)
    except engine.QueryFailed as failure:
        outcome = failures.outcome_of(failure)
        raise failures.problem_of(failure, current.settings, asked.timeout) from failure
    finally:
        current.metrics.query(outcome, time.monotonic() - arrived)


def _response(answer: engine.Answer, format: Format, parts: list[str]) -> Response:
    if isinstance(answer.content, bytes):
        response = Response(answer.content, content_type=format.content_type)
    else:
        response = Response(answer.chunks(), content_type=format.content_type)
        response.call_on_close(answer.close)
    response.headers["Content-Length"] = str(answer.length)
    response.headers["Server-Timing"] = (
        f"queue;dur={1000 * answer.queued:.1f}, evaluate;dur={1000 * answer.evaluated:.1f}"
    )
    if not answer.repeatable:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers[KEEP] = "yes"
    response = caching.validated(response, *parts)
    if request.args.get("release"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.method == "GET" and len(request.query_string) < _LONGEST_LINK:
        response.headers["Link"] = f'<{site().urls.pinned(site().reader.release.id)}>; rel="bookmark"'
    return response


def _description() -> Response:
    chosen = negotiate((TURTLE, *(format for format in GRAPH_FORMATS if format != TURTLE), HTML))
    if chosen.name == HTML.name:
        return _vary(query_page.form())
    current = site()
    body = service_description.write(current.urls.sparql_endpoint(), current.reader, chosen)
    return _vary(Response(body, content_type=chosen.content_type))


def _for_browser() -> bool:
    if wanted := request.values.get("format"):
        return wanted == HTML.name
    offered = (JSON, TURTLE, HTML)
    return "Accept" in request.headers and (best := acceptable(offered)) is not None and best.name == HTML.name


def _vary(response: Response) -> Response:
    response.headers["Vary"] = VARY
    return response


@blueprint.after_request
def _for_other_origins(response: Response) -> Response:
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(("HEAD", "OPTIONS", *protocol.METHODS))
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
