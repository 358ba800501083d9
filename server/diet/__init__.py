"""Diets: the calculator with its page ``/diet`` and ``POST /api/v1/diet``, and reference intakes on ``/intakes``.

``form`` reads forms and JSON bodies, ``page`` renders the page, ``day_chart`` sends its chart as a
file, ``api`` answers in JSON or CSV (``json_document``,
``csv_table``), ``wording`` puts the figures into words, ``permalink`` builds URLs, ``openapi`` describes the operation.
"""

from __future__ import annotations

from flask import Blueprint

from server.diet import api, day_chart, intakes, page

blueprint = Blueprint("diet", __name__)
blueprint.add_url_rule("/diet", view_func=page.diet_page, endpoint="page", methods=["GET"])
blueprint.add_url_rule("/diet/chart.<suffix>", view_func=day_chart.chart_file, endpoint="chart", methods=["GET"])
blueprint.add_url_rule("/diet/suggest", view_func=page.suggest, endpoint="suggest", methods=["GET"])
blueprint.add_url_rule("/intakes", view_func=intakes.intakes, endpoint="intakes")
blueprint.add_url_rule("/api/v1/diet", view_func=api.evaluate_diet, endpoint="api", methods=["POST"])
