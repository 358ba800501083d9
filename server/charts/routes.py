"""Sends the charts: ``/charts/{kind}/{name}.svg``, ``.png`` and ``.csv``."""

from __future__ import annotations

from flask import Blueprint, Response

from server.charts import files
from server.charts.chart import Chart
from server.charts.registry import KINDS, chart_of
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

MEDIA_TYPES = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8; header=present",
}
blueprint = Blueprint("charts", __name__)


@blueprint.get("/charts/<kind>/<local_name:name>")
def chart_file(kind: str, name: str) -> Response:
    """Sends a chart as a file, which the response cache stores.

    Args:
        kind: of the chart.
        name: local name of what it is about, with the suffix of the format.

    Raises:
        Problem: 404 for an unknown kind or format, and for an entity without such a chart.
    """
    name, _, suffix = name.rpartition(".")
    if kind not in KINDS or suffix not in MEDIA_TYPES:
        detail = f"Charts: {', '.join(sorted(KINDS))}. Formats: {', '.join(MEDIA_TYPES)}."
        raise Problem(404, "Unknown chart or format", detail)
    if fresh := conditional.not_modified():
        return fresh
    found = chart_of(app_state(), kind, name)
    if found is None:
        raise Problem(404, "No such chart", f"There is no chart {kind!r} about {name[:60]!r}.")
    response = Response(_body(found, suffix), content_type=MEDIA_TYPES[suffix])
    response.headers["Content-Disposition"] = f'inline; filename="vitk-{kind}.{suffix}"'
    return conditional.cacheable(response)


def _body(chart: Chart, suffix: str) -> str | bytes:
    if suffix == "csv":
        return files.table(chart)
    state = app_state()
    document = files.svg(chart, state.reader.release, state.urls)
    return files.png(document) if suffix == "png" else document
