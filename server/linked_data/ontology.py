"""The ontology: its documentation for people, and itself as RDF, at its address and at its version IRI."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from kg.rdf.formats import HTML, LINKSET, Format
from kg.reader import ontology_terms
from server.core.state import site
from server.http import conditional
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import resources, routes, signposting

blueprint = Blueprint("ontology", __name__)
# Text of a limited length, since a number of thousands of digits would not convert.
_NUMBER = "<string(maxlength=4):{}>"


@blueprint.get("/ontology")
def show() -> Response:
    """All terms with their definitions as a page, or the ontology as RDF; RDF where the client has no wish."""
    resource = resources.ontology()
    chosen = negotiate((*resource.formats, HTML))
    if chosen.name != HTML.name:
        return _rdf(chosen, resource.form(chosen), varies=True)
    fresh = conditional.not_modified(HTML.name)
    response = fresh or conditional.kept(make_response(_page()), HTML.name)
    return signposting.signed(response, signposting.of_page(resource), varies=True)


@blueprint.get("/ontology.<suffix>")
def show_as(suffix: str) -> Response:
    """The ontology in the form with this suffix."""
    resource = resources.ontology()
    if suffix == LINKSET.name:
        return routes.with_suffix(resource, suffix)
    return _rdf(routes.of_suffix(suffix, resource.formats))


@blueprint.get("/ontology/" + ".".join(_NUMBER.format(part) for part in ("major", "minor", "patch")))
def version(major: str, minor: str, patch: str) -> Response:
    """The ontology at its version IRI. A release holds one version, so any other is not found."""
    asked, held = f"{major}.{minor}.{patch}", site().reader.ontology_version()
    if asked != held:
        raise Problem(404, "No such version", f"The ontology here is of version {held}, not {asked}.")
    return show()


def _rdf(chosen: Format, location: str = "", *, varies: bool = False) -> Response:
    resource = resources.ontology()
    response = conditional.not_modified(chosen.name)
    if response is None:
        body = site().reader.ontology(chosen)
        response = conditional.kept(Response(body, content_type=chosen.content_type), chosen.name)
    return signposting.signed(response, signposting.of_data(resource, resource.form(chosen)), location, varies=varies)


def _page() -> str:
    reader, resource = site().reader, resources.ontology()
    groups = ontology_terms.by_group(reader)
    said = resources.words_on(resource.iri)
    return render_template("ontology.html", groups=groups, resource=resource, version=reader.ontology_version(), **said)
