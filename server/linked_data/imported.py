"""The page of imported graphs: statements that the operator of this server added to those of vitk."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from kg.entities.imported import StatementsOfGraph
from kg.rdf.formats import HTML
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE
from server.core import conditional
from server.core.state import AppState, app_state
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import hydra, listings
from server.linked_data.listings import Listing

blueprint = Blueprint("imported", __name__)


_VOID = OUTSIDE_PREFIXES["void"]


@blueprint.get("/imported-graphs")
def imported_graphs() -> Response:
    """Lists the imported graphs, or the first statements of the one that ``?graph=`` names.

    Raises:
        Problem: 404 if there is no such imported graph.
    """
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    current = app_state()
    wanted = request.args.get("graph", "")
    part = current.imported.of(wanted) if wanted else None
    if wanted and part is None:
        names = ", ".join(graph.iri for graph in current.imported.graphs[:20]) or "none"
        detail = f"There is no imported graph {wanted[:80]!r}. Imported graphs: {names}."
        raise Problem(404, "No such imported graph", detail)
    if chosen.name != HTML.name:
        return listings.respond(_as_listing(current, part), {}, chosen)
    page = render_template(
        "imported.html",
        graphs=current.imported.graphs,
        part=part,
        query=current.reader.catalogue["pages/graph-sample"].fill({"graph": wanted}) if part else "",
    )
    return listings.as_page(make_response(page))


def _as_listing(current: AppState, part: StatementsOfGraph | None) -> Listing:
    """The imported graphs, or the one that was asked for, with the number of their triples; they are read by SPARQL."""
    graphs = [part.graph] if part else current.imported.graphs
    triples = [
        triple
        for graph in graphs
        for triple in (
            hydra.link(graph.iri, RDF_TYPE, _VOID + "Dataset"),
            hydra.number(graph.iri, _VOID + "triples", graph.triples),
            hydra.link(graph.iri, _VOID + "sparqlEndpoint", current.urls.sparql_endpoint()),
        )
    ]
    return Listing([graph.iri for graph in graphs], triples, len(graphs), "Imported graphs", is_ours=False)
