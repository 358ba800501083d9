"""The search results with facets, as a page or CSV, and the suggestions of the search box."""

from __future__ import annotations

import csv
import io

from flask import Response, jsonify, make_response, render_template, request

from kg.index.facets import FacetedPage
from kg.index.search import MAX_HITS, Hit
from kg.rdf.formats import CSV, HTML
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.pages import faceted_list

FACETS = ("type", "direction", "evidence", "form", "group", "table")
SUGGESTIONS = 8


def search() -> Response:
    """Renders a page of results, or sends all of them as CSV.

    Raises:
        Problem: 400 for invalid parameters, 404 for a page after the last one.
    """
    chosen = negotiate((HTML, CSV))
    if fresh := conditional.not_modified(request.headers.get("Accept", "")):
        return fresh
    requested = faceted_list.list_request(FACETS)
    reader, urls = app_state().reader, app_state().urls
    if chosen.name == CSV.name:
        everything = _listed(requested, 0, MAX_HITS)
        response = Response(_as_csv(everything.hits), content_type=CSV.content_type)
        response.headers["Content-Disposition"] = 'attachment; filename="vitk-search.csv"'
        return _with_etag(response)
    listed = faceted_list.checked(_listed(requested, requested.start, faceted_list.SIZE), requested.page)
    page = render_template(
        "search.html",
        text=requested.text,
        narrowed=[reader.listing.name_of(facet, iri) for facet, iri in requested.chosen.items()],
        listed=listed,
        facets=faceted_list.facet_links(listed, requested, urls.search),
        pager=faceted_list.pagination(listed, requested, urls.search),
        clear=urls.search(requested.text),
        as_csv=urls.search(**requested.parameters(), format=CSV.name),
        nearest=reader.search.nearest(requested.text) if requested.text and not listed.total else [],
        most=MAX_HITS,
    )
    return _with_etag(make_response(page))


def suggest() -> Response:
    """Sends up to ``SUGGESTIONS`` entities that match the text ``?q=`` typed so far, as JSON."""
    if fresh := conditional.not_modified():
        return fresh
    text = request.args.get("q", "")
    hits = app_state().reader.search.suggest(text, SUGGESTIONS)
    return conditional.with_etag(jsonify([_suggestion(hit) for hit in hits]))


def _listed(requested: faceted_list.ListRequest, start: int, size: int) -> FacetedPage:
    listing = app_state().reader.listing
    if requested.text:
        return listing.searched(requested.text, requested.chosen, FACETS, start, size)
    if "type" in requested.chosen:
        return listing.members(requested.chosen["type"], requested.chosen, FACETS, "name", start, size)
    for facet in requested.chosen:
        return listing.having(facet, "", requested.chosen, FACETS, "name", start, size)
    return FacetedPage(0, (), {})


def _suggestion(hit: Hit) -> dict[str, str]:
    return {
        "label": hit.label,
        "type": f"{hit.type_label}, {hit.place}" if hit.place else hit.type_label,
        "matched": "" if hit.matched == hit.label else hit.matched,
        "url": app_state().urls.of(hit.iri),
    }


def _as_csv(hits: tuple[Hit, ...]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["entity", "label", "type", "table", "matched", "description"])
    writer.writerows([hit.iri, hit.label, hit.type_label, hit.place, hit.matched, hit.description] for hit in hits)
    return file.getvalue()


def _with_etag(response: Response) -> Response:
    return conditional.with_etag(response, request.headers.get("Accept", ""))
