"""The pages ``/foods``, foods ranked by a form of vitamin K, and ``/article-and-tables``, the article's figures."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, make_response, render_template, request

from kg.catalogue.catalogue import Value
from kg.foods import catalogue_queries, rankings, servings
from kg.rdf.formats import HTML
from kg.reader.entity import Reference
from kg.reader.reader import Reader
from server.api import row_lists
from server.charts import foods as food_charts
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import listings

FIRST_FORM = "vitamin-k2"
PER_100_GRAMS, PER_SERVING = "100g", "serving"


def by_form() -> Response:
    """Renders the foods ranked by the form of vitamin K in ``?form=``, by default total vitamin K2.

    They are ranked per 100 g, each source for itself, or with ``?per=serving`` per usual serving.

    Raises:
        Problem: 400 for an unknown form, or for another ``per``.
    """
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader = app_state().reader
    forms = rankings.forms(reader)
    name = request.args.get("form", "").strip() or FIRST_FORM
    form = next((form for form in forms if form.iri == reader.vocabulary.entity_iri(name)), None)
    if form is None:
        known = ", ".join(form.label for form in forms)
        detail = f"{name[:60]!r} is not a form of vitamin K with known amounts in foods. Forms: {known}."
        raise Problem(400, "Unknown form", detail)
    per = request.args.get("per", "").strip() or PER_100_GRAMS
    if per not in (PER_100_GRAMS, PER_SERVING):
        detail = f"{per[:60]!r} is not an amount of food. Give per={PER_100_GRAMS} or per={PER_SERVING}."
        raise Problem(400, "Unknown amount of food", detail)
    if chosen.name != HTML.name and per == PER_SERVING:
        values: dict[str, Value] = {"form": form.iri, "intake": reader.vocabulary.entity_iri(servings.INTAKE)}
        return row_lists.respond(servings.RANKING, values, chosen)
    if chosen.name != HTML.name:
        return row_lists.respond("foods-by-amount", rankings.values_for(reader, form.iri), chosen)
    shared = {"form": form, "name": name, "forms": forms, "per": per}
    page = _per_serving(reader, shared, form.iri) if per == PER_SERVING else _per_100_grams(reader, shared, form.iri)
    return listings.as_page(make_response(page))


def _per_100_grams(reader: Reader, shared: Mapping[str, object], form: str) -> str:
    studied, reference = rankings.studied(reader, form), _reference(reader, form)
    return render_template(
        "foods.html",
        **shared,
        studied=studied,
        studied_chart=food_charts.studied_foods(reference, studied),
        tabled=[(table, food_charts.table_foods(reference, table)) for table in rankings.tabled(reader, form)],
        queries=rankings.filled_queries(reader, form),
    )


def _per_serving(reader: Reader, shared: Mapping[str, object], form: str) -> str:
    intake, intake_iri = servings.compared_intake(reader), reader.vocabulary.entity_iri(servings.INTAKE)
    query = reader.catalogue[servings.RANKING]
    ranked = servings.ranked(reader, form, intake)
    return render_template(
        "foods_per_serving.html",
        **shared,
        ranked=ranked,
        chart=food_charts.ranked_servings(_reference(reader, form), ranked, intake),
        intake=intake,
        queries=[catalogue_queries.filled(reader, query, {"form": form, "intake": intake_iri})],
    )


def _reference(reader: Reader, form: str) -> Reference:
    return reader.references([], extra=[form])[form]


def article_and_tables() -> Response:
    """Renders the article's figures on foods next to those of food tables and studies."""
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    if chosen.name != HTML.name:
        return row_lists.respond("pages/foods-of-the-source", {}, chosen)
    reader = app_state().reader
    foods = rankings.article_and_tables(reader)
    names = ("pages/foods-of-the-source", "pages/tables-on-foods-of-the-source", "foods-by-form")
    queries = [catalogue_queries.example(reader, name) for name in names]
    page = render_template("article-and-tables.html", foods=foods, queries=queries)
    return listings.as_page(make_response(page))
