"""What vitk is, where its statements come from, what it is not."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server.core.state import site
from server.http import conditional


def show() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    counts = site().reader.release.manifest["counts"]
    return conditional.validated(make_response(render_template("about.html", counts=counts)))
