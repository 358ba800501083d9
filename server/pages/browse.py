"""The class tree, and the entities of one class with facets, sort orders and pagination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.index.facets import ClassSummary
from kg.rdf.formats import HTML
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.linked_data import listings
from server.linked_data.resources import unknown
from server.pages import faceted_list

FACETS = ("type", "direction", "certainty", "evidence", "form", "group", "table", "standing")
# Records of the computation, which stand on the pages of propositions.
HIDDEN = ("Application", "Sensitivity")
SORTS = {"name": "by name", "type": "by class"}


@dataclass(frozen=True)
class ClassNode:
    """A class in the tree.

    Attributes:
        entry: the class.
        name: its local name.
        total: number of its members, including those without a label.
        below: its direct subclasses.
    """

    entry: ClassSummary
    name: str
    total: int
    below: tuple[ClassNode, ...]


def tree() -> Response:
    """Renders the tree of all classes of the ontology that have members."""
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader = app_state().reader
    classes = reader.listing.classes()
    if chosen.name != HTML.name:
        return listings.respond(listings.of_entities(reader, list(classes), len(classes), "Classes"), {}, chosen)
    below: defaultdict[str, list[str]] = defaultdict(list)
    # A class of several others is shown below the first of them, so that no branch appears twice.
    for iri, entry in classes.items():
        below[entry.above[0] if entry.above else ""].append(iri)
    page = render_template(
        "browse.html",
        top=sorted(_nodes("", classes, below), key=lambda node: -node.entry.members),
        query=reader.catalogue["pages/class-tree"],
    )
    return listings.as_page(make_response(page))


def members(name: str) -> Response:
    """Renders the list of the members of a class and its subclasses.

    Args:
        name: local name of the class.

    Raises:
        Problem: 404 for an unknown class or page, 400 for invalid parameters.
    """
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader, urls = app_state().reader, app_state().urls
    classes = reader.listing.classes()
    entry = classes.get(reader.vocabulary.term(name))
    if entry is None:
        raise unknown(name, app_state())

    def address(**narrowed: str) -> str:
        return urls.browse(name, **narrowed)

    requested = faceted_list.list_request(FACETS, SORTS)
    listed = reader.listing.members(
        entry.iri, requested.chosen, FACETS, requested.sort, requested.start, faceted_list.SIZE
    )
    listed = faceted_list.checked(listed, requested.page)
    if chosen.name != HTML.name:
        return faceted_list.in_rdf(listed, requested, address, chosen, entry.label)
    query = reader.catalogue["pages/entities-of-a-class"]
    page = render_template(
        "class.html",
        entry=entry,
        above=[classes[iri] for iri in entry.above if iri in classes],
        below=[other for other in classes.values() if entry.iri in other.above and other.members],
        total=_totals().get(entry.iri, 0),
        listed=listed,
        narrowed=[reader.listing.name_of(facet, iri) for facet, iri in requested.chosen.items()],
        facets=faceted_list.facet_links(listed, requested, address),
        pager=faceted_list.pagination(listed, requested, address),
        sorts=faceted_list.sort_links(SORTS, requested, address),
        clear=urls.browse(name),
        query=(query.title, query.fill({"type": entry.iri})),
        local_name=faceted_list.local_name,
    )
    return listings.as_page(make_response(page))


def _totals() -> dict[str, int]:
    return {entry.iri: entry.count for entry in app_state().reader.release.manifest.counts.entities}


def _nodes(above: str, classes: Mapping[str, ClassSummary], below: Mapping[str, list[str]]) -> tuple[ClassNode, ...]:
    totals = _totals()
    nodes = []
    for iri in below.get(above, ()):
        if faceted_list.local_name(iri) in HIDDEN:
            continue
        entry, subclasses = classes[iri], _nodes(iri, classes, below)
        total = max(entry.members, totals.get(iri, 0))
        if total or subclasses:
            nodes.append(ClassNode(entry, faceted_list.local_name(iri), total, subclasses))
    return tuple(nodes)
