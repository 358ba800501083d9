"""Lists with facets: reads filters, sort order and page from the URL, and builds the links that change them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import Response, request

from kg.index.facets import FacetedPage, FacetValue
from kg.index.search import MAX_CHARACTERS
from kg.rdf.formats import Format
from server.core.state import app_state
from server.http import paging
from server.http.problems import Problem
from server.linked_data import listings

SIZE = 50
FIRST_CHOICES = 8
MAX_CHOICES = 48
TITLES = {
    "type": "Class",
    "evidence": "Study design",
    "form": "Form of vitamin K",
    "group": "Food group",
    "table": "Food table",
    "about": "About",
    "effect": "Relation",
    "outcome": "Outcome",
    "direction": "What is known",
    "certainty": "Certainty",
    "population": "Population",
    "standing": "Standing",
    "source": "Source",
    "section": "Section of a source",
    "hedge": "Wording",
    "flaw": "Problem",
}
Address = Callable[..., str]


@dataclass(frozen=True)
class ListRequest:
    """A request for a page of a list.

    Attributes:
        text: search terms, or "".
        chosen: IRI of the chosen value of each facet that filters.
        sort: name of the sort order.
        page: number of the page, from 1.
    """

    text: str
    chosen: Mapping[str, str]
    sort: str
    page: int

    @property
    def start(self) -> int:
        """Offset of the first entry on the page."""
        return (self.page - 1) * SIZE

    def parameters(self) -> dict[str, str]:
        """Returns the URL parameters of the first page of this list."""
        filters = {facet: local_name(iri) for facet, iri in self.chosen.items()}
        text = {"text": self.text} if self.text else {}
        return {**text, **filters, "sort": self.sort}


@dataclass(frozen=True)
class FacetLink:
    """A value to filter by.

    Attributes:
        label: label of the value.
        count: number of entries with it.
        chosen: whether the list is filtered by it.
        url: URL that adds the filter, or removes it if it is chosen.
    """

    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """A facet with links to its values.

    Attributes:
        title: its title.
        first: the values that are shown at once.
        more: the values behind "more".
    """

    title: str
    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]


@dataclass(frozen=True)
class Pagination:
    """The position in a list.

    Attributes:
        page: number of this page, from 1.
        pages: number of all pages.
        before: URL of the previous page, or "".
        after: URL of the next page, or "".
    """

    page: int
    pages: int
    before: str
    after: str


def list_request(facets: Iterable[str], sorts: Iterable[str] = ("",)) -> ListRequest:
    """Reads the URL of the current request.

    Args:
        facets: names of the facets of this list.
        sorts: names of its sort orders, the default first.

    Raises:
        Problem: 400 for an unknown filter value or sort order, an invalid page number, an overlong text.
    """
    chosen = {facet: _value(facet, name) for facet in facets if (name := request.args.get(facet, "").strip())}
    sorts = tuple(sorts)
    sort = request.args.get("sort", "") or sorts[0]
    if sort not in sorts:
        raise Problem(400, "Unknown sort order", f"Sort orders of this list: {', '.join(sorts)}.")
    return ListRequest(_text(), chosen, sort, paging.page_number())


def checked(listed: FacetedPage, page: int) -> FacetedPage:
    """Returns the list if it has the page with this number.

    Raises:
        Problem: 404 for a page after the last one.
    """
    paging.checked(page, listed.total, SIZE)
    return listed


def facet_links(listed: FacetedPage, requested: ListRequest, address: Address) -> list[Facet]:
    """Returns the facets of a list with links; facets with only one value are omitted.

    Args:
        listed: the page of the list.
        requested: the request for it.
        address: returns the URL of the list for parameters.
    """
    facets = []
    for facet, choices in listed.facets.items():
        links = [_choice_link(facet, choice, requested, address) for choice in choices[:MAX_CHOICES]]
        if len(links) > 1 or any(link.chosen for link in links):
            links.sort(key=lambda link: not link.chosen)
            facets.append(Facet(TITLES[facet], tuple(links[:FIRST_CHOICES]), tuple(links[FIRST_CHOICES:])))
    return facets


def pagination(listed: FacetedPage, requested: ListRequest, address: Address) -> Pagination:
    """Returns the position in a list, with links to the previous and the next page; arguments as ``facet_links``."""
    pages = max(1, -(-listed.total // SIZE))

    def at(page: int) -> str:
        return address(**requested.parameters(), page=str(page) if page > 1 else "") if 1 <= page <= pages else ""

    return Pagination(requested.page, pages, at(requested.page - 1), at(requested.page + 1))


def in_rdf(listed: FacetedPage, requested: ListRequest, address: Address, fmt: Format, title: str) -> Response:
    """Sends the page of a list in RDF; arguments as ``pagination``, and the title of the list."""
    pager = pagination(listed, requested, address)
    found = listings.of_entities(app_state().reader, [hit.iri for hit in listed.hits], listed.total, title)
    last = address(**requested.parameters(), page=str(pager.pages) if pager.pages > 1 else "")
    return listings.respond(found, {"prev": pager.before, "next": pager.after, "last": last}, fmt)


def sort_links(sorts: Mapping[str, str], requested: ListRequest, address: Address) -> list[tuple[str, str, bool]]:
    """Returns title, URL and whether it is current, for each sort order.

    Args:
        sorts: title of each sort order.
        requested: the request for the list.
        address: returns the URL of the list for parameters.
    """
    parameters = requested.parameters()
    return [(title, address(**{**parameters, "sort": sort}), sort == requested.sort) for sort, title in sorts.items()]


def local_name(iri: str) -> str:
    """Returns the part of an IRI after the last slash or number sign."""
    return iri.rpartition("#")[2].rpartition("/")[2]


def _choice_link(facet: str, choice: FacetValue, requested: ListRequest, address: Address) -> FacetLink:
    parameters = {**requested.parameters(), facet: "" if choice.chosen else local_name(choice.iri)}
    return FacetLink(choice.label, choice.count, choice.chosen, address(**parameters))


def _value(facet: str, name: str) -> str:
    vocabulary, listing = app_state().reader.vocabulary, app_state().reader.listing
    for iri in (vocabulary.term(name), vocabulary.entity_iri(name)):
        if listing.name_of(facet, iri) is not None:
            return iri
    detail = f"{name[:60]!r} is not a value of “{TITLES[facet]}”. Choose one from the list next to the results."
    raise Problem(400, "Unknown filter value", detail)


def _text() -> str:
    text = "".join(
        " " if unicodedata.category(character) == "Cc" else character for character in request.args.get("q", "")
    ).strip()
    if len(text) > MAX_CHARACTERS:
        detail = f"The search text has {len(text):,} characters; the limit is {MAX_CHARACTERS}."
        raise Problem(400, "Search text too long", detail)
    return text
