"""What operators look at."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.metrics import MEDIA_TYPE
from server.problems import Problem
from server.site import site

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Whether this process serves, and which release."""
    return _uncached(jsonify(status="ok", release=site().reader.release.id))


@blueprint.get("/readyz")
def ready() -> Response:
    """Whether this process can answer queries too."""
    if not site().engine.state().ready:
        raise Problem(
            503,
            "Not ready",
            "The query workers are still starting, or the engine does not answer.",
            {"Retry-After": "1"},
        )
    return _uncached(jsonify(status="ready", release=site().reader.release.id))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures of this serving process, for Prometheus."""
    current = site()
    state, kept = current.engine.state(), current.kept()
    gauges = {
        "vitk_query_workers": ("Query workers.", state.workers),
        "vitk_query_workers_busy": ("Query workers that evaluate.", state.busy),
        "vitk_query_workers_replaced_total": ("Query workers that were killed, crashed or had grown.", state.replaced),
        "vitk_queries_waiting": ("Queries that wait for a worker.", state.waiting),
        "vitk_kept_bytes": ("Bytes of finished answers that are kept.", kept.bytes),
        "vitk_kept_answers": ("Finished answers that are kept.", kept.answers),
        "vitk_replayed_total": ("Requests answered from what is kept.", kept.replayed),
        "vitk_pages_from_memory": ("Whether pages and API are answered from memory.", current.reader.is_in_memory),
    }
    return _uncached(Response(current.metrics.text(gauges), content_type=MEDIA_TYPE))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
