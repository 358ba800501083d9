"""Forms of vitamin K, proteins and drugs."""

from __future__ import annotations

from dataclasses import dataclass

from kg.claims.claim_index import ClaimSummary
from kg.foods import servings, vitamin_forms
from kg.foods.servings import ComparedIntake, RankedServing
from kg.foods.vitamin_forms import Dose, FoodContent, Time
from kg.reader import proteins
from kg.reader.entity import Reference, Relation
from kg.reader.proteins import Activation, Antagonists
from server.pages.entity.page_types.context import PageContext, TypeContext

COVERED_BY_FORMS = ("isoprenoidUnitCount",)
COVERED_BY_PROTEINS = ("takesPartIn", "isCarboxylatedBy", "needs", "occursIn", "isStateOf", "isMarkerOf", "hasCofactor")
COVERED_BY_DRUGS = ("inhibits",)


@dataclass(frozen=True, kw_only=True)
class FormContext(TypeContext):
    """A form of vitamin K in numbers.

    Attributes:
        summaries: the claims by IRI, for those that state a time or a dose.
        chain: the number of isoprenoid units, where it is known.
    """

    summaries: dict[str, ClaimSummary]
    chain: Relation | None
    times: list[Time]
    doses: list[Dose]
    foods: list[FoodContent]


@dataclass(frozen=True, kw_only=True)
class ProteinContext(TypeContext):
    """What a protein does, where it is found, what activates it, and in which states it is measured."""

    activation: Activation | None
    does: Relation | None
    where: Relation | None


@dataclass(frozen=True)
class RecordedInteraction:
    """A claim on an interaction, and of what it is stated: the drug itself, or a group to which it belongs."""

    claim: Reference
    stated_of: Reference


@dataclass(frozen=True, kw_only=True)
class DrugContext(TypeContext):
    """What a drug inhibits, what counteracts it, and which interactions are recorded; ``None`` if time was short.

    ``counteracting_servings`` are the usual servings that reach ``counteracting_percent`` of an intake, ``intake``.
    """

    inhibits: Relation | None
    counteracting: Antagonists | None
    counteracting_servings: list[RankedServing]
    counteracting_percent: int
    intake: ComparedIntake | None
    interactions: list[RecordedInteraction] | None


def form(context: PageContext) -> FormContext:
    """Chain length, circulation time, doses, foods."""
    if_time, reader = context.budget.run_if_time, context.reader
    return FormContext(
        summaries=context.view.claim_index.summaries,
        chain=context.entity.related("isoprenoidUnitCount"),
        times=if_time("circulation times", lambda: vitamin_forms.times(reader, context.iri)) or [],
        doses=if_time("doses", lambda: vitamin_forms.doses(reader, context.iri)) or [],
        foods=if_time("foods", lambda: vitamin_forms.foods(reader, context.iri)) or [],
    )


def protein(context: PageContext) -> ProteinContext:
    """What it does, what activates it, in which states it is measured."""
    found = context.budget.run_if_time("what activates it", lambda: proteins.activation(context.reader, context.iri))
    return ProteinContext(
        activation=found, does=context.entity.related("takesPartIn"), where=context.entity.related("occursIn")
    )


def drug(context: PageContext) -> DrugContext:
    """What it inhibits, what counteracts it, and which interactions are recorded."""
    if_time, reader = context.budget.run_if_time, context.reader
    counteracting = if_time("what counteracts it", lambda: proteins.antagonists(reader, context.iri))
    intake = servings.compared_intake(reader) if counteracting and counteracting.foods else None
    interactions = if_time("interactions", lambda: _interactions(context))
    eaten = intake and if_time("servings", lambda: servings.counteracting(reader, context.iri, intake))
    return DrugContext(
        inhibits=context.entity.related("inhibits"),
        counteracting=counteracting,
        counteracting_servings=eaten or [],
        counteracting_percent=servings.COUNTERACTING_PERCENT,
        intake=intake,
        interactions=interactions,
        is_delicate=True,
    )


def _interactions(context: PageContext) -> list[RecordedInteraction]:
    groups = context.entity.related("isKindOf")
    above = [stated.value.iri for stated in groups.values if isinstance(stated.value, Reference)] if groups else []
    rows = context.reader.run("interactions", {"with": context.iri})
    references = context.reader.references(rows, "claim", "precipitant", "affected")
    found: dict[str, str] = {}
    for row in rows:
        ends = {row["precipitant"].value, row["affected"].value}
        # The drug itself says more than a group of drugs.
        named = context.iri if context.iri in ends else next(iri for iri in above if iri in ends)
        if found.get(row["claim"].value) != context.iri:
            found[row["claim"].value] = named
    return [RecordedInteraction(references[claim], references[named]) for claim, named in found.items()]
