"""The page on which people ask SPARQL: a form, examples, and the answer or the problem in place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, make_response, render_template

from kg.catalogue import Query
from kg.engine.engine import Answer
from kg.formats import CSV, RESULT_FORMATS, TURTLE
from server.problems import Problem
from server.site import site

ROWS_SHOWN = 500
LARGEST_SHOWN = 8 << 20


def form() -> Response:
    """The form with the first example."""
    return _page(_examples()[0].text)


def answer(query: str, run: Callable[[], Answer]) -> Response:
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
    columns = document["head"]["vars"]
    return _page(query, hint=found.hint, columns=columns, rows=rows[:ROWS_SHOWN], total=len(rows))


def _examples() -> list[Query]:
    """The catalogue's questions, filled with their example values."""
    catalogue = site().reader.catalogue
    return [replace(query, text=catalogue.example(query)) for query in catalogue.public()]


def _page(query: str, status: int = 200, **found: Any) -> Response:
    formats = (*RESULT_FORMATS, TURTLE)
    page = render_template("sparql.html", query=query, examples=_examples(), formats=formats, csv=CSV, **found)
    return make_response(page, status)
