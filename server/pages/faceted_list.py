"""What pages with lists share: reading facets, sort and page from the address, and making links that change them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import request

from kg.index.facets import FacetedPage, FacetValue
from kg.index.search import MAX_CHARACTERS
from server.core.state import app_state
from server.http.problems import Problem

SIZE = 50
FIRST_CHOICES = 8
MAX_CHOICES = 48
TITLES = {
    "type": "Class",
    "evidence": "Evidence type",
    "form": "Form of vitamin K",
    "group": "Food group",
    "table": "Food table",
    "about": "About",
    "effect": "What it says",
    "outcome": "Outcome",
    "direction": "What studies found",
    "population": "Population",
    "verdict": "Verdict",
    "section": "Section of the source",
    "hedge": "How firmly",
    "flaw": "Doubtful because",
}
Address = Callable[..., str]


@dataclass(frozen=True)
class ListRequest:
    """What the address of a list asks for: text, IRIs of chosen values by facet, sort, and the page, from 1."""

    text: str
    chosen: Mapping[str, str]
    sort: str
    page: int

    @property
    def start(self) -> int:
        return (self.page - 1) * SIZE

    def parameters(self) -> dict[str, str]:
        """The parameters of the address of the first page of this list."""
        named = {facet: local_name(iri) for facet, iri in self.chosen.items()}
        said = {"text": self.text} if self.text else {}
        return {**said, **named, "sort": self.sort}


@dataclass(frozen=True)
class FacetLink:
    """A value to filter by, with the address that chooses it, or leaves it where it is chosen."""

    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    title: str
    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]


@dataclass(frozen=True)
class Pagination:
    """Where one is in a list, with the addresses of the pages around; "" where there is none."""

    page: int
    pages: int
    before: str
    after: str


def list_request(facets: Iterable[str], sorts: Iterable[str] = ("",)) -> ListRequest:
    """Reads the address of the request.

    Args:
        facets: that this list can be narrowed by.
        sorts: what it can be sorted by; the first one holds where the address has none.

    Raises:
        Problem: 400 for a value that no facet has, an unknown sort, a page that is no number, an overlong text.
    """
    chosen = {facet: _value(facet, name) for facet in facets if (name := request.args.get(facet, "").strip())}
    sorts = tuple(sorts)
    sort = request.args.get("sort", "") or sorts[0]
    if sort not in sorts:
        raise Problem(400, "Unknown order", f"This list can be sorted by {', '.join(sorts)}.")
    return ListRequest(_text(), chosen, sort, _page())


def checked(listed: FacetedPage, page: int) -> FacetedPage:
    """The list, if it has the page.

    Raises:
        Problem: 404 for a page after the last one.
    """
    pages = max(1, -(-listed.total // SIZE))
    if page > pages:
        detail = f"This list has {listed.total:,} entries on {pages} {'page' if pages == 1 else 'pages'}."
        raise Problem(404, "There is no such page", detail)
    return listed


def facet_links(listed: FacetedPage, want: ListRequest, address: Address) -> list[Facet]:
    """The facets of a list with links; those that leave nothing to choose are left out."""
    found = []
    for facet, choices in listed.facets.items():
        links = [_choice_link(facet, choice, want, address) for choice in choices[:MAX_CHOICES]]
        if len(links) > 1 or any(link.chosen for link in links):
            links.sort(key=lambda link: not link.chosen)
            found.append(Facet(TITLES[facet], tuple(links[:FIRST_CHOICES]), tuple(links[FIRST_CHOICES:])))
    return found


def pagination(listed: FacetedPage, want: ListRequest, address: Address) -> Pagination:
    """The pages of a list."""
    pages = max(1, -(-listed.total // SIZE))

    def at(page: int) -> str:
        return address(**want.parameters(), page=str(page) if page > 1 else "") if 1 <= page <= pages else ""

    return Pagination(want.page, pages, at(want.page - 1), at(want.page + 1))


def sort_links(sorts: Mapping[str, str], want: ListRequest, address: Address) -> list[tuple[str, str, bool]]:
    """Title, address and whether it holds, for each order."""
    return [(title, address(**{**want.parameters(), "sort": sort}), sort == want.sort) for sort, title in sorts.items()]


def local_name(iri: str) -> str:
    """What stands behind the last slash or number sign."""
    return iri.rpartition("#")[2].rpartition("/")[2]


def _choice_link(facet: str, choice: FacetValue, want: ListRequest, address: Address) -> FacetLink:
    parameters = {**want.parameters(), facet: "" if choice.chosen else local_name(choice.iri)}
    return FacetLink(choice.label, choice.count, choice.chosen, address(**parameters))


def _value(facet: str, name: str) -> str:
    vocabulary, listing = app_state().reader.vocabulary, app_state().reader.listing
    for iri in (vocabulary.term(name), vocabulary.entity_iri(name)):
        if listing.name_of(facet, iri) is not None:
            return iri
    detail = f"{name[:60]!r} is not among the values of “{TITLES[facet]}”. Choose one from the list beside the results."
    raise Problem(400, "Unknown value to filter by", detail)


def _text() -> str:
    text = "".join(
        " " if unicodedata.category(character) == "Cc" else character for character in request.args.get("q", "")
    ).strip()
    if len(text) > MAX_CHARACTERS:
        detail = f"A search has at most {MAX_CHARACTERS} characters; this one has {len(text):,}."
        raise Problem(400, "The search is too long", detail)
    return text


def _page() -> int:
    text = request.args.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise Problem(400, "Bad page", f"A page is a whole number from 1 on; {text[:20]!r} is not.")
    return int(text)
