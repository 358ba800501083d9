"""FAIR signposting: links between the documents of a resource, as Link headers (RFC 8288) and linksets (RFC 9264)."""

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
    """A link of a document.

    Attributes:
        rel: the relation type (RFC 8288, 2.1).
        href: URL of the target.
        type: media type of the target, or "".
        profile: IRI of what the target conforms to (RFC 6906), or "".
    """

    rel: str
    href: str
    type: str = ""
    profile: str = ""

    def header(self) -> str:
        """Returns the link as a value of the Link header (RFC 8288, 3)."""
        media_type = f"; type={quote_header_value(self.type)}" if self.type else ""
        profile = f'; profile="{self.profile}"' if self.profile else ""
        return f'<{self.href}>; rel="{self.rel}"{media_type}{profile}'


def page_links(resource: Resource, urls: Urls) -> list[Link]:
    """Returns the links of the page of a resource."""
    data = [*_alternates(resource, "describedby"), *_alternates(resource, "alternate")]
    return [*_common(resource, resource.page, urls), *data, Link("type", resource.schema_type)]


def data_links(resource: Resource, form: str, urls: Urls) -> list[Link]:
    """Returns the links of the data of a resource in one format; ``form`` is its URL path."""
    others = [Link("alternate", resource.page, HTML.media_type), *_alternates(resource, "alternate")]
    return [*_common(resource, form, urls), Link("describes", resource.iri), Link("type", "https://schema.org/Dataset"),
            *(link for link in others if link.href != form)]  # fmt: skip


def iri_links(resource: Resource) -> list[Link]:
    """Returns the links of the response that redirects from an IRI to a document."""
    page = Link("alternate", resource.page, HTML.media_type)
    return [page, *_alternates(resource, "alternate"), *_alternates(resource, "describedby"), _linkset(resource)]


def linkset(resource: Resource, urls: Urls) -> bytes:
    """Writes all links of all documents of a resource, with absolute URLs, as a JSON linkset (RFC 9264, 4.2)."""
    documents = {resource.page: page_links(resource, urls)}
    documents |= {form: data_links(resource, form, urls) for form in map(resource.form, resource.documents)}
    contexts = []
    for path, links in documents.items():
        relations: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        for link in links:
            target = {"href": urls.full(link.href), "type": link.type, "profile": link.profile}
            relations[link.rel].append({name: value for name, value in target.items() if value})
        contexts.append({"anchor": urls.full(path), **relations})
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1).encode()


def with_links(response: Response, links: list[Link], location: str = "", *, varies: bool = False) -> Response:
    """Adds links to a response.

    Args:
        response: the response; it is changed and returned.
        links: for the Link header.
        location: URL path of the document that is sent, if it differs from that of the request: Content-Location
            (RFC 9110, 8.7).
        varies: whether Accept decided the format: Vary (RFC 9110, 12.5.5).
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
    return [Link(rel, resource.form(fmt), fmt.media_type, fmt.profile) for fmt in resource.documents]
