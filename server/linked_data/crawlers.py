"""Files for crawlers and language models: ``robots.txt``, ``sitemap.xml``, ``llms.txt``."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from server.core import conditional, site_pages
from server.core.state import app_state
from server.http.problems import Problem

blueprint = Blueprint("crawlers", __name__)

# The sitemap protocol allows ten times as many, but smaller files fit into the response cache.
PER_FILE = 5_000
_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Sends the rules for crawlers (RFC 9309): all pages are open, except expensive views of the same data."""
    return conditional.not_modified() or conditional.cacheable(
        Response(render_template("robots.txt"), content_type=_TEXT)
    )


@blueprint.get("/llms.txt")
def llms() -> Response:
    """Sends an overview of the contents and interfaces, in Markdown, for language models."""
    if fresh := conditional.not_modified():
        return fresh
    counts = app_state().reader.release.manifest.counts
    text = render_template("llms.txt", counts=counts, words=_examples())
    return conditional.cacheable(Response(text, content_type=_TEXT))


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Sends the list of all pages or, if they are too many for one file, the index of its parts."""
    if fresh := conditional.not_modified():
        return fresh
    parts = _parts(pages := _pages())
    return _url_set(pages) if parts == 1 else _xml("sitemap_index.xml", parts=parts)


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """Sends a part of the list of pages, counted from 1.

    Raises:
        Problem: 404 if there is no such part.
    """
    if fresh := conditional.not_modified():
        return fresh
    parts = _parts(pages := _pages())
    if not 1 <= part <= parts:
        raise Problem(404, "No such part", f"The sitemap has {parts} {'part' if parts == 1 else 'parts'}.")
    return _url_set(pages[(part - 1) * PER_FILE : part * PER_FILE])


def _parts(pages: list[str]) -> int:
    return -(-len(pages) // PER_FILE)


def _url_set(pages: list[str]) -> Response:
    return _xml("sitemap.xml", pages=pages)


def _xml(template: str, **parts: object) -> Response:
    return conditional.cacheable(Response(render_template(template, **parts), content_type=_XML))


def _pages() -> list[str]:
    """The paths of all pages with content of their own, general pages first."""
    current = app_state()
    urls = current.urls.of_this_request()
    general = [urls.home(), *(site_pages.url_of(page.name, urls) for page in site_pages.PAGES)]
    general += [urls.guide(part) for part in site_pages.GUIDE_PARTS]
    graphs = [urls.of(count.iri) for count in current.reader.release.manifest.counts.graphs]
    return [*general, *graphs, *map(urls.of, current.page_iris)]


def _examples() -> list[tuple[str, str]]:
    """Local names and labels of some entities to start with, as far as the release has them."""
    reader = app_state().reader
    names = ("vitamin-k2", "menaquinone-7", "menaquinone-4", "phylloquinone", "osteocalcin", "matrix-gla-protein",
              "osteoporosis", "warfarin", "natto")  # fmt: skip
    iris = [iri for name in names if reader.exists(iri := reader.vocabulary.entity_iri(name))]
    references = reader.references([], extra=iris)
    return [(iri.removeprefix(reader.vocabulary.entities), references[iri].label) for iri in iris]
