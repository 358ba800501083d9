"""The SPARQL page: a form that the editor enhances, examples, and the result or the problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, make_response, redirect, render_template, request

from kg.amounts import UNIT_SYMBOLS
from kg.catalogue.catalogue import Catalogue, Query
from kg.engine.interface.base import QueryResult
from kg.errors import VitkError
from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, TURTLE
from server.core.state import AppState, app_state
from server.http.problems import Problem

MAX_ROWS = 500
MAX_BYTES = 8 << 20
FIRST_EXAMPLE = "foods-with-vitamin-k2"


def form_page() -> Response:
    """Renders the form with the first example."""
    catalogue = app_state().reader.catalogue
    return _page(annotated_example(catalogue, catalogue[FIRST_EXAMPLE]), given=False)


def redirect_to_example(name: str) -> Response:
    """Redirects to the page with a query of the catalogue and its result.

    Raises:
        Problem: 404 if the catalogue has no such query.
    """
    catalogue = app_state().reader.catalogue
    try:
        query = catalogue[name]
    except VitkError as error:
        raise Problem(404, "No such query", str(error)) from error
    return make_response(redirect(app_state().urls.sparql(annotated_example(catalogue, query))))


def annotated_example(catalogue: Catalogue, query: Query) -> str:
    """Fills a query with its example values and adds comments from which the editor reads title, chart and units."""
    header = query.header
    lines = [f"# {query.title}"]
    if header.chart:
        lines.append(f"# chart: {header.chart.kind} {' '.join(f'?{name}' for name in header.chart.columns)}")
    for unit in dict.fromkeys(header.units.values()):
        columns = " ".join(f"?{column}" for column, its_unit in header.units.items() if its_unit == unit)
        lines.append(f"# unit: {columns} = {unit}")
    return "\n".join([*lines, catalogue.example(query)])


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
    columns = document["head"]["vars"]
    return _page(query, hint=result.hint, columns=columns, rows=shown, total=len(rows), labels=labels)


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
        "prefixes": vocabulary.prefixes,
        "symbols": UNIT_SYMBOLS,
        "pages": [[vocabulary.entities, urls.page("")], [vocabulary.terms, urls.term("")]],
        "formats": [
            {"name": known.name, "label": known.label, "type": known.media_type}
            for known in (*RESULT_FORMATS, *GRAPH_FORMATS)
        ],
    }
