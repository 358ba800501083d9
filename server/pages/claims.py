"""The page ``/claims``: the claims of all sources, filtered by topic, standing and more."""

from __future__ import annotations

from flask import Response, make_response, render_template

from kg.rdf.formats import HTML
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.linked_data import listings
from server.pages import faceted_list

FACETS = (
    *("about", "outcome", "effect", "direction", "standing", "evidence", "population"),
    *("source", "section", "hedge", "flaw"),
)


def claims() -> Response:
    """Renders the list.

    Raises:
        Problem: 400 for invalid parameters, 404 for a page after the last one.
    """
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader, urls = app_state().reader, app_state().urls
    requested = faceted_list.list_request(FACETS)
    listed = reader.listing.having(
        "section", requested.text, requested.chosen, FACETS, "name", requested.start, faceted_list.SIZE
    )
    faceted_list.checked(listed, requested.page)

    def address(text: str = "", **narrowed: str) -> str:
        return urls.claims(q=text, **narrowed)

    if chosen.name != HTML.name:
        return faceted_list.in_rdf(listed, requested, address, chosen, "Claims")
    shown = [hit.iri for hit in listed.hits]
    values_by_claim = {
        facet: reader.listing.values_of(facet, shown) for facet in ("hedge", "standing", "section", "direction", "flaw")
    }
    query = reader.catalogue["claims"]
    page = render_template(
        "claims.html",
        listed=listed,
        values_by_claim=values_by_claim,
        words=requested.text,
        narrowed=[reader.listing.name_of(facet, iri) for facet, iri in requested.chosen.items()],
        hidden_fields={facet: faceted_list.local_name(iri) for facet, iri in requested.chosen.items()},
        facets=faceted_list.facet_links(listed, requested, address),
        pager=faceted_list.pagination(listed, requested, address),
        clear=urls.claims(),
        query=(query.title, query.fill(requested.chosen)),
    )
    return listings.as_page(make_response(page))
