"""The pages ``/foods``, foods ranked by a form of vitamin K, and ``/article-and-tables``, the article's figures."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from kg.foods import rankings
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

FIRST_FORM = "vitamin-k2"


def by_form() -> Response:
    """Renders the foods ranked by the form of vitamin K in ``?form=``, by default total vitamin K2.

    Raises:
        Problem: 400 for an unknown form.
    """
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    forms = rankings.forms(reader)
    name = request.args.get("form", "").strip() or FIRST_FORM
    form = next((form for form in forms if form.iri == reader.vocabulary.entity_iri(name)), None)
    if form is None:
        known = ", ".join(form.label for form in forms)
        detail = f"{name[:60]!r} is not a form of vitamin K with known amounts in foods. Forms: {known}."
        raise Problem(400, "Unknown form", detail)
    page = render_template(
        "foods.html",
        form=form,
        name=name,
        forms=forms,
        studied=rankings.studied(reader, form.iri),
        tabled=rankings.tabled(reader, form.iri),
        queries=rankings.filled_queries(reader, form.iri),
    )
    return conditional.cacheable(make_response(page))


def article_and_tables() -> Response:
    """Renders the article's figures on foods next to those of food tables and studies."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    foods = rankings.article_and_tables(reader)
    names = ("pages/foods-of-the-source", "pages/tables-on-foods-of-the-source", "foods-by-form")
    queries = [rankings.example(reader, name) for name in names]
    page = render_template("article-and-tables.html", foods=foods, queries=queries)
    return conditional.cacheable(make_response(page))
