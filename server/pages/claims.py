"""The index of what the source says: every statement, narrowed by what it is about and how it fared."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server.core import conditional
from server.core.state import app_state
from server.pages import faceted_list

FACETS = (
    *("about", "outcome", "effect", "direction", "verdict", "evidence", "population", "section"),
    *("hedge", "flaw"),
)


def claims() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    reader, urls = app_state().reader, app_state().urls
    want = faceted_list.list_request(FACETS)
    listed = reader.listing.having("section", want.text, want.chosen, FACETS, "name", want.start, faceted_list.SIZE)
    faceted_list.checked(listed, want.page)
    shown = [hit.iri for hit in listed.hits]
    values_by_claim = {
        facet: reader.listing.values_of(facet, shown) for facet in ("hedge", "verdict", "section", "direction", "flaw")
    }
    query = reader.catalogue["pages/claims-narrowed"]

    def address(text: str = "", **narrowed: str) -> str:
        return urls.claims(q=text, **narrowed)

    page = render_template(
        "claims.html",
        listed=listed,
        values_by_claim=values_by_claim,
        words=want.text,
        narrowed=[reader.listing.name_of(facet, iri) for facet, iri in want.chosen.items()],
        hidden_fields={facet: faceted_list.local_name(iri) for facet, iri in want.chosen.items()},
        facets=faceted_list.facet_links(listed, want, address),
        pager=faceted_list.pagination(listed, want, address),
        clear=urls.claims(),
        query=(query.title, query.fill(want.chosen)),
    )
    return conditional.cacheable(make_response(page))
