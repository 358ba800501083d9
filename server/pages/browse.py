"""The class tree, and the things of one class with facets, sort and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.index.facets import ClassSummary
from server.core import conditional
from server.core.state import app_state
from server.linked_data.resources import unknown
from server.pages import faceted_list

FACETS = ("type", "evidence", "form", "group", "table", "verdict")
SORTS = {"name": "by name", "type": "by class"}


@dataclass(frozen=True)
class ClassNode:
    """A class in the tree; ``total`` counts what has no name of its own too."""

    entry: ClassSummary
    name: str
    total: int
    below: tuple[ClassNode, ...]


def tree() -> Response:
    """All classes of the ontology that have members, each below the classes above it."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    classes = reader.listing.classes()
    below: defaultdict[str, list[str]] = defaultdict(list)
    for iri, entry in classes.items():
        for above in entry.above or ("",):
            below[above].append(iri)
    page = render_template(
        "browse.html",
        top=sorted(_branches("", classes, below), key=lambda branch: -branch.entry.members),
        query=reader.catalogue["pages/class-tree"],
    )
    return conditional.cacheable(make_response(page))


def members(name: str) -> Response:
    """The things of the class with this local name and of all classes below it."""
    if fresh := conditional.not_modified():
        return fresh
    reader, urls = app_state().reader, app_state().urls
    classes = reader.listing.classes()
    entry = classes.get(reader.vocabulary.term(name))
    if entry is None:
        raise unknown(name)

    def address(**narrowed: str) -> str:
        return urls.browse(name, **narrowed)

    want = faceted_list.list_request(FACETS, SORTS)
    listed = reader.listing.members(entry.iri, want.chosen, FACETS, want.sort, want.start, faceted_list.SIZE)
    listed = faceted_list.checked(listed, want.page)
    query = reader.catalogue["pages/entities-of-a-class"]
    page = render_template(
        "class.html",
        entry=entry,
        above=[classes[iri] for iri in entry.above if iri in classes],
        below=[other for other in classes.values() if entry.iri in other.above and other.members],
        total=_totals().get(entry.iri, 0),
        listed=listed,
        narrowed=[reader.listing.name_of(facet, iri) for facet, iri in want.chosen.items()],
        facets=faceted_list.facet_links(listed, want, address),
        pager=faceted_list.pagination(listed, want, address),
        sorts=faceted_list.sort_links(SORTS, want, address),
        clear=urls.browse(name),
        query=(query.title, query.fill({"type": entry.iri})),
        local_name=faceted_list.local_name,
    )
    return conditional.cacheable(make_response(page))


def _totals() -> dict[str, int]:
    return {entry["iri"]: entry["count"] for entry in app_state().reader.release.manifest["counts"]["entities"]}


def _branches(above: str, classes: Mapping[str, ClassSummary], below: Mapping[str, list[str]]) -> tuple[ClassNode, ...]:
    totals = _totals()
    branches = []
    for iri in below.get(above, ()):
        entry, under = classes[iri], _branches(iri, classes, below)
        total = max(entry.members, totals.get(iri, 0))
        if total or under:
            branches.append(ClassNode(entry, faceted_list.local_name(iri), total, under))
    return tuple(branches)
