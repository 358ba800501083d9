"""The ontology, as documentation and as RDF, at its IRI and at its version IRI."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from kg.rdf.formats import HTML, LINKSET, Format
from kg.reader import ontology_terms
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import resources, routes, signposting

blueprint = Blueprint("ontology", __name__)
# Text of limited length, because Python refuses to convert a number of thousands of digits.
_NUMBER = "<string(maxlength=4):{}>"


@blueprint.get("/ontology")
def ontology() -> Response:
    """Sends all terms with their definitions as a page, or the ontology as RDF, which is the default."""
    resource = resources.ontology_resource(app_state())
    chosen = negotiate((*resource.formats, HTML, LINKSET))
    if chosen.name == LINKSET.name:
        return routes.document(resource, chosen, resource.form(chosen), varies=True)
    if chosen.name != HTML.name:
        return _rdf(chosen, resource.form(chosen), varies=True)
    fresh = conditional.not_modified(HTML.name)
    response = fresh or conditional.cacheable(make_response(_page()), HTML.name)
    return signposting.with_links(response, signposting.page_links(resource, app_state().urls), varies=True)


@blueprint.get("/ontology.<suffix>")
def ontology_as(suffix: str) -> Response:
    """Sends the ontology in the format with this suffix."""
    resource = resources.ontology_resource(app_state())
    if suffix == LINKSET.name:
        return routes.with_suffix(resource, suffix)
    return _rdf(routes.of_suffix(suffix, resource.formats))


@blueprint.get("/ontology/" + ".".join(_NUMBER.format(part) for part in ("major", "minor", "patch")))
def version(major: str, minor: str, patch: str) -> Response:
    """Sends the ontology at its version IRI. A release contains only one version.

    Raises:
        Problem: 404 for any other version.
    """
    requested, current = f"{major}.{minor}.{patch}", app_state().reader.ontology_version
    if requested != current:
        raise Problem(404, "No such version", f"This release contains version {current}, not {requested}.")
    return ontology()


def _rdf(chosen: Format, location: str = "", *, varies: bool = False) -> Response:
    resource = resources.ontology_resource(app_state())
    response = conditional.not_modified(chosen.name)
    if response is None:
        body = app_state().reader.ontology(chosen)
        response = conditional.cacheable(Response(body, content_type=chosen.content_type), chosen.name)
    return signposting.with_links(
        response, signposting.data_links(resource, resource.form(chosen), app_state().urls), location, varies=varies
    )


def _page() -> str:
    reader, resource = app_state().reader, resources.ontology_resource(app_state())
    groups = ontology_terms.by_group(reader)
    texts = resources.template_texts(reader, resource.iri)
    counts = {title: len(terms) for title, terms in groups.items()}
    trees = ontology_terms.trees(groups)
    return render_template(
        "ontology.html", trees=trees, counts=counts, resource=resource, version=reader.ontology_version, **texts
    )
