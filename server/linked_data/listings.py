"""Lists in RDF: every route that lists something answers in the formats of graphs too, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Response, request
from pyoxigraph import Triple

from kg.rdf.formats import GRAPH_FORMATS, HTML, Format
from kg.reader.reader import Reader
from server.core import conditional
from server.core.state import app_state
from server.linked_data import hydra, resources, signposting
from server.linked_data.hydra import CollectionPage
from server.linked_data.signposting import Link

FORMATS = (HTML, *GRAPH_FORMATS)
# Parameters that choose a page or a form of a list, and not what it lists.
_OF_PAGES = ("cursor", "format", "limit", "page")


@dataclass(frozen=True)
class Listing:
    """A page of a list.

    Attributes:
        members: IRIs of what is listed.
        triples: what the page says of them.
        total: number of members on all pages.
        title: of the list, or "".
        is_ours: whether the members are from our dataset, and not from what the operator imported.
        prefixes: further ones for its triples.
    """

    members: Sequence[str]
    triples: Sequence[Triple]
    total: int
    title: str = ""
    is_ours: bool = True
    prefixes: Mapping[str, str] = field(default_factory=dict)


def of_entities(reader: Reader, members: Sequence[str], total: int, title: str = "") -> Listing:
    """Lists entities with their class, name and description, claims with their standing and flaws."""
    return Listing(members, about(reader, members), total, title)


def about(reader: Reader, iris: Sequence[str]) -> list[Triple]:
    """Returns what lists say of entities."""
    return reader.triples(reader.catalogue["pages/listed"].fill({"entities": sorted(iris)})) if iris else []


def collection_url() -> str:
    """Returns the absolute URL of the list that the request is about, whatever page and form of it.

    It is that of the first page; the list itself is a part of that document.
    """
    given = {name: text for name, text in request.args.items() if name not in _OF_PAGES}
    path, _, suffix = request.path.rpartition(".")
    is_file = path.startswith("/") and any(fmt.name == suffix for fmt in GRAPH_FORMATS)
    return app_state().urls.full(app_state().urls.api(path if is_file else request.path, given))


def body(listing: Listing, around: Mapping[str, str], fmt: Format) -> bytes:
    """Writes a page of a list.

    Args:
        listing: the page.
        around: URL paths of this page (``self``) and of those around it, by link relation.
        fmt: the graph format.
    """
    reader, urls = app_state().reader, app_state().urls
    full = {name: urls.full(path) for name, path in around.items() if path}
    whole = collection_url()
    here = full.pop("self", whole)
    page = CollectionPage(f"{whole}#list", here, listing.total, {"first": whole, **full}, listing.title)
    dataset = resources.dataset_iri(reader.vocabulary) if listing.is_ours else ""
    triples = hydra.described(page, listing.members, dataset)
    return reader.written([*triples, *listing.triples], fmt, page.collection, {**hydra.PREFIXES, **listing.prefixes})


def respond(listing: Listing, around: Mapping[str, str], fmt: Format) -> Response:
    """Sends a page of a list in RDF; arguments as ``body``."""
    around = {name: _in_this_form(path) for name, path in around.items() if path}
    this = app_state().urls.api(request.path, request.args.to_dict())
    response = Response(body(listing, {"self": this, **around}, fmt), content_type=fmt.content_type)
    pages = [Link(name, path) for name, path in around.items()]
    response = signposting.with_links(response, [*pages, *alternates(fmt)])
    return conditional.cacheable(response, fmt.content_type)


def as_page(response: Response) -> Response:
    """Completes the page of a list, which names its other forms."""
    return conditional.cacheable(signposting.with_links(response, alternates(HTML)), HTML.content_type)


def alternates(but: Format, offered: Sequence[Format] = FORMATS) -> list[Link]:
    """Returns links to this list in its other forms; ``but`` is the one of ``offered`` that is sent."""
    given = request.args.to_dict()
    return [
        Link("alternate", app_state().urls.api(request.path, {**given, "format": fmt.name}), fmt.media_type)
        for fmt in offered
        if fmt.name != but.name
    ]


def _in_this_form(path: str) -> str:
    """Adds the format to a URL path if the request names one; Accept goes with every request of a client anyway."""
    fmt = request.args.get("format", "")
    has_it = not fmt or "format=" in path
    return path if has_it else f"{path}{'&' if '?' in path else '?'}{urlencode({'format': fmt})}"
