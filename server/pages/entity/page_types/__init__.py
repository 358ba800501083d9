"""The types of entities whose pages have a form of their own: which template, and what only that template shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kg.reader.entity import Entity
from server.pages.entity.page_types import (
    claims,
    conditions,
    foods,
    ontology_terms,
    propositions,
    studies,
    substances,
)
from server.pages.entity.page_types.context import PageContext, TypeContext


@dataclass(frozen=True)
class PageType:
    """How the entities of some classes are shown.

    Attributes:
        template: its file.
        parts: reads what only this template shows.
        covered: properties, by local name or IRI, that the template shows in a form of its own.
        box: properties, by local name, that the box beside the title shows, each with a title.
    """

    template: str
    parts: Callable[[PageContext], TypeContext]
    covered: tuple[str, ...] = ()
    box: Mapping[str, str] = field(default_factory=dict)


def _nothing_more(_: PageContext) -> TypeContext:
    return TypeContext()


def _about_doses(_: PageContext) -> TypeContext:
    return TypeContext(is_delicate=True)


_PLAIN = PageType("entity.html", _nothing_more)
_TERM = PageType("page_types/term.html", ontology_terms.term, ontology_terms.COVERED)
_CLAIM = PageType("page_types/claim.html", claims.claim, claims.COVERED)
_PROPOSITION = PageType(
    "page_types/proposition.html", propositions.proposition, propositions.COVERED, propositions.PARTS
)
_EFFECT = PageType("page_types/proposition.html", propositions.proposition, propositions.COVERED, propositions.PICO)
_INTAKE = PageType("page_types/intake.html", conditions.intake, ("isSuperseded",), conditions.INTAKE_BOX)
_BY_CLASS = {
    "TableFood": PageType("page_types/table_food.html", foods.table_food, foods.COVERED_BY_TABLE_FOODS),
    "Food": PageType("page_types/food.html", foods.food, foods.COVERED),
    "Measurement": PageType("page_types/measurement.html", foods.measurement, foods.COVERED_BY_MEASUREMENTS),
    "Menaquinone": PageType("page_types/form.html", substances.form, substances.COVERED_BY_FORMS),
    "VitaminKForm": PageType("page_types/form.html", substances.form, substances.COVERED_BY_FORMS),
    "Vitamin": PageType("page_types/form.html", substances.form, substances.COVERED_BY_FORMS),
    "Protein": PageType("page_types/protein.html", substances.protein, substances.COVERED_BY_PROTEINS),
    "Enzyme": PageType("page_types/protein.html", substances.protein, substances.COVERED_BY_PROTEINS),
    "Receptor": PageType("page_types/protein.html", substances.protein, substances.COVERED_BY_PROTEINS),
    "ProteinState": PageType("page_types/protein.html", substances.protein, substances.COVERED_BY_PROTEINS),
    "Drug": PageType("page_types/drug.html", substances.drug, substances.COVERED_BY_DRUGS),
    "DrugGroup": PageType("page_types/drug.html", substances.drug, substances.COVERED_BY_DRUGS),
    "Condition": PageType("page_types/condition.html", conditions.condition, conditions.COVERED_BY_CONDITIONS),
    "Symptom": PageType("page_types/condition.html", conditions.condition),
    "Measure": PageType("page_types/measure.html", conditions.condition),
    "Population": PageType("page_types/population.html", conditions.population, ("studiedPopulation",)),
    "ClaimSource": PageType(
        "page_types/section.html", conditions.section, conditions.COVERED_BY_SOURCES, conditions.SOURCE_BOX
    ),
    "Section": PageType("page_types/section.html", conditions.section, ("position",)),
    "InteractionClaim": PageType("page_types/interaction.html", claims.interaction, claims.COVERED_BY_INTERACTIONS),
    "Study": PageType("page_types/study.html", studies.study, studies.COVERED, studies.BOX),
    "DosageRegimen": PageType("entity.html", _about_doses, box={"ofSubstance": "Substance"}),
    "Guidance": PageType("entity.html", _about_doses),
    "ReferenceIntake": _INTAKE,
    "AdequateIntake": _INTAKE,
    "RecommendedDietaryAllowance": _INTAKE,
    "TolerableUpperIntakeLevel": _INTAKE,
    "EstimatedIntake": _INTAKE,
}

PAGE_TYPES = (_PLAIN, _TERM, _CLAIM, _PROPOSITION, _EFFECT, *_BY_CLASS.values())


def page_type_for(entity: Entity, is_term: bool) -> PageType:
    """The page type of an entity: the first whose class is one of its types."""
    if is_term:
        return _TERM
    classes = [one.iri.replace("/", "#").rpartition("#")[2] for one in entity.types]
    found = next((_BY_CLASS[name] for name in _BY_CLASS if name in classes), None)
    if found:
        return found
    if entity.related("predicate"):
        return _EFFECT if propositions.is_on_an_effect(classes) else _PROPOSITION
    return _CLAIM if entity.related("effect") else _PLAIN
