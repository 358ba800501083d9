"""The kinds of things whose pages have a form of their own: which template, and what only that template shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.reader.entity import Entity
from server.pages.entity.context import Parts, Thing
from server.pages.entity.page_types import claims, conditions, foods, ontology_terms, studies, substances


@dataclass(frozen=True)
class Kind:
    """A template, how its parts are found, and the properties (by local name or IRI) that it tells in its own form."""

    template: str
    parts: Callable[[Thing], Parts]
    told: tuple[str, ...] = ()


_PLAIN = Kind("entity.html", lambda _: {})
_TERM = Kind("kinds/term.html", ontology_terms.term, ontology_terms.TOLD)
_BY_CLASS = {
    "TableFood": Kind("kinds/table_food.html", foods.table_food, foods.TOLD_OF_TABLE_FOODS),
    "Food": Kind("kinds/food.html", foods.food, foods.TOLD),
    "Measurement": Kind("kinds/measurement.html", foods.measurement, foods.TOLD_OF_MEASUREMENTS),
    "Menaquinone": Kind("kinds/form.html", substances.form, substances.TOLD_OF_FORMS),
    "VitaminKForm": Kind("kinds/form.html", substances.form, substances.TOLD_OF_FORMS),
    "Protein": Kind("kinds/protein.html", substances.protein, substances.TOLD_OF_PROTEINS),
    "Enzyme": Kind("kinds/protein.html", substances.protein, substances.TOLD_OF_PROTEINS),
    "Receptor": Kind("kinds/protein.html", substances.protein, substances.TOLD_OF_PROTEINS),
    "ProteinState": Kind("kinds/protein.html", substances.protein, substances.TOLD_OF_PROTEINS),
    "Drug": Kind("kinds/drug.html", substances.drug, substances.TOLD_OF_DRUGS),
    "DrugGroup": Kind("kinds/drug.html", substances.drug, substances.TOLD_OF_DRUGS),
    "Condition": Kind("kinds/condition.html", conditions.condition),
    "Symptom": Kind("kinds/condition.html", conditions.condition),
    "Measure": Kind("kinds/measure.html", conditions.condition),
    "Population": Kind("kinds/population.html", conditions.population),
    "Section": Kind("kinds/section.html", conditions.section, ("position",)),
    "InteractionClaim": Kind("kinds/interaction.html", claims.interaction, claims.TOLD_OF_INTERACTIONS),
    "Study": Kind("kinds/study.html", studies.study, studies.TOLD),
}


def of(entity: Entity, is_term: bool) -> Kind:
    """The kind of page for a thing."""
    if is_term:
        return _TERM
    classes = [kind.iri.replace("/", "#").rpartition("#")[2] for kind in entity.kinds]
    found = next((_BY_CLASS[name] for name in _BY_CLASS if name in classes), None)
    if found:
        return found
    return Kind("kinds/claim.html", claims.claim, claims.TOLD) if entity.related("effect") else _PLAIN
