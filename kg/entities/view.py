"""Everything that a release says about one entity or ontology term.

Page, API, MCP and Markdown write from this one view. What needs queries of its own is read when it is first used, so
each pays only for what it writes, and a page can leave out what it has no time for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from kg.claims import backlinks, outcomes
from kg.claims.backlinks import BacklinkPage, Backlinks
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.claims.outcomes import TypeGroup
from kg.foods import composition
from kg.foods.composition import ComponentAmount
from kg.propositions.index import PropositionSummary
from kg.reader import identifiers
from kg.reader.entity import Entity, Reference
from kg.reader.identifiers import Identifier
from kg.reader.reader import Reader


@dataclass(frozen=True)
class EntityView:
    """One entity with what refers to it and, of a food, what is in it.

    Attributes:
        entity: names, types and relations.
        reader: the release.
        claim_index: all its claims.
    """

    entity: Entity
    reader: Reader = field(repr=False, compare=False)
    claim_index: ClaimIndex = field(repr=False, compare=False)

    @property
    def iri(self) -> str:
        """The IRI of the entity."""
        return self.entity.iri

    @property
    def claims(self) -> list[ClaimSummary]:
        """The claims in which the entity takes part, in reading order; no query."""
        return self.claim_index.claims_about(self.iri)

    @property
    def as_claim(self) -> ClaimSummary | None:
        """The entity itself where it is a claim, with its standing, studies and flaws; no query."""
        return self.claim_index.summaries.get(self.iri)

    @property
    def propositions(self) -> list[PropositionSummary]:
        """The propositions that name the entity, with their assessments, by type and wording; no query."""
        return self.claim_index.propositions.about(self.iri)

    @property
    def as_proposition(self) -> PropositionSummary | None:
        """The entity itself where it is a proposition, with its assessment; no query."""
        return self.claim_index.propositions.get(self.iri)

    @property
    def expressing(self) -> list[ClaimSummary]:
        """The claims that express the entity where it is a proposition, in reading order; no query."""
        return self.claim_index.expressing(self.iri)

    def roles_in(self, claim_summary: ClaimSummary) -> list[Reference]:
        """The properties by which a claim names the entity; none for a section that only contains the claim."""
        roles = claim_summary.parts.get(self.iri, ())
        return list(self.reader.references([], extra=[self.reader.vocabulary.term(role) for role in roles]).values())

    def claim_groups(self, claim_type: str = "") -> list[TypeGroup]:
        """The claims by type and outcome, see ``outcomes.by_type``; no query.

        Args:
            claim_type: IRI of the only type that is wanted, or "" for a part of each.
        """
        return outcomes.by_type(self.claim_index, self.iri, claim_type)

    @cached_property
    def backlinks(self) -> list[Backlinks]:
        """What refers to the entity other than claims, by property, those with many first."""
        return backlinks.first(self.reader, self.claim_index, self.iri)

    def backlink_page(self, predicate: str, page: int) -> BacklinkPage | None:
        """One page of what refers to the entity by a property; ``None`` where there is no such page."""
        return backlinks.part(self.reader, self.claim_index, self.iri, predicate, page)

    @cached_property
    def identifiers(self) -> list[Identifier]:
        """Its identifiers in other vocabularies, the closest first."""
        return identifiers.identifiers_for(self.reader, self.iri)

    @property
    def is_food(self) -> bool:
        """Whether it is a food, of the graph or of a table; no query."""
        food = self.reader.vocabulary.term("Food")
        return any(one.iri == food for one in (*self.entity.types, *self.entity.inferred_types))

    @property
    def table(self) -> Reference | None:
        """The food table in which the entity is a row, or ``None``; no query."""
        relation = self.entity.related("inTable")
        values = relation.values if relation else ()
        return next((stated.value for stated in values if isinstance(stated.value, Reference)), None)

    @cached_property
    def components(self) -> list[tuple[str, str]]:
        """Of a food of a table, the components with a measurement each, as IRIs; forms of vitamin K first."""
        return composition.components(self.reader, self.iri)

    @cached_property
    def unknown_forms(self) -> list[Reference]:
        """Of a food of a table, the forms of vitamin K of which the table gives no amount: unknown, not zero."""
        if self.table is None:
            return []
        return composition.not_given(self.reader, self.iri, (component for component, _ in self.components))

    @cached_property
    def vitamin_k(self) -> list[ComponentAmount]:
        """The amounts of vitamin K in a food, per 100 g: those of its own table, or else of every source."""
        if self.table is None:
            return composition.side_by_side(self.reader, self.iri)
        forms = self.reader.quantities_of_vitamin_k
        measured = [measurement for component, measurement in self.components if component in forms]
        return composition.of_table_food(self.reader, measured)


def load(
    reader: Reader, claim_index: ClaimIndex, iri: str, name: str = "", excluded: Iterable[str] = ()
) -> EntityView | None:
    """The view of an entity or ontology term; one query, and one more for labels that were not read before.

    Args:
        reader: the release.
        claim_index: all its claims.
        iri: of the entity; text that is not an IRI names nothing.
        name: what addresses call it; by default the end of the IRI.
        excluded: local names of properties whose values are not wanted; some entities have very many.

    Returns:
        ``None`` where the graph says nothing about the IRI.
    """
    entity = reader.entity(iri, name or iri.rpartition("/")[2].rpartition("#")[2], excluded)
    return EntityView(entity, reader, claim_index) if entity else None
