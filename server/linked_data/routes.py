"""Dereferencing: entities and ontology terms as pages or as data, by suffix, ``?format=`` or Accept."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, render_template, request

from kg.entities import view
from kg.exports import documents, nanopub
from kg.rdf.formats import BY_NAME, EXPORT_FORMATS, HTML, LINKSET, MARKDOWN, NANOPUB, Format
from server.core import conditional
from server.core.state import AppState, app_state
from server.http.negotiation import negotiate, not_acceptable
from server.http.problems import Problem
from server.linked_data import profiles, resources, schema_org, signposting
from server.linked_data.resources import Resource, no_such_format, unknown

blueprint = Blueprint("linked_data", __name__)


@blueprint.get("/id/<local_name:name>")
def identifier(name: str) -> Response:
    """Redirects (303) to the document that the client prefers, or whose suffix the name has.

    An entity is not a document. Where its own name ends like a suffix, it is still the entity.
    """
    current = app_state()
    resource = resources.entity_resource(name, current)
    stem, _, suffix = name.rpartition(".")
    if not stem or resource.iri in current.reader.replacements or current.reader.exists(resource.iri):
        by_profile = profiles.requested(resource, current.reader.vocabulary)
        return _see(resource, by_profile or negotiate((HTML, *resource.formats, LINKSET)))
    resource = resources.entity_resource(stem, current)
    return _see(resource, of_suffix(suffix, (HTML, *resource.documents)), suffix)


@blueprint.get("/data/<local_name:name>")
def data(name: str) -> Response:
    """Sends the entity, its claims and the labels of what they name.

    The format is that of the suffix; of a name without one, the one that the client prefers.
    """
    current = app_state()
    stem, _, suffix = name.rpartition(".")
    if not stem:
        return negotiated(resources.entity_resource(name, current))
    try:
        return with_suffix(resources.entity_resource(stem, current), suffix)
    except Problem:
        resource = resources.entity_resource(name, current)
        if not current.reader.exists(resource.iri):
            raise
        return negotiated(resource)


@blueprint.get("/ontology/<name>.<suffix>")
def term_as(name: str, suffix: str) -> Response:
    """An ontology term in the form with this suffix."""
    return with_suffix(resources.term_resource(name, app_state()), suffix)


@blueprint.get("/np/<local_name:name>/<code>")
def nanopublication(name: str, code: str) -> Response:
    """Redirects (303) from the IRI of a nanopublication to its document.

    Raises:
        Problem: 404 if this release has none with this hash; an earlier one may.
    """
    current = app_state()
    iri = current.reader.vocabulary.entity_iri(name)
    exported = current.export_source.of(iri)
    if exported is None or not nanopub.iri_of(current.export_source, exported).endswith(f"/{code}"):
        raise unknown(f"np/{name}", current)
    resource = resources.entity_resource(name, current)
    response = redirect(resource.form(NANOPUB), 303)
    assert isinstance(response, Response)
    return response


def negotiated(resource: Resource) -> Response:
    """The data of something, in the profile and the form that the client likes best."""
    by_profile = profiles.requested(resource, app_state().reader.vocabulary)
    chosen = by_profile or negotiate((*resource.formats, LINKSET))
    return document(resource, chosen, resource.form(chosen), varies=True)


def with_suffix(resource: Resource, suffix: str) -> Response:
    """The data of something in the form with this suffix; the linkset is one of them.

    Raises:
        Problem: 404 for what is not there, and for a format that is unknown.
    """
    return document(resource, of_suffix(suffix, (*resource.documents, LINKSET)))


def term_unless_page(name: str) -> Response | None:
    """The data of an ontology term, or ``None`` where the client likes its page best."""
    resource = resources.term_resource(name, app_state())
    by_profile = profiles.requested(resource, app_state().reader.vocabulary)
    chosen = by_profile or negotiate((HTML, *resource.formats, LINKSET))
    return None if chosen.name == HTML.name else document(resource, chosen, resource.form(chosen), varies=True)


def moved(resource: Resource, current: AppState) -> Response | None:
    """A permanent redirect to what replaces a deprecated entity or term, else ``None``; no query."""
    replacement = current.reader.replacements.get(resource.iri)
    if replacement is None:
        return None
    response = redirect(current.urls.of(replacement), 301)
    assert isinstance(response, Response)
    return response


def _see(resource: Resource, chosen: Format, suffix: str = "") -> Response:
    current = app_state()
    replacement = current.reader.replacements.get(resource.iri)
    if replacement is not None:
        requested = suffix or request.args.get("format", "")
        response = redirect(current.urls.identifier(replacement) + (f".{requested}" if requested else ""), 301)
    elif not current.reader.exists(resource.iri):
        raise unknown(resource.name, current)
    else:
        response = redirect(resource.page if chosen.name == HTML.name else resource.form(chosen), 303)
    assert isinstance(response, Response)
    return signposting.with_links(response, signposting.iri_links(resource), varies=True)


def document(resource: Resource, chosen: Format, location: str = "", *, varies: bool = False) -> Response:
    """The data of something in one form; ``location`` is its path where another one was asked for.

    The data of an entity that was replaced are at what replaces it, in the same form. A deprecated term still has its
    own, since ontologies that use it need its definition.
    """
    current = app_state()
    if replacement := _replacing_entity(resource, current):
        moved_to = redirect(replacement.form(chosen), 301)
        assert isinstance(moved_to, Response)
        return signposting.with_links(moved_to, signposting.iri_links(replacement), varies=varies)
    if fresh := conditional.not_modified(chosen.name):
        response = fresh
    elif not current.reader.exists(resource.iri):
        raise unknown(resource.name, current)
    else:
        response = conditional.cacheable(
            Response(_body(resource, chosen, current), content_type=chosen.content_type), chosen.name
        )
    links = signposting.data_links(resource, resource.form(chosen), current.urls)
    if chosen.name not in (LINKSET.name, MARKDOWN.name):
        model = chosen.profile or resources.ontology_iri(current.reader.vocabulary)
        links.append(signposting.Link("profile", model))
    return signposting.with_links(response, links, location, varies=varies)


def _replacing_entity(resource: Resource, current: AppState) -> Resource | None:
    reader = current.reader
    entities = reader.vocabulary.entities
    replacement = reader.replacements.get(resource.iri, "") if resource.iri.startswith(entities) else ""
    if not replacement.startswith(entities):
        return None
    return resources.entity_resource(replacement.removeprefix(entities), current)


def _body(resource: Resource, chosen: Format, current: AppState) -> bytes:
    if chosen.name == LINKSET.name:
        return signposting.linkset(resource, current.urls)
    if chosen.name == resources.SCHEMA_ORG.name:
        return _in_schema_org(resource, current)
    if chosen.name == MARKDOWN.name:
        return _markdown(resource, current)
    if chosen in EXPORT_FORMATS:
        return _export(resource, chosen, current)
    return current.reader.data(resource.iri, chosen, resource.query)


def _markdown(resource: Resource, current: AppState) -> bytes:
    found = view.load(current.reader, current.claim_index, resource.iri, resource.name)
    if found is None:
        raise unknown(resource.name, current)
    return render_template("entity.md", view=found, resource=resource).encode()


def _in_schema_org(resource: Resource, current: AppState) -> bytes:
    found = view.load(current.reader, current.claim_index, resource.iri, resource.name)
    if found is None:
        raise unknown(resource.name, current)
    index = current.claim_index
    own = index.summaries.get(resource.iri)
    described = schema_org.page(
        resource,
        found.entity,
        current.classes.way_to(found.entity),
        current.reader,
        current.urls,
        is_term=resource.iri.startswith(current.reader.vocabulary.terms),
        claims=[own] if own else index.expressing(resource.iri),
    )
    return json.dumps(described, ensure_ascii=False, indent=1).encode()


def _export(resource: Resource, chosen: Format, current: AppState) -> bytes:
    found = documents.document(current.export_source, resource.iri, chosen)
    if found is None:
        raise unknown(resource.name, current)
    return found


def of_suffix(suffix: str, offered: tuple[Format, ...]) -> Format:
    """The offered format with this suffix.

    Raises:
        Problem: 404 for an unknown suffix, 406 for one of a format that this can't be had in.
    """
    chosen = BY_NAME.get(suffix)
    found = next((fmt for fmt in offered if fmt.name == suffix), None)
    if found is None:
        is_known = chosen is not None and not request.args.get("format")
        raise not_acceptable(offered, "") if is_known else no_such_format(suffix, offered)
    return found
