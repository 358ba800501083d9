"""The guide on ``/guide``: ten minutes for each of three audiences, with queries that run while the page is rendered.

``pages`` renders them, ``live_queries`` runs the queries that they show, ``model_diagram`` lays out the drawing of the
model. ``notebook_pages`` shows the notebooks in ``notebooks/`` with their outputs, read by ``notebook_text``.
``federation`` shows the federated queries in ``recipes/``.
"""

from __future__ import annotations

from flask import Blueprint

from server.core.site_pages import GUIDE_PARTS
from server.guide import federation, notebook_pages, pages

blueprint = Blueprint("guide", __name__)
blueprint.add_url_rule("/guide", view_func=pages.overview, endpoint="overview")
_PART = f"/guide/<any({', '.join(GUIDE_PARTS)}):part>"
blueprint.add_url_rule(_PART, view_func=pages.part, endpoint="part")
blueprint.add_url_rule("/guide/federation", view_func=federation.page, endpoint="federation")
blueprint.add_url_rule("/guide/notebooks", view_func=notebook_pages.overview, endpoint="notebooks")
_NOTEBOOK = f"/guide/notebooks/<any({', '.join(repr(name) for name in notebook_pages.NOTEBOOKS)}):name>"
blueprint.add_url_rule(_NOTEBOOK, view_func=notebook_pages.notebook, endpoint="notebook")
blueprint.add_url_rule(_NOTEBOOK + ".py", view_func=notebook_pages.source, endpoint="notebook_source")
