"""The index of what the source says: every statement, narrowed by what it is about and how it fared."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server import caching
from server.pages import lists
from server.site import site

FACETS = (
    *("about", "outcome", "effect", "direction", "verdict", "evidence", "population", "section"),
    *("hedge", "flaw"),
)


def show() -> Response:
    if fresh := caching.not_modified():
        return fresh
    reader, urls = site().reader, site().urls
    want = lists.wanted(FACETS)
    listed = reader.listing.having("section", want.text, want.chosen, FACETS, "name", want.start, lists.SIZE)
    lists.checked(listed, want.page)
    shown = [hit.iri for hit in listed.hits]
    told = {
        facet: reader.listing.values_of(facet, shown) for facet in ("hedge", "verdict", "section", "direction", "flaw")
    }
    query = reader.catalogue["pages/claims-narrowed"]

    def address(text: str = "", **narrowed: str) -> str:
        return urls.claims(q=text, **narrowed)

    page = render_template(
        "claims.html",
        listed=listed,
        told=told,
        words=want.text,
        narrowed=[reader.listing.name_of(facet, iri) for facet, iri in want.chosen.items()],
        kept={facet: lists.local_name(iri) for facet, iri in want.chosen.items()},
        facets=lists.facet_links(listed, want, address),
        pager=lists.pager(listed, want, address),
        clear=urls.claims(),
        query=(query.title, query.fill(want.chosen)),
    )
    return caching.kept(make_response(page))
