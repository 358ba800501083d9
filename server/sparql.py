"""The SPARQL endpoint: strangers' queries, run by the worker pool."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from kg.catalogue import Query
from kg.engine import workers
from kg.formats import CSV, GRAPH_FORMATS, HTML, JSON, RESULT_FORMATS, TURTLE, Format
from server.negotiation import acceptable, not_acceptable
from server.problems import Problem
from server.site import site

blueprint = Blueprint("sparql", __name__)
ROWS_SHOWN = 500


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """SPARQL 1.1 queries by GET, by POSTed form and by direct POST; a form for people in a browser."""
    for_browser = _for_browser()
    query = _query()
    if query is None:
        if for_browser:
            return _page(query=_examples()[0].text)
        raise Problem(
            400,
            "No query",
            "Give a SPARQL query as ?query=…, as a form field or as a body of type application/sparql-query.",
        )
    if for_browser:
        return _run_for_browser(query)
    results, graph = acceptable(RESULT_FORMATS), acceptable(GRAPH_FORMATS)
    answer = run(query, results, graph)
    chosen = results if results and answer.format == results.name else graph
    assert chosen is not None
    response = Response(answer.body, content_type=chosen.content_type)
    response.headers["Vary"] = "Accept"
    return response


def run(query: str, results: Format | None, graph: Format | None) -> workers.Answer:
    """Runs a stranger's query and tells failures as problems."""
    current = site()
    request_ = workers.Request(
        query,
        results_format=results.name if results else None,
        graph_format=graph.name if graph else None,
        default_graphs=_parameters("default-graph-uri"),
        named_graphs=_parameters("named-graph-uri"),
    )
    try:
        return current.workers.run(request_)
    except workers.QueryFailed as failure:
        raise _PROBLEMS[type(failure)](failure) from failure


def _query() -> str | None:
    if request.mimetype == "application/sparql-query":
        try:
            return request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Problem(400, "Not UTF-8", f"The query is not UTF-8: byte {error.start} can't be read.") from error
    if request.method == "POST" and request.mimetype not in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        detail = "POST a query as application/sparql-query, or as a form with a field named query."
        raise Problem(415, "Unsupported media type", detail)
    queries = _parameters("query")
    if len(queries) > 1:
        raise Problem(400, "More than one query", "Give exactly one query.")
    if "update" in request.values:
        raise Problem(400, "Updates are not run", "This endpoint only reads; give a query as query.")
    return queries[0] if queries and queries[0].strip() else None


def _parameters(name: str) -> list[str]:
    source = request.form if request.method == "POST" and name in request.form else request.args
    return source.getlist(name)


def _for_browser() -> bool:
    if request.values.get("format"):
        return request.values["format"] == HTML.name
    offered = (JSON, TURTLE, HTML)
    return "Accept" in request.headers and (best := acceptable(offered)) is not None and best.name == HTML.name


def _run_for_browser(query: str) -> Response:
    try:
        answer = run(query, JSON, TURTLE)
    except Problem as problem:
        return _page(query=query, status=problem.status, problem=problem)
    if answer.format == TURTLE.name:
        return _page(query=query, graph=answer.body.decode("utf-8"))
    document = json.loads(answer.body)
    if "boolean" in document:
        return _page(query=query, boolean=document["boolean"])
    rows = document["results"]["bindings"]
    return _page(query=query, columns=document["head"]["vars"], rows=rows[:ROWS_SHOWN], total=len(rows))


def _examples() -> list[Query]:
    """The catalogue's questions, filled with their example values."""
    catalogue = site().reader.catalogue
    return [replace(query, text=catalogue.example(query)) for query in catalogue.public()]


def _page(query: str, status: int = 200, **found: Any) -> Response:
    examples = _examples()
    page = render_template(
        "sparql.html", query=query, examples=examples, formats=(*RESULT_FORMATS, TURTLE), csv=CSV, **found
    )
    response = make_response(page, status)
    response.headers["Vary"] = "Accept"
    return response


def _malformed(failure: workers.QueryFailed) -> Problem:
    assert isinstance(failure, workers.QueryMalformed)
    found = failure.diagnosis
    caret = f"{found.text}\n{' ' * (found.column - 1)}^"
    return Problem(
        400,
        "The query can't be read",
        f"Line {found.line}, column {found.column}: {found.message} {found.hint}",
        line=found.line, column=found.column, excerpt=caret, hint=found.hint,
    )  # fmt: skip


def _refused(failure: workers.QueryFailed) -> Problem:
    return Problem(400, "The query is not run", str(failure))


def _unwritable(failure: workers.QueryFailed) -> Problem:
    assert isinstance(failure, workers.QueryNotAcceptable)
    return not_acceptable(GRAPH_FORMATS if failure.form == "graph" else RESULT_FORMATS)


def _timed_out(_: workers.QueryFailed) -> Problem:
    seconds = site().settings.query_timeout
    detail = f"The query ran longer than {seconds:g} s and was stopped. Name more of what you look for, or add a LIMIT."
    return Problem(504, "The query took too long", detail, limitSeconds=seconds)


def _too_large(_: workers.QueryFailed) -> Problem:
    limit = site().settings.query_result_mib
    detail = f"The answer is larger than {limit} MiB or needs too much memory. Add a LIMIT or ask for less."
    return Problem(413, "The answer is too large", detail, limitMebibytes=limit)


def _busy(_: workers.QueryFailed) -> Problem:
    return Problem(503, "Too busy", "All query workers are busy. Try again in a moment.", {"Retry-After": "5"})


_PROBLEMS: dict[type[workers.QueryFailed], Callable[[workers.QueryFailed], Problem]] = {
    workers.QueryMalformed: _malformed,
    workers.QueryRefused: _refused,
    workers.QueryNotAcceptable: _unwritable,
    workers.QueryTimedOut: _timed_out,
    workers.QueryTooLarge: _too_large,
    workers.AllWorkersBusy: _busy,
}
