"""How claims were taken from the source, what was searched, how verdicts arise, what is missing."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server.core import conditional
from server.core.state import app_state


def methods() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    page = render_template(
        "methods.html",
        counts=reader.release.manifest["counts"],
        verdicts=reader.run("pages/verdict-counts", {}),
        queries=[reader.catalogue["pages/verdict-counts"]],
        rules=reader.release.manifest["stages"],
    )
    return conditional.cacheable(make_response(page))
