"""What vitk is, where its statements come from, what it is not."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server.core import conditional
from server.core.state import app_state


def about() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    counts = app_state().reader.release.manifest["counts"]
    return conditional.with_etag(make_response(render_template("about.html", counts=counts)))
