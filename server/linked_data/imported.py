"""The page of imported graphs: statements that the operator of this server added to those of vitk."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

blueprint = Blueprint("imported", __name__)


@blueprint.get("/imported-graphs")
def imported_graphs() -> Response:
    """Lists the imported graphs, or the first statements of the one that ``?graph=`` names.

    Raises:
        Problem: 404 if there is no such imported graph.
    """
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    wanted = request.args.get("graph", "")
    part = current.imported.of(wanted) if wanted else None
    if wanted and part is None:
        names = ", ".join(graph.iri for graph in current.imported.graphs[:20]) or "none"
        detail = f"There is no imported graph {wanted[:80]!r}. Imported graphs: {names}."
        raise Problem(404, "No such imported graph", detail)
    page = render_template(
        "imported.html",
        graphs=current.imported.graphs,
        part=part,
        query=current.reader.catalogue["pages/graph-sample"].fill({"graph": wanted}) if part else "",
    )
    return conditional.cacheable(make_response(page))
