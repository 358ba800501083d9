"""The search results with facets, as a page or CSV, and the suggestions of the search box."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask import Response, jsonify, make_response, render_template, request

from kg.index.documents import DocumentIndex
from kg.index.facets import FacetedPage
from kg.index.search import MAX_HITS, Hit
from kg.rdf.formats import CSV, GRAPH_FORMATS, HTML
from server.core import conditional, site_pages
from server.core.state import app_state
from server.core.urls import Urls
from server.http.negotiation import negotiate
from server.pages import faceted_list

FACETS = ("type", "direction", "evidence", "form", "group", "table")
SUGGESTIONS = 8
# The parameter that also lists records: evidence lines, results, measurements and searches.
RECORDS = "records"
_PAGES, _SECTIONS, _QUERIES = 3, 3, 5
_SITE_PAGES = DocumentIndex(site_pages.documents())


@dataclass(frozen=True)
class FoundDocument:
    """A page, a section of a source or a query that matches: URL, title and summary."""

    url: str
    title: str
    summary: str


def search() -> Response:
    """Renders a page of results, sends it in RDF, or sends all of them as CSV.

    Raises:
        Problem: 400 for invalid parameters, 404 for a page after the last one.
    """
    chosen = negotiate((HTML, CSV, *GRAPH_FORMATS))
    if fresh := conditional.not_modified(request.headers.get("Accept", "")):
        return fresh
    requested = faceted_list.list_request(FACETS)
    with_records = bool(request.args.get(RECORDS))
    state, urls = app_state(), app_state().urls
    if chosen.name == CSV.name:
        everything = _listed(requested, with_records, 0, MAX_HITS)
        response = Response(_as_csv(everything.hits), content_type=CSV.content_type)
        response.headers["Content-Disposition"] = 'attachment; filename="vitk-search.csv"'
        return _with_etag(response)
    found = _listed(requested, with_records, requested.start, faceted_list.SIZE)
    listed = faceted_list.checked(found, requested.page)

    def address(text: str = "", **narrowed: str) -> str:
        return urls.search(text, **narrowed, **({RECORDS: "yes"} if with_records else {}))

    if chosen.name != HTML.name:
        return faceted_list.in_rdf(listed, requested, address, chosen, f"Search results for {requested.text!r}")
    is_first = bool(requested.text) and not requested.chosen and requested.page == 1
    page = render_template(
        "search.html",
        text=requested.text,
        narrowed=[state.reader.listing.name_of(facet, iri) for facet, iri in requested.chosen.items()],
        answer_card=state.answers.answer(requested.text) if is_first and not _is_of_table(listed) else None,
        listed=listed,
        facets=faceted_list.facet_links(listed, requested, address),
        pager=faceted_list.pagination(listed, requested, address),
        clear=address(requested.text),
        as_csv=address(**requested.parameters(), format=CSV.name),
        records="" if with_records or not requested.text else urls.search(**requested.parameters(), records="yes"),
        nearest=state.reader.search.nearest(requested.text) if requested.text and not listed.total else [],
        pages=_pages(requested.text, urls) if is_first else [],
        sections=_sections(requested.text, urls) if is_first else [],
        queries=_queries(requested.text, urls) if is_first else [],
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


def _is_of_table(listed: FacetedPage) -> bool:
    """Returns whether the text is the name of one food of a table, which is what is looked for."""
    return bool(listed.hits and listed.hits[0].place)


def _pages(text: str, urls: Urls) -> list[FoundDocument]:
    found = _SITE_PAGES.find(text, _PAGES)
    return [FoundDocument(site_pages.url_of(page.key, urls), page.title, page.summary) for page in found]


def _sections(text: str, urls: Urls) -> list[FoundDocument]:
    found = app_state().section_documents.find(text, _SECTIONS)
    return [FoundDocument(urls.of(section.key), section.title, section.summary) for section in found]


def _queries(text: str, urls: Urls) -> list[FoundDocument]:
    found = app_state().query_documents.find(text, _QUERIES)
    return [FoundDocument(urls.sparql_example(query.key), query.title, query.summary) for query in found]


def _listed(requested: faceted_list.ListRequest, with_records: bool, start: int, size: int) -> FacetedPage:
    listing = app_state().reader.listing
    if requested.text:
        records = with_records or "type" in requested.chosen
        return listing.searched(requested.text, requested.chosen, FACETS, start, size, records=records)
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
