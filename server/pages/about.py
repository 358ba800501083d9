"""What vitk is, where its statements come from, what it is not."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server import caching
from server.site import site


def show() -> Response:
    if fresh := caching.not_modified():
        return fresh
    counts = site().reader.release.manifest["counts"]
    return caching.validated(make_response(render_template("about.html", counts=counts)))
