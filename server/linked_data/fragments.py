"""Triple Pattern Fragments on ``/fragments``: the triples of one pattern, their number, and the form to ask for others.

A client evaluates queries by itself from such pages, which are cheap to make and to cache. Metadata and controls are in
a graph of their own where the format has graphs (Linked Data Fragments, "Triple Pattern Fragments", 2.2 to 2.4).
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template, request
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, serialize

from kg.fragments.fragments import Pattern
from kg.rdf.formats import HTML, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from kg.rdf.terms import Term
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE
from server.core import conditional, paths
from server.core.state import AppState, app_state
from server.http import paging
from server.http.negotiation import negotiate
from server.linked_data import hydra, listings, resources, signposting, triple_patterns
from server.linked_data.hydra import HYDRA, CollectionPage
from server.linked_data.signposting import Link

blueprint = Blueprint("fragments", __name__)

SIZE = 100
FORMATS = (HTML, TRIG, TURTLE, JSONLD, NQUADS, NTRIPLES, RDFXML)
_WITH_GRAPHS = (TRIG.name, JSONLD.name, NQUADS.name)
_RDF, _VOID = OUTSIDE_PREFIXES["rdf"], OUTSIDE_PREFIXES["void"]
_PRIMARY_TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"


@blueprint.get(paths.FRAGMENTS)
def fragments() -> Response:
    """Sends a page of the triples that match ``?subject=``, ``?predicate=`` and ``?object=``.

    Raises:
        Problem: 400 for invalid parameters, 404 for a page after the last one.
    """
    chosen = negotiate(FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    current = app_state()
    pattern = triple_patterns.requested(current.reader.vocabulary)
    number = paging.page_number()
    total = current.fragments.count(pattern)
    pages = paging.checked(number, total, SIZE)
    triples = current.fragments.page(pattern, (number - 1) * SIZE, SIZE)
    around = {"first": _at(current, 1)}
    around |= {"prev": _at(current, number - 1)} if number > 1 else {}
    around |= {"next": _at(current, number + 1)} if number < pages else {}
    if chosen.name == HTML.name:
        response = make_response(_page(current, pattern, triples, total, around))
    else:
        page = CollectionPage(
            current.urls.full(_at(current, 1)),
            current.urls.full(_at(current, number)),
            total,
            {name: current.urls.full(path) for name, path in around.items()},
        )
        response = Response(_body(current, page, triples, chosen), content_type=chosen.content_type)
    links = [Link(name, path) for name, path in around.items()]
    response = signposting.with_links(response, [*links, *listings.alternates(chosen, FORMATS)])
    return conditional.cacheable(response, chosen.content_type)


def _at(current: AppState, number: int) -> str:
    """The URL path of a page of this fragment."""
    given = {name: text for name, text in request.args.items() if name != "page"}
    return current.urls.api(request.path, {**given, "page": str(number) if number > 1 else ""})


def _body(current: AppState, page: CollectionPage, triples: list[Triple], fmt: Format) -> bytes:
    about_page = _metadata(current, page)
    if fmt.name not in _WITH_GRAPHS:
        return current.reader.written([*triples, *about_page], fmt, page.page, hydra.PREFIXES)
    graph = NamedNode(f"{page.page}#metadata")
    parts = ((triples, DefaultGraph()), (about_page, graph))
    quads = [Quad(one.subject, one.predicate, one.object, place) for part, place in parts for one in part]
    body = serialize(quads, format=fmt.rdf, prefixes={**current.reader.vocabulary.prefixes, **hydra.PREFIXES})
    assert body is not None
    return body


def _metadata(current: AppState, page: CollectionPage) -> list[Triple]:
    """Where the page stands in its fragment and in the dataset, and the form to ask for other fragments."""
    here, dataset = page.page, resources.dataset_iri(current.reader.vocabulary)
    form = BlankNode("form")
    names = ",".join(triple_patterns.PARAMETERS)
    template = f"{current.urls.full(current.urls.api(paths.FRAGMENTS, {}))}{{?{names}}}"
    return [
        hydra.link(f"{here}#metadata", _PRIMARY_TOPIC, here),
        hydra.link(dataset, RDF_TYPE, _VOID + "Dataset"),
        hydra.link(dataset, RDF_TYPE, HYDRA + "Collection"),
        hydra.link(dataset, _VOID + "subset", here),
        hydra.link(dataset, HYDRA + "view", here),
        hydra.link(dataset, HYDRA + "search", form),
        hydra.literal(form, HYDRA + "template", template),
        hydra.link(form, HYDRA + "variableRepresentation", HYDRA + "ExplicitRepresentation"),
        *(triple for name in triple_patterns.PARAMETERS for triple in _mapping(form, name)),
        *hydra.pages(page),
        hydra.number(here, _VOID + "triples", page.total),
        hydra.number(here, HYDRA + "totalItems", page.total),
        hydra.number(here, HYDRA + "itemsPerPage", SIZE),
    ]


def _mapping(form: BlankNode, name: str) -> list[Triple]:
    mapping = BlankNode(name)
    return [
        hydra.link(form, HYDRA + "mapping", mapping),
        hydra.literal(mapping, HYDRA + "variable", name),
        hydra.link(mapping, HYDRA + "property", _RDF + name),
    ]


def _page(current: AppState, pattern: Pattern, triples: list[Triple], total: int, around: Mapping[str, str]) -> str:
    vocabulary = current.reader.vocabulary
    given = {
        name: triple_patterns.written(pattern[place])
        for name, place in triple_patterns.PARAMETERS.items()
        if place in pattern
    }

    def cell(name: str, term: Term | BlankNode | Triple) -> tuple[str, str]:
        """The text of a term, and the fragment with it in its place, or ""."""
        if not isinstance(term, NamedNode | Literal):
            return str(term), ""
        text = triple_patterns.written(term)
        shown = vocabulary.shorten(text) if isinstance(term, NamedNode) else text
        return shown, current.urls.api(paths.FRAGMENTS, {name: text})

    rows = [
        [cell(name, term) for name, term in zip(triple_patterns.PARAMETERS, triple, strict=True)] for triple in triples
    ]
    return render_template(
        "fragments.html",
        action=current.urls.api(paths.FRAGMENTS, {}),
        given=given,
        names=list(triple_patterns.PARAMETERS),
        rows=rows,
        total=total,
        around=around,
    )
