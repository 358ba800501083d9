"""FAIR signposting: how documents about a thing point at each other, as Link headers and as a linkset (RFC 9264)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from flask import Response
from werkzeug.http import quote_header_value

from kg.rdf.formats import HTML, LINKSET
from kg.rdf.vocabulary import DATA_LICENCE
from server.core.urls import Urls
from server.linked_data.resources import Resource


@dataclass(frozen=True)
class Link:
    """One link of a document: how it relates to it, where it leads, and the media type there."""

    rel: str
    href: str
    type: str = ""

    def header(self) -> str:
        """The link as one value of a Link header (RFC 8288)."""
        media_type = f"; type={quote_header_value(self.type)}" if self.type else ""
        return f'<{self.href}>; rel="{self.rel}"{media_type}'


def page_links(resource: Resource, urls: Urls) -> list[Link]:
    """The links of the page of a thing."""
    data = [*_alternates(resource, "describedby"), *_alternates(resource, "alternate")]
    return [*_common(resource, resource.page, urls), *data, Link("type", resource.schema_type)]


def data_links(resource: Resource, form: str, urls: Urls) -> list[Link]:
    """The links of one form of the data of a thing; ``form`` is its path."""
    others = [Link("alternate", resource.page, HTML.media_type), *_alternates(resource, "alternate")]
    return [*_common(resource, form, urls), Link("describes", resource.iri), Link("type", "https://schema.org/Dataset"),
            *(link for link in others if link.href != form)]  # fmt: skip


def iri_links(resource: Resource) -> list[Link]:
    """The links of the answer that leads from an IRI to its documents."""
    page = Link("alternate", resource.page, HTML.media_type)
    return [page, *_alternates(resource, "alternate"), *_alternates(resource, "describedby"), _linkset(resource)]


def linkset(resource: Resource, urls: Urls) -> bytes:
    """All links of all documents about a thing, with full addresses."""
    documents = {resource.page: page_links(resource, urls)}
    documents |= {form: data_links(resource, form, urls) for form in map(resource.form, resource.formats)}
    contexts = []
    for path, links in documents.items():
        relations: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        for link in links:
            target = {"href": urls.full(link.href)}
            relations[link.rel].append(target | ({"type": link.type} if link.type else {}))
        contexts.append({"anchor": urls.full(path), **relations})
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1).encode()


def with_links(response: Response, links: list[Link], location: str = "", *, varies: bool = False) -> Response:
    """The response with its links.

    Args:
        location: the path of the very document that was sent, where that is another than the one asked for.
        varies: whether Accept decided what was sent.
    """
    response.headers["Link"] = ", ".join(link.header() for link in links)
    if location:
        response.headers["Content-Location"] = location
    if varies:
        response.headers["Vary"] = "Accept"
    return response


def _common(resource: Resource, path: str, urls: Urls) -> list[Link]:
    collection = [Link("collection", resource.about)] if resource.about else []
    return [
        Link("canonical", urls.full(path)),
        Link("cite-as", resource.iri),
        Link("license", DATA_LICENCE),
        *collection,
        _linkset(resource),
    ]


def _linkset(resource: Resource) -> Link:
    return Link("linkset", resource.form(LINKSET), LINKSET.media_type)


def _alternates(resource: Resource, rel: str) -> list[Link]:
    return [Link(rel, resource.form(fmt), fmt.media_type) for fmt in resource.formats]
