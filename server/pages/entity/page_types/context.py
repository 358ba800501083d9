"""What the page of an entity is made from, and what its templates receive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from kg.catalogue.catalogue import Query
from kg.claims.backlinks import BacklinkPage, Backlinks
from kg.claims.outcomes import TypeGroup
from kg.entities.imported import StatementsOfGraph
from kg.entities.view import EntityView
from kg.rdf.vocabulary import Vocabulary
from kg.reader.class_tree import ClassTree
from kg.reader.entity import Entity, Reference, Relation
from kg.reader.identifiers import Identifier
from kg.reader.reader import Reader
from server.charts import Chart
from server.core.urls import Urls
from server.linked_data.resources import Resource
from server.pages.entity.page_types.time_budget import TimeBudget
from server.svg import Neighbourhood
from server.svg.neighbourhood import Group


@dataclass(frozen=True)
class PageContext:
    """What the parts of a page are computed from: the entity, the time that is left, and what the request asks for.

    Attributes:
        resource: addresses of its documents.
        urls: of the request.
        classes: the class tree of the ontology.
        wants_all_components: whether a food of a table is shown with all its components.
    """

    view: EntityView
    resource: Resource
    urls: Urls
    classes: ClassTree
    budget: TimeBudget
    is_term: bool = False
    wants_all_components: bool = False

    @property
    def entity(self) -> Entity:
        """Names, types and relations."""
        return self.view.entity

    @property
    def reader(self) -> Reader:
        """The release."""
        return self.view.reader

    @property
    def iri(self) -> str:
        """The IRI of the entity."""
        return self.view.iri


@dataclass(frozen=True)
class ClaimsPage:
    """One page of the claims of a type: local name of the type, the page, and how many pages there are."""

    type: str
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class TypeContext:
    """What the template of one page type receives beside ``TemplateContext``; each page type adds its own fields.

    Attributes:
        hide_amount: the page shows the amount in a form of its own.
        is_section: the entity is a source of claims, or a section of one.
        is_delicate: the page carries the health note, whatever its claims are.
        is_publication: the entity has a citation of its own, so that is what its page offers.
    """

    hide_amount: bool = False
    is_section: bool = False
    is_delicate: bool = False
    is_publication: bool = False


@dataclass(frozen=True, kw_only=True)
class TemplateContext:
    """What the templates of all page types receive.

    Attributes:
        type_label: what the title of the page adds to the name.
        summary_text: the page in a sentence or two, without markup.
        structured: the page in the words of schema.org, as JSON-LD.
        short_names: abbreviations for the title.
        other_names: names that the title does not show.
        box: relations that the box beside the title shows, each with a title.
        crumbs: the classes above the entity, the broadest first.
        inferred_classes: classes into which a rule put the entity.
        claims_page: where only claims of one type are shown, which page of them.
        has_delicate_claims: some claims are about doses or medicines.
        incoming: what refers to the entity, by property.
        incoming_part: one page of what refers to it by one property, where the request asks for it.
        identifiers: those in other vocabularies, under words for how close they are.
        pathway: the vitamin K cycle, on the pages of what matters most in it.
        imported: statements of imported graphs that name the entity.
        queries: of the catalogue, each with the SPARQL for this entity.
        neighbourhood: the entities around it, where there are enough for a picture.
        more_url: where the entities stand that a group of the picture leaves out.
        is_picture: the request asks for that picture instead of the page.
        skipped: names of the parts for which there was no time.
    """

    resource: Resource
    entity: Entity
    is_term: bool
    type_label: str
    summary_text: str
    structured: dict[str, Any]
    short_names: list[str]
    other_names: list[str]
    box: list[tuple[str, Relation]]
    crumbs: list[Reference]
    inferred_classes: list[Reference]
    relations: list[Relation]
    claims: list[TypeGroup]
    claims_page: ClaimsPage | None
    has_delicate_claims: bool
    incoming: list[Backlinks]
    incoming_part: BacklinkPage | None
    identifiers: list[tuple[str, list[Identifier]]]
    queries: list[tuple[Query, str]]
    neighbourhood: Neighbourhood | None
    more_url: Callable[[Urls, Vocabulary, Entity, Group], str]
    pathway: Chart | None
    imported: list[StatementsOfGraph]
    is_picture: bool
    skipped: list[str]


def variables(*contexts: TypeContext | TemplateContext) -> dict[str, Any]:
    """The fields of some contexts as variables of a template."""
    return {field.name: getattr(context, field.name) for context in contexts for field in fields(context)}
