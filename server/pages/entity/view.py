"""The page of one thing, one claim or one ontology term."""

from __future__ import annotations

from flask import Response, make_response, render_template

from kg.claims.backlinks import Backlinks
from kg.index.search import normalise
from kg.reader import identifiers
from kg.reader.entity import Entity, Reference
from server import svg
from server.core import conditional
from server.core.state import app_state
from server.linked_data import resources, routes, schema_org, signposting
from server.linked_data.resources import Resource, unknown
from server.pages.entity import page_types
from server.pages.entity.context import PageContext, TemplateContext, claims_of, incoming_of
from server.pages.entity.time_budget import TimeBudget

# Told by the title, the way to the class, the identifiers and the pictures.
_COVERED_BY_EVERY_PAGE = tuple(
    "http://www.w3.org/2004/02/skos/core#" + name
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
# Of a food of a whole table more than a hundred, which its page shows as amounts.
_MEASURED = ("hasMeasurement", "hasHouseholdMeasure")
# The catalogue's questions that every page asks; readers can open them in the query editor.
_QUERIES = ("pages/entity-statements", "pages/outside", "pages/entity-incoming-counts")


def entity_page(name: str) -> Response:
    return _of(resources.entity_resource(name))


def term_page(name: str) -> Response:
    """The page of a term, or its data where the client likes those better."""
    return routes.term_unless_page(name) or _of(resources.term_resource(name), is_term=True)


def _of(resource: Resource, *, is_term: bool = False) -> Response:
    if moved := routes.moved(resource):
        return moved
    page = conditional.not_modified() or _page(resource, is_term=is_term)
    return signposting.with_links(page, signposting.page_links(resource), varies=is_term)


def _page(resource: Resource, *, is_term: bool) -> Response:
    current = app_state()
    entity = current.reader.entity(resource.iri, resource.name, excluded=_MEASURED)
    if entity is None:
        raise unknown(resource.name)
    current.claim_index.warm()
    context = PageContext(entity, current.reader, current.claim_index, TimeBudget(current.settings.page_budget_ms))
    kind = page_types.page_type_for(entity, is_term)
    parts = {**claims_of(context), **incoming_of(context)}
    parts |= {**kind.parts(context), **_common(context, kind, parts["incoming"])}
    structured = schema_org.page(resource, entity, parts["crumbs"], is_term=is_term)
    page = render_template(kind.template, **parts, resource=resource, is_term=is_term, structured=structured)
    response = make_response(page)
    return conditional.no_store(response) if context.budget.left_out else conditional.cacheable(response)


def _common(context: PageContext, kind: page_types.PageType, incoming: list[Backlinks]) -> TemplateContext:
    """What pages of all kinds show."""
    entity, reader, afford = context.entity, context.reader, context.budget.run_if_time
    covered = {reader.vocabulary.term(name) if ":" not in name else name for name in kind.covered} | set(
        _COVERED_BY_EVERY_PAGE
    )
    uncovered = [one for one in incoming if one.property.iri not in covered]
    short_names = _without_shared_labels(entity.abbreviations)[:2]
    said = {normalise(name) for name in (entity.label, *short_names)}
    outside = afford("identifiers elsewhere", lambda: identifiers.identifiers_for(reader, context.iri)) or []
    path = app_state().classes.way_to(entity)
    return {
        "entity": entity,
        "incoming": uncovered,
        "relations": [relation for relation in entity.relations if relation.property.iri not in covered],
        "short_names": short_names,
        "other_names": [name for name in (*entity.abbreviations, *entity.synonyms) if normalise(name) not in said],
        "defined_kinds": _defined(entity, path),
        "identifiers": identifiers.by_closeness(outside),
        "crumbs": path,
        "queries": [(query := reader.catalogue[name], query.fill({"entity": context.iri})) for name in _QUERIES],
        "neighbourhood": afford("picture", lambda: svg.lay_out_neighbourhood(entity, uncovered, context.claim_index)),
        "left_out": context.budget.left_out,
    }


def _defined(entity: Entity, path: list[Reference]) -> list[Reference]:
    """The classes into which a rule put the thing, without those above its own."""
    above = {kind.iri for kind in path}
    return [
        kind for kind in entity.inferred_types if kind.iri not in above and app_state().classes.is_defined(kind.iri)
    ]


def _without_shared_labels(names: tuple[str, ...]) -> list[str]:
    """The names without those that differ in signs alone, such as MK7 beside MK-7."""
    return list({normalise(name): name for name in reversed(names)}.values())[::-1]
