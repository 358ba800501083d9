"""The page of one entity, one claim or one ontology term."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from kg.claims import outcomes
from kg.claims.backlinks import BacklinkPage, Backlinks
from kg.claims.outcomes import TypeGroup
from kg.entities import view
from kg.index.question_words import normalise
from kg.reader import identifiers
from kg.reader.class_tree import ClassTree
from kg.reader.entity import Entity, Reference
from server import svg
from server.charts import pathway
from server.core import conditional
from server.core.state import AppState, app_state
from server.http.problems import Problem
from server.linked_data import resources, routes, schema_org, signposting
from server.linked_data.resources import Resource, unknown
from server.pages.entity import page_types
from server.pages.entity.connections import more_url
from server.pages.entity.page_types.context import ClaimsPage, PageContext, TemplateContext, variables
from server.pages.entity.page_types.time_budget import TimeBudget

# Types of claims about doses and medicines; pages that show such carry a note.
_DELICATE = ("IntakeClaim", "InteractionClaim", "SafetyClaim", "AdviceClaim")
# Shown by the title, the breadcrumbs, the identifiers and the pictures.
_COVERED_BY_EVERY_PAGE = tuple(
    "http://www.w3.org/2004/02/skos/core#" + name
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
# Shown in words under the title.
_AMOUNT = (
    *("minimumAmount", "maximumAmount", "unit", "perDays", "isApproximate", "isMinimumExclusive", "isDivided"),
    *("isSingleDose", "referenceAmount", "referenceUnit"),
)
# Of a food of a table more than a hundred, which its page shows as amounts; verdicts are deprecated.
_NOT_SHOWN = ("hasMeasurement", "hasHouseholdMeasure", "verdict")
# Characters of a description that search engines show.
_LONGEST_SUMMARY = 240
# The catalogue queries behind every page; readers can open them in the query editor.
_QUERIES = ("pages/entity-statements", "pages/outside", "pages/entity-incoming-counts")


def entity_page(name: str) -> Response:
    """The page of an entity.

    Raises:
        Problem: 404 for an unknown entity, or for a part that the page does not have.
    """
    return _respond(resources.entity_resource(name, app_state()))


def term_page(name: str) -> Response:
    """The page of an ontology term, or its data where the client prefers it.

    Raises:
        Problem: 404 for an unknown term, or for a part that the page does not have.
    """
    return routes.term_unless_page(name) or _respond(resources.term_resource(name, app_state()), is_term=True)


def _respond(resource: Resource, *, is_term: bool = False) -> Response:
    current = app_state()
    if moved := routes.moved(resource, current):
        return moved
    page = conditional.not_modified() or _page(current, resource, is_term=is_term)
    return signposting.with_links(page, signposting.page_links(resource, current.urls), varies=is_term)


def _page(current: AppState, resource: Resource, *, is_term: bool) -> Response:
    found = view.load(current.reader, current.claim_index, resource.iri, resource.name, _NOT_SHOWN)
    if found is None:
        raise unknown(resource.name, current)
    current.claim_index.warm()
    context = PageContext(
        view=found,
        resource=resource,
        urls=current.urls.of_this_request(),
        classes=current.classes,
        budget=TimeBudget(current.settings.page_budget_ms),
        is_term=is_term,
        wants_all_components=request.args.get("components") == "all",
    )
    page_type = page_types.page_type_for(found.entity, is_term)
    claims, claims_page = _claims(context)
    incoming, incoming_part = _incoming(context)
    own = page_type.parts(context)
    common = _common(context, page_type, claims, claims_page, incoming, incoming_part)
    response = make_response(render_template(page_type.template, **variables(common, own)))
    return conditional.no_store(response) if context.budget.skipped else conditional.cacheable(response)


def _claims(context: PageContext) -> tuple[list[TypeGroup], ClaimsPage | None]:
    """The claims on the entity; where ``?claims=`` names a type, one ``page`` of those of this type alone.

    Raises:
        Problem: 404 where there are no such claims, or no such page of them.
    """
    wanted = request.args.get("claims", "")
    if not wanted:
        return context.view.claim_groups(), None
    claim_type = context.reader.vocabulary.term(wanted)
    if claim_type not in {claim_summary.type.iri for claim_summary in context.view.claims}:
        raise Problem(404, "No such claims", f"There are no claims of the type {wanted[:40]!r} about this.")
    (group,) = context.view.claim_groups(claim_type)
    page, pages = _page_number(), outcomes.pages_of(group)
    if not 1 <= page <= pages:
        raise Problem(404, "No such page", f"There are {pages} pages of these claims.")
    return [outcomes.page_of(group, page)], ClaimsPage(wanted, page, pages)


def _page_number() -> int:
    """The number of the page that the request asks for; 0 where it is not a number."""
    page = request.args.get("page", "1")
    return int(page) if page.isdecimal() and len(page) < 7 else 0


def _incoming(context: PageContext) -> tuple[list[Backlinks], BacklinkPage | None]:
    """What refers to the entity, or the one page of it that ``?incoming=`` and ``?page=`` name."""
    wanted = request.args.get("incoming", "")
    if not wanted:
        return context.budget.run_if_time("what points here", lambda: context.view.backlinks) or [], None
    predicate = context.reader.vocabulary.expand(wanted if ":" in wanted else f"vitk:{wanted}")
    part = context.view.backlink_page(predicate, _page_number()) if _is_plain(wanted) else None
    if part is None:
        raise Problem(404, "No such page", f"Nothing points here by {wanted[:40]!r} on this page.")
    return [], part


def _is_plain(curie: str) -> bool:
    return len(curie) < 80 and all(letter.isalnum() or letter in ":_-" for letter in curie)


def _common(
    context: PageContext,
    page_type: page_types.PageType,
    claims: list[TypeGroup],
    claims_page: ClaimsPage | None,
    incoming: list[Backlinks],
    incoming_part: BacklinkPage | None,
) -> TemplateContext:
    """What pages of all types show."""
    entity, reader, if_time = context.entity, context.reader, context.budget.run_if_time
    own = context.view.as_claim
    covered = {
        reader.vocabulary.term(name) if ":" not in name else name
        for name in (*page_type.covered, *page_type.box, *(_AMOUNT if entity.amount else ()))
    } | set(_COVERED_BY_EVERY_PAGE)
    uncovered = [one for one in incoming if one.property.iri not in covered]
    short_names = _without_shared_labels(entity.abbreviations)[:2]
    shown = {normalise(name) for name in (entity.label, *short_names)}
    crumbs = context.classes.way_to(entity)
    neighbourhood = if_time(
        "the picture of connections", lambda: svg.lay_out_neighbourhood(entity, uncovered, context.view.claim_index)
    )
    delicate = {reader.vocabulary.term(name) for name in _DELICATE}
    return TemplateContext(
        resource=context.resource,
        entity=entity,
        is_term=context.is_term,
        type_label=_type_label(context, crumbs),
        summary_text=_summary_text(context, crumbs),
        structured=schema_org.page(
            context.resource,
            entity,
            crumbs,
            reader,
            context.urls,
            is_term=context.is_term,
            claims=[own] if own else context.view.claim_index.expressing(context.iri),
        ),
        short_names=short_names,
        other_names=[name for name in (*entity.abbreviations, *entity.synonyms) if normalise(name) not in shown],
        box=[(title, found) for name, title in page_type.box.items() if (found := entity.related(name))],
        crumbs=crumbs,
        inferred_classes=_inferred_classes(entity, crumbs, context.classes),
        relations=[relation for relation in entity.relations if relation.property.iri not in covered],
        claims=claims,
        claims_page=claims_page,
        has_delicate_claims=any(group.type.iri in delicate for group in claims),
        incoming=uncovered,
        incoming_part=incoming_part,
        identifiers=identifiers.by_closeness(context.view.identifiers),
        queries=[(query := reader.catalogue[name], query.fill({"entity": context.iri})) for name in _QUERIES],
        neighbourhood=neighbourhood,
        more_url=more_url,
        is_picture=_wants_picture(neighbourhood),
        pathway=pathway.of_cycle(app_state(), context.iri),
        imported=if_time("imported statements", lambda: app_state().imported.about(context.iri)) or [],
        skipped=context.budget.skipped,
    )


def _wants_picture(neighbourhood: svg.Neighbourhood | None) -> bool:
    """Whether the request asks for the picture of the connections instead of the page."""
    view = request.args.get("view", "")
    if view and (view != "picture" or neighbourhood is None):
        raise Problem(404, "No such view", f"This page has no view {view[:40]!r}.")
    return bool(view)


def _type_label(context: PageContext, crumbs: list[Reference]) -> str:
    """What the title adds to the name: a claim, its proposition, a food and the row of a table may be called alike."""
    table = context.view.table
    if context.is_term:
        return "ontology term"
    return f"food of {table.label}" if table else crumbs[-1].label if crumbs else ""


def _summary_text(context: PageContext, crumbs: list[Reference]) -> str:
    """The page in a sentence or two, for search engines and where the page is shared."""
    entity, claim, proposition = context.entity, context.view.as_claim, context.view.as_proposition
    if claim and claim.standing:
        source = f" of {claim.source.label}" if claim.source else ""
        return f"A claim{source}, compared with the evidence: {claim.standing.label}. {entity.label}"
    if proposition:
        return f"Evidence on this proposition: {proposition.words}. {entity.label}"
    text = entity.description_or_definition
    named = f"{entity.label} ({crumbs[-1].label})" if crumbs else entity.label
    text = f"{named}: {text}" if text else f"{named} in vitk, the open knowledge graph of vitamin K."
    return text if len(text) <= _LONGEST_SUMMARY else text[:_LONGEST_SUMMARY].rpartition(" ")[0] + " …"


def _inferred_classes(entity: Entity, crumbs: list[Reference], classes: ClassTree) -> list[Reference]:
    """The classes into which a rule put the entity, without those above its own."""
    above = {one.iri for one in crumbs}
    return [one for one in entity.inferred_types if one.iri not in above and classes.is_defined(one.iri)]


def _without_shared_labels(names: tuple[str, ...]) -> list[str]:
    """The names without those that differ in signs alone, such as MK7 beside MK-7."""
    return list({normalise(name): name for name in reversed(names)}.values())[::-1]
