"""The page ``/methods``: how claims were extracted, what was searched, how verdicts are derived, what is missing."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server.core import conditional
from server.core.state import app_state


def methods() -> Response:
    """Renders the page."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    page = render_template(
        "methods.html",
        verdicts=reader.run("pages/verdict-counts", {}),
        queries=[reader.catalogue["pages/verdict-counts"]],
    )
    return conditional.cacheable(make_response(page))
