"""Foods by their amount of a form of vitamin K; and what the article says of foods beside tables and studies."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from kg.foods import rankings
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

FIRST_FORM = "vitamin-k2"


def by_form() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    forms = rankings.forms(reader)
    name = request.args.get("form", "").strip() or FIRST_FORM
    form = next((form for form in forms if form.iri == reader.vocabulary.entity_iri(name)), None)
    if form is None:
        known = ", ".join(form.label for form in forms)
        raise Problem(
            400, "Unknown form", f"{name[:60]!r} is no form of vitamin K with amounts in foods; there is {known}."
        )
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
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    foods = rankings.article_and_tables(reader)
    names = ("pages/foods-of-the-source", "pages/tables-on-foods-of-the-source", "foods-by-form")
    questions = [rankings.example(reader, name) for name in names]
    page = render_template("article-and-tables.html", foods=foods, queries=questions)
    return conditional.cacheable(make_response(page))
