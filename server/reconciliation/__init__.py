"""The reconciliation service, by which OpenRefine and others match tables (Reconciliation Service API 0.2).

``routes`` answers, ``manifest`` describes the service, ``requests`` reads batches, ``openapi`` describes the
operations.
"""

from __future__ import annotations

from flask import Blueprint

from server.reconciliation import routes
from server.reconciliation.paths import PATH, PREVIEW, PROPERTIES, SUGGEST_ENTITY, SUGGEST_PROPERTY, SUGGEST_TYPE

blueprint = Blueprint("reconciliation", __name__)
blueprint.add_url_rule(PATH, view_func=routes.service, endpoint="service", methods=["GET", "POST"])
blueprint.add_url_rule(SUGGEST_ENTITY, view_func=routes.suggest_entity, endpoint="suggest_entity")
blueprint.add_url_rule(SUGGEST_TYPE, view_func=routes.suggest_type, endpoint="suggest_type")
blueprint.add_url_rule(SUGGEST_PROPERTY, view_func=routes.suggest_property, endpoint="suggest_property")
blueprint.add_url_rule(PROPERTIES, view_func=routes.properties, endpoint="properties")
blueprint.add_url_rule(PREVIEW, view_func=routes.preview, endpoint="preview")
