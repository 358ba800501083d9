"""Dereferencing: things and ontology terms as pages or as data, by suffix, ``?format=`` or Accept."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request

from kg.rdf.formats import BY_NAME, HTML, LINKSET, MARKDOWN, Format
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate, not_acceptable
from server.linked_data import resources, signposting
from server.linked_data.resources import Resource, no_such_format, unknown

blueprint = Blueprint("linked_data", __name__)


@blueprint.get("/id/<name>")
def identifier(name: str) -> Response:
    """A thing is not a document: 303 to the one that the client likes best."""
    resource = resources.entity_resource(name)
    return _see(resource, negotiate((HTML, *resource.formats, LINKSET)))


@blueprint.get("/id/<name>.<suffix>")
def identifier_as(name: str, suffix: str) -> Response:
    """As ``identifier``, for the document with this suffix."""
    resource = resources.entity_resource(name)
    return _see(resource, of_suffix(suffix, (HTML, *resource.formats)))


@blueprint.get("/data/<name>")
def data(name: str) -> Response:
    """The thing, its claims and the labels of what they name, in the form that the client likes best."""
    return negotiated(resources.entity_resource(name))


@blueprint.get("/data/<name>.<suffix>")
def data_as(name: str, suffix: str) -> Response:
    """As ``data``, in the form with this suffix."""
    return with_suffix(resources.entity_resource(name), suffix)


@blueprint.get("/ontology/<name>.<suffix>")
def term_as(name: str, suffix: str) -> Response:
    """An ontology term in the form with this suffix."""
    return with_suffix(resources.term_resource(name), suffix)


def negotiated(resource: Resource) -> Response:
    """The data of something, in the form that the client likes best."""
    chosen = negotiate((*resource.formats, LINKSET))
    return document(resource, chosen, resource.form(chosen), varies=True)


def with_suffix(resource: Resource, suffix: str) -> Response:
    """The data of something in the form with this suffix; the linkset is one of them.

    Raises:
        Problem: 404 for what is not there, and for a format that is unknown.
    """
    return document(resource, of_suffix(suffix, (*resource.formats, LINKSET)))


def term_unless_page(name: str) -> Response | None:
    """The data of an ontology term, or ``None`` where the client likes its page best."""
    resource = resources.term_resource(name)
    chosen = negotiate((HTML, *resource.formats))
    return None if chosen.name == HTML.name else document(resource, chosen, resource.form(chosen), varies=True)


def moved(resource: Resource) -> Response | None:
    """A redirect for good to what took the place of a deprecated thing or term, else ``None``."""
    replacement = resource.replacement()
    if not replacement:
        return None
    response = redirect(app_state().urls.of(replacement), 301)
    assert isinstance(response, Response)
    return response


def _see(resource: Resource, chosen: Format) -> Response:
    if not resource.exists():
        raise unknown(resource.name)
    replacement = resource.replacement()
    if replacement:
        response = redirect(app_state().urls.identifier(replacement), 301)
    else:
        response = redirect(resource.page if chosen.name == HTML.name else resource.form(chosen), 303)
    assert isinstance(response, Response)
    return signposting.with_links(response, signposting.iri_links(resource), varies=True)


def document(resource: Resource, chosen: Format, location: str = "", *, varies: bool = False) -> Response:
    """The data of something in one form; ``location`` is its path where another one was asked for."""
    if fresh := conditional.not_modified(chosen.name):
        response = fresh
    elif not resource.exists():
        raise unknown(resource.name)
    else:
        response = conditional.cacheable(
            Response(_body(resource, chosen), content_type=chosen.content_type), chosen.name
        )
    links = signposting.data_links(resource, resource.form(chosen))
    return signposting.with_links(response, links, location, varies=varies)


def _body(resource: Resource, chosen: Format) -> bytes:
    if chosen.name == LINKSET.name:
        return signposting.linkset(resource)
    if chosen.name == MARKDOWN.name:
        return _markdown(resource)
    return app_state().reader.data(resource.iri, chosen, resource.query)


def _markdown(resource: Resource) -> bytes:
    current = app_state()
    entity = current.reader.entity(resource.iri, resource.name)
    assert entity is not None
    claim_summaries = current.claim_index.claims_about(resource.iri)
    text = render_template(
        "entity.md",
        entity=entity,
        summaries=claim_summaries,
        own=current.claim_index.summaries.get(resource.iri),
        resource=resource,
    )
    return text.encode()


def of_suffix(suffix: str, offered: tuple[Format, ...]) -> Format:
    """The offered format with this suffix.

    Raises:
        Problem: 404 for an unknown suffix, 406 for one of a format that this can't be had in.
    """
    chosen = BY_NAME.get(suffix)
    found = next((fmt for fmt in offered if fmt.name == suffix), None)
    if found is None:
        raise not_acceptable(offered) if chosen and not request.args.get("format") else no_such_format(suffix, offered)
    return found
