"""Endpoints for operators: liveness, readiness and metrics."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.core.metrics import MEDIA_TYPE
from server.core.state import app_state
from server.http.problems import Problem

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Reports that this process serves requests, and from which release."""
    return _uncached(jsonify(status="ok", release=app_state().reader.release.id))


@blueprint.get("/readyz")
def ready() -> Response:
    """Reports whether this process can run queries as well.

    Raises:
        Problem: 503 while the query engine is not ready.
    """
    engine = app_state().engine
    if not engine.wait_until_ready(0):
        detail = engine.state().trouble or "The query workers are still starting."
        raise Problem(503, "Not ready", detail, {"Retry-After": "1"})
    return _uncached(jsonify(status="ready", release=app_state().reader.release.id))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Exposes the metrics of all server processes in Prometheus's text format."""
    app_state().observe()
    return _uncached(Response(app_state().metrics.text(), content_type=MEDIA_TYPE))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
