"""The page on which people ask SPARQL: an editor over a plain form, examples, the answer or the problem in place."""

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

ROWS_SHOWN = 500
LARGEST_SHOWN = 8 << 20
FIRST_EXAMPLE = "foods-with-vitamin-k2"


def form() -> Response:
    """The form with the first example."""
    catalogue = app_state().reader.catalogue
    return _page(described(catalogue, catalogue[FIRST_EXAMPLE]), given=False)


def example(name: str) -> Response:
    """Leads to the page with a question of the catalogue.

    Raises:
        Problem: there is no such question.
    """
    catalogue = app_state().reader.catalogue
    try:
        query = catalogue[name]
    except VitkError as error:
        raise Problem(404, "No such query", str(error)) from error
    return make_response(redirect(app_state().urls.sparql(described(catalogue, query))))


def described(catalogue: Catalogue, query: Query) -> str:
    """A question filled with its example values, under comments that say its title, chart and units to the editor."""
    header = query.header
    lines = [f"# {header.title}"]
    if header.chart:
        lines.append(f"# chart: {header.chart.kind} {' '.join(f'?{name}' for name in header.chart.columns)}")
    for unit in dict.fromkeys(header.units.values()):
        columns = " ".join(f"?{column}" for column, its in header.units.items() if its == unit)
        lines.append(f"# unit: {columns} = {unit}")
    return "\n".join([*lines, catalogue.example(query)])


def answer(query: str, run: Callable[[], QueryResult]) -> Response:
    """The form with the query and what ``run`` gives: an answer in JSON or Turtle, or a problem."""
    try:
        found = run()
    except Problem as problem:
        return _page(query, problem.status, problem=problem)
    if found.length > LARGEST_SHOWN:
        found.close()
        detail = f"The answer has {found.length >> 20} MiB, too much for a page. Take it as a file, or add a LIMIT."
        return _page(query, 422, problem=Problem(422, "The answer is too large to show", detail))
    body = found.read()
    found.close()
    if found.format == TURTLE.name:
        return _page(query, hint=found.hint, graph=body.decode("utf-8"))
    document = json.loads(body)
    if "boolean" in document:
        return _page(query, hint=found.hint, boolean=document["boolean"])
    rows = document["results"]["bindings"]
    shown = rows[:ROWS_SHOWN]
    iris = {cell["value"] for row in shown for cell in row.values() if cell["type"] == "uri"}
    labels = {iri: named.label for iri, named in app_state().reader.references([], extra=iris).items()}
    columns = document["head"]["vars"]
    return _page(query, hint=found.hint, columns=columns, rows=shown, total=len(rows), labels=labels)


def _page(
    query: str, status: int = 200, *, given: bool = True, problem: Problem | None = None, **found: Any
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
        **found,
    )
    return make_response(page, status)


def _editor(current: AppState, *, given: bool) -> dict[str, object]:
    """What the editor is told: ``pages`` leads from the starts of IRIs to those of addresses on this server."""
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
