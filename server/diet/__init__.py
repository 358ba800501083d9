"""What a diet holds of vitamin K: the page ``/diet`` and ``POST /api/v1/diet``.

``given.py`` reads forms and bodies, ``document.py`` writes JSON, ``table.py`` writes CSV, ``page.py`` the page,
``described.py`` says it all in OpenAPI.
"""

from __future__ import annotations

from flask import Blueprint

from server.diet import api, page

blueprint = Blueprint("diet", __name__)
blueprint.add_url_rule("/diet", view_func=page.diet_page, endpoint="page", methods=["GET"])
blueprint.add_url_rule("/api/v1/diet", view_func=api.answer, endpoint="api", methods=["POST"])
