"""The guide on ``/guide``: ten minutes for each of three audiences, with queries that run while the page is rendered.

``pages`` renders them, ``live_queries`` runs the queries that they show, ``model_diagram`` lays out the drawing of the
model.
"""

from __future__ import annotations

from flask import Blueprint

from server.core.site_pages import GUIDE_PARTS
from server.guide import pages

blueprint = Blueprint("guide", __name__)
blueprint.add_url_rule("/guide", view_func=pages.overview, endpoint="overview")
_PART = f"/guide/<any({', '.join(GUIDE_PARTS)}):part>"
blueprint.add_url_rule(_PART, view_func=pages.part, endpoint="part")
