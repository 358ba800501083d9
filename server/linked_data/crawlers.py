"""What crawlers and language models ask first: ``robots.txt``, ``sitemap.xml``, ``llms.txt``."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

blueprint = Blueprint("crawlers", __name__)

# The protocol allows ten times more, but smaller files are kept and replayed.
PER_FILE = 5_000
_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


@blueprint.get("/robots.txt")
def robots() -> Response:
    """All pages are open; what costs much and says nothing new is not for crawlers."""
    return conditional.not_modified() or conditional.cacheable(
        Response(render_template("robots.txt"), content_type=_TEXT)
    )


@blueprint.get("/llms.txt")
def llms() -> Response:
    """What is here and how to ask it, in Markdown, for language models."""
    if fresh := conditional.not_modified():
        return fresh
    counts = app_state().reader.release.manifest["counts"]
    text = render_template("llms.txt", counts=counts, words=_examples())
    return conditional.cacheable(Response(text, content_type=_TEXT))


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """All pages, or where they are too many for a file, the files that list them."""
    if fresh := conditional.not_modified():
        return fresh
    parts = _parts(pages := _pages())
    return _listed(pages) if parts == 1 else _xml("sitemap_index.xml", parts=parts)


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """A part of the list of pages."""
    if fresh := conditional.not_modified():
        return fresh
    parts = _parts(pages := _pages())
    if not 1 <= part <= parts:
        raise Problem(404, "No such part", f"The sitemap has {parts} {'part' if parts == 1 else 'parts'}.")
    return _listed(pages[(part - 1) * PER_FILE : part * PER_FILE])


def _parts(pages: list[str]) -> int:
    return -(-len(pages) // PER_FILE)


def _listed(pages: list[str]) -> Response:
    return _xml("sitemap.xml", pages=pages)


def _xml(template: str, **parts: object) -> Response:
    return conditional.cacheable(Response(render_template(template, **parts), content_type=_XML))


def _pages() -> list[str]:
    """The paths of all pages that say something of their own, those for everybody first."""
    reader, urls = app_state().reader, app_state().urls.of_this_request()
    general = [urls.home(), urls.about(), urls.methods(), urls.browse(), urls.foods(), urls.claims(), urls.sections(),
               urls.contradictions(), urls.flaws(), urls.article_and_tables(), urls.dataset(), urls.ontology(),
               urls.api_docs(), urls.sparql(), urls.diet()]  # fmt: skip
    graphs = [urls.of(count["iri"]) for count in reader.release.manifest["counts"]["graphs"]]
    terms = sorted({row["term"].value for row in reader.run("pages/ontology-terms", {})})
    entities = sorted(row["entity"].value for row in reader.run("pages/sitemap", {}))
    return [*general, *graphs, *(urls.of(iri) for iri in (*terms, *entities))]


def _examples() -> list[tuple[str, str]]:
    """Some things with their names, as starting points; those that the release has."""
    reader = app_state().reader
    wanted = ("vitamin-k2", "menaquinone-7", "menaquinone-4", "phylloquinone", "osteocalcin", "matrix-gla-protein",
              "osteoporosis", "warfarin", "natto")  # fmt: skip
    there = [iri for name in wanted if reader.exists(iri := reader.vocabulary.entity_iri(name))]
    called = reader.references([], extra=there)
    return [(iri.removeprefix(reader.vocabulary.entities), called[iri].label) for iri in there]
