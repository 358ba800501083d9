"""Dereferencing: things and ontology terms as pages or as RDF, by suffix, ``?format=`` or Accept."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from kg.formats import BY_NAME, GRAPH_FORMATS, HTML, Format
from server import caching
from server.negotiation import negotiate, not_acceptable
from server.problems import Problem
from server.site import site

blueprint = Blueprint("linked_data", __name__)


@blueprint.get("/id/<name>")
def identifier(name: str) -> Response:
    """A thing is not a document: 303 to the one that the client likes best."""
    current = site()
    chosen = negotiate((HTML, *GRAPH_FORMATS))
    if not current.reader.exists(current.reader.vocabulary.thing(name)):
        raise unknown(name)
    target = current.urls.page(name) if chosen.name == HTML.name else current.urls.data(name, chosen)
    response = redirect(target, 303)
    assert isinstance(response, Response)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/data/<name>.<suffix>")
def data(name: str, suffix: str) -> Response:
    """The thing, its claims and the labels of what they name."""
    chosen = BY_NAME.get(suffix)
    if chosen not in GRAPH_FORMATS:
        raise not_acceptable(GRAPH_FORMATS) if chosen else _no_such_format(suffix)
    if fresh := caching.not_modified():
        return fresh
    reader = site().reader
    iri = reader.vocabulary.thing(name)
    if not reader.exists(iri):
        raise unknown(name)
    assert chosen is not None
    return caching.validated(_rdf(reader.data(iri, chosen), chosen))


@blueprint.get("/ontology")
def ontology() -> Response:
    """The whole ontology as RDF."""
    return _ontology()


# Text of a limited length, since a number of thousands of digits would not convert.
_NUMBER = "<string(maxlength=4):{}>"


@blueprint.get("/ontology/" + ".".join(_NUMBER.format(part) for part in ("major", "minor", "patch")))
def ontology_version(major: str, minor: str, patch: str) -> Response:
    """The ontology at its version IRI. A release holds one version, so any other is not found."""
    asked, held = f"{major}.{minor}.{patch}", site().reader.ontology_version()
    if asked != held:
        raise Problem(404, "No such version", f"The ontology here is of version {held}, not {asked}.")
    return _ontology()


def _ontology() -> Response:
    chosen = negotiate(GRAPH_FORMATS)
    if fresh := caching.not_modified(chosen.name):
        response = fresh
    else:
        response = caching.validated(_rdf(site().reader.ontology(chosen), chosen), chosen.name)
    response.headers["Vary"] = "Accept"
    return response


def unknown(name: str) -> Problem:
    """404 that offers the three nearest names."""
    current = site()
    nearest = current.reader.search.nearest(name)
    words = ", ".join(hit.label for hit in nearest) or "nothing like it"
    return Problem(
        404,
        "No such thing",
        f"There is nothing here by the name {name[:80]!r}. Nearest: {words}.",
        nearest=[{"iri": hit.iri, "label": hit.label, "url": current.urls.of(hit.iri)} for hit in nearest],
    )


def _no_such_format(suffix: str) -> Problem:
    names = ", ".join(format.name for format in GRAPH_FORMATS)
    return Problem(404, "Unknown format", f"There is no format {suffix[:40]!r} here. There is: {names}.")


def _rdf(body: bytes, format: Format) -> Response:
    return Response(body, content_type=format.content_type)
