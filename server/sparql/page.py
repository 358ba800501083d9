"""The SPARQL page: a form that the editor enhances, examples, and the result or the problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request

from kg.amounts import UNIT_SYMBOLS
from kg.engine.interface.base import QueryResult
from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, TURTLE
from kg.sparql.tokens import tokenize
from server.core.state import AppState, app_state
from server.http.problems import Problem
from server.sparql import examples

MAX_ROWS = 500
MAX_BYTES = 8 << 20
FIRST_EXAMPLE = "foods-by-form"


def form_page() -> Response:
    """Renders the form with the first example."""
    catalogue = app_state().reader.catalogue
    return _page(examples.example(catalogue, catalogue[FIRST_EXAMPLE]), given=False)


def redirect_to_example(name: str) -> Response:
    """Redirects to the page with a query of the catalogue and its result.

    Args:
        name: of the query; its parameters are taken from the request.

    Raises:
        Problem: 404 if the catalogue has no such query, 400 for an invalid value.
    """
    current = app_state()
    query = examples.filled(current.reader, name, request.args)
    if request.args.get("format") == "json":
        return jsonify({"query": query})
    return make_response(redirect(current.urls.sparql(query)))


def result_page(query: str, run: Callable[[], QueryResult]) -> Response:
    """Renders the form with a query and its result, or the problem with it.

    Args:
        query: text of the query.
        run: returns the result in JSON or Turtle, or raises a ``Problem``.
    """
    try:
        result = run()
    except Problem as problem:
        return _page(query, problem.status, problem=problem)
    if result.length > MAX_BYTES:
        result.close()
        detail = f"The result has {result.length >> 20} MiB, too much for a page. Download it, or add a LIMIT."
        return _page(query, 422, problem=Problem(422, "Result too large to show", detail))
    body = result.read()
    result.close()
    if result.format == TURTLE.name:
        return _page(query, hint=result.hint, graph=body.decode("utf-8"))
    document = json.loads(body)
    if "boolean" in document:
        return _page(query, hint=result.hint, boolean=document["boolean"])
    rows = document["results"]["bindings"]
    shown = rows[:MAX_ROWS]
    iris = {cell["value"] for row in shown for cell in row.values() if cell["type"] == "uri"}
    labels = {iri: named.label for iri, named in app_state().reader.references([], extra=iris).items()}
    columns = in_order_of_query(query, document["head"]["vars"])
    return _page(query, hint=result.hint, columns=columns, rows=shown, total=len(rows), labels=labels)


def in_order_of_query(query: str, columns: list[str]) -> list[str]:
    """Returns the columns of ``SELECT *`` in the order in which the query names them; others as they are.

    SPARQL leaves the order of ``*`` open, and the engine sorts by name.
    """
    words = [token for token in tokenize(query) if token.kind not in ("space", "comment")]
    start = next((i for i, token in enumerate(words) if token.text.upper() == "SELECT"), len(words))
    if not any(token.text == "*" for token in words[start + 1 : start + 3]):
        return columns
    named = dict.fromkeys(token.text[1:] for token in words if token.kind == "variable")
    return sorted(columns, key=list(named).index)


def _page(
    query: str, status: int = 200, *, given: bool = True, problem: Problem | None = None, **result: Any
) -> Response:
    current = app_state()
    page = render_template(
        "sparql.html",
        query=query,
        given=given,
        pinned=request.args.get("release", ""),
        examples=current.reader.catalogue.public(),
        formats=(*RESULT_FORMATS, TURTLE),
        result_formats=RESULT_FORMATS,
        settings=current.settings,
        editor=_editor(current, given=given) | ({"problem": problem.document()} if problem else {}),
        problem=problem,
        **result,
    )
    return make_response(page, status)


def _editor(current: AppState, *, given: bool) -> dict[str, object]:
    """The configuration of the editor; ``pages`` maps prefixes of IRIs to prefixes of URLs on this server."""
    urls, vocabulary, release = current.urls, current.reader.vocabulary, current.reader.release.id
    return {
        "endpoint": urls.sparql(),
        "release": release,
        "pinned": request.args.get("release", ""),
        "given": given,
        "completion": urls.completion(release),
        "examples": urls.examples(release),
        "fill": urls.sparql(fmt="json"),
        "prefixes": vocabulary.prefixes,
        "symbols": UNIT_SYMBOLS,
        "pages": [[vocabulary.entities, urls.page("")], [vocabulary.terms, urls.term("")]],
        "formats": [
            {"name": known.name, "label": known.label, "type": known.media_type}
            for known in (*RESULT_FORMATS, *GRAPH_FORMATS)
        ],
    }
