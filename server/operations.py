"""What operators look at."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.site import site

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Whether this process serves, and which release."""
    response = jsonify(status="ok", release=site().reader.release.id)
    response.headers["Cache-Control"] = "no-store"
    return response
