"""Forms of vitamin K, proteins and drugs."""

from __future__ import annotations

from dataclasses import dataclass

from kg.answers import intakes
from kg.answers.cards import Intake, InteractionCard
from kg.claims.claim_index import ClaimSummary
from kg.foods import servings, vitamin_forms
from kg.foods.servings import ComparedIntake, RankedServing
from kg.foods.vitamin_forms import Dose, FoodContent, Time
from kg.propositions import evidence_map
from kg.propositions.evidence_map import Answer, MapRow
from kg.propositions.index import DIRECTIONS, PropositionSummary
from kg.rdf.natural_order import natural_key
from kg.reader import proteins
from kg.reader.entity import Reference, Relation
from kg.reader.proteins import Activation, Antagonists
from server.charts import Chart
from server.charts import doses as dose_charts
from server.charts import foods as food_charts
from server.core.state import app_state
from server.pages.entity.page_types.context import PageContext, TypeContext
from server.svg import Structure, structure_of

COVERED_BY_FORMS = ("isoprenoidUnitCount",)
# For whom a form's page shows the intakes that authorities set.
_PEOPLE, _VITAMIN = "adults", "vitamin-k"
_CAUTIONS = ("Safety", "Interaction", "Advice")
COVERED_BY_PROTEINS = ("takesPartIn", "isCarboxylatedBy", "needs", "occursIn", "isStateOf", "isMarkerOf", "hasCofactor")
# What a drug must not meet, can do and is given for, in the order in which its page has them.
_HEALTH = ("isContraindicatedIn", "canCause", "isRiskFactorFor", "isTreatmentFor", "isProphylaxisAgainst")
_VITAMIN_K = ("vitamin-k", "phylloquinone", "vitamin-k2", "menaquinone-4", "menaquinone-7")
_MOST_STATEMENTS = 5
COVERED_BY_DRUGS = ("inhibits", *_HEALTH)


@dataclass(frozen=True, kw_only=True)
class FormContext(TypeContext):
    """A form of vitamin K in numbers.

    Attributes:
        summaries: the claims by IRI, for those that state a time or a dose.
        chain: the number of isoprenoid units, where it is known.
        structure: its molecule, where it can be drawn.
        forms: its forms, those with short chains first; of vitamin K the forms K1 and K2, but not those of K2.
        outcomes: what the evidence says on each outcome in people, those with most studies first.
        answer: the same by reading, see ``evidence_map.by_reading``.
        without_evidence: on how many outcomes something is claimed, but nothing assessed.
        cautions: propositions on safety, interactions and advice, those with evidence first.
        intakes: what authorities set of it for adults.
        lacks_intake: it is a form of vitamin K, and no authority sets an intake of it alone.
        dose_chart, food_chart, time_chart: the charts of its doses, of foods with it, and of its time in the blood.
    """

    summaries: dict[str, ClaimSummary]
    chain: Relation | None
    structure: Structure | None
    forms: list[Reference]
    outcomes: tuple[MapRow, ...]
    answer: Answer
    without_evidence: int
    cautions: list[PropositionSummary]
    intakes: tuple[Intake, ...]
    lacks_intake: bool
    times: list[Time]
    doses: list[Dose]
    foods: list[FoodContent]
    dose_chart: Chart | None
    food_chart: Chart | None
    time_chart: Chart | None


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
    """What a drug inhibits, what counteracts it, what to know first, and which interactions are recorded.

    Attributes:
        meets: what the evidence says of it and vitamin K; ``None`` if there is nothing.
        first: in whom it must not be used, what it can do, and what it is given for.
        serious: claims that state serious harm of this very drug.
        advice: claims that say what this very drug calls for.
        on_vitamin_k: claims on this very drug and vitamin K, also that neither touches the other; for drugs that
            vitamin K does not counteract.
        interactions: those recorded that are not among the claims above; ``None`` if time was short.
        counteracting_servings: the usual servings that reach ``counteracting_percent`` of ``intake``.
        of_itself: whether an interaction is recorded of this very drug, wherever the page shows it.
    """

    meets: InteractionCard | None
    first: list[Relation]
    serious: list[ClaimSummary]
    advice: list[ClaimSummary]
    on_vitamin_k: list[ClaimSummary]
    inhibits: Relation | None
    counteracting: Antagonists | None
    counteracting_servings: list[RankedServing]
    counteracting_percent: int
    intake: ComparedIntake | None
    interactions: list[RecordedInteraction]
    of_itself: bool


def form(context: PageContext) -> FormContext:
    """The evidence by outcome, intakes, foods, doses, chain length and circulation time."""
    reader, index = context.reader, context.view.claim_index
    found = evidence_map.evidence_map(index.propositions, (context.iri,))
    set_intakes = intakes.all_intakes(reader)
    is_set = any(one.nutrient.iri == context.iri for one in set_intakes)
    adults = Reference(reader.vocabulary.entity_iri(_PEOPLE), "")
    card = intakes.intake_card(set_intakes, intakes.groups_above(reader), adults, None, None) if set_intakes else None
    of_adults = card.intakes if card else ()
    itself = Reference(context.iri, context.entity.label)
    times = vitamin_forms.times(reader, context.iri)
    doses = vitamin_forms.doses(reader, context.iri)
    foods = vitamin_forms.foods(reader, context.iri)
    return FormContext(
        summaries=index.summaries,
        chain=context.entity.related("isoprenoidUnitCount"),
        structure=_structure(context),
        forms=_direct_forms(context),
        outcomes=found.rows,
        answer=evidence_map.by_reading(found.rows),
        without_evidence=found.without_evidence,
        cautions=_cautions(context),
        intakes=tuple(one for one in of_adults if one.nutrient.iri == context.iri),
        lacks_intake=not is_set and reader.vocabulary.entity_iri(_VITAMIN) in index.broader_forms.get(context.iri, ()),
        times=times,
        doses=doses,
        foods=foods,
        dose_chart=dose_charts.strip_of_form(itself, doses, of_adults, index),
        food_chart=food_charts.described_foods(itself, foods),
        time_chart=food_charts.times(itself, times),
    )


def _direct_forms(context: PageContext) -> list[Reference]:
    """The forms of a substance that are not forms of another form of it."""
    broader = context.view.claim_index.broader_forms
    below = {form for form, above in broader.items() if context.iri in above}
    direct = [form for form in below if not below & broader[form]]
    found = context.reader.references([], extra=direct)
    return sorted((found[iri] for iri in direct), key=lambda one: natural_key(one.label))


def _structure(context: PageContext) -> Structure | None:
    units = context.entity.texts(context.reader.vocabulary.term("isoprenoidUnitCount"))
    return structure_of(context.entity.name, int(units[0]) if units else None)


def _cautions(context: PageContext) -> list[PropositionSummary]:
    found = [
        one
        for one in context.view.propositions
        if one.type.iri.rpartition("#")[2].removesuffix("Proposition") in _CAUTIONS
    ]
    return sorted(
        found, key=lambda one: (DIRECTIONS.index(one.side), one.type.label, natural_key(one.proposition.label))
    )


def protein(context: PageContext) -> ProteinContext:
    """What it does, what activates it, in which states it is measured."""
    found = proteins.activation(context.reader, context.iri)
    return ProteinContext(
        activation=found, does=context.entity.related("takesPartIn"), where=context.entity.related("occursIn")
    )


def drug(context: PageContext) -> DrugContext:
    """What to know first, what it inhibits, what counteracts it, and which interactions are recorded."""
    reader = context.reader
    found = proteins.antagonists(reader, context.iri)
    recorded = _interactions(context)
    intake = servings.compared_intake(reader) if found and found.foods else None
    eaten = servings.counteracting(reader, context.iri, intake) if intake else []
    own = [one for one in context.view.claims if _is_said_of(one, context.iri)]
    serious = [one for one in own if _has(one, "severity", "serious")]
    # A claim of serious harm that also gives advice stands once, with the harm.
    advice = [one for one in own if _has(one, "effect", "callsFor") and one not in serious]
    on_vitamin_k = [] if found and found.substances else _on_vitamin_k(context)
    above = {one.claim.iri for one in (*serious, *advice, *on_vitamin_k)}
    return DrugContext(
        meets=app_state().answers.on_drug(Reference(context.iri, context.entity.label)),
        first=[relation for name in _HEALTH if (relation := context.entity.related(name))],
        serious=serious,
        advice=advice,
        on_vitamin_k=[one for one in on_vitamin_k if one not in serious and one not in advice],
        inhibits=context.entity.related("inhibits"),
        counteracting=found,
        counteracting_servings=eaten,
        counteracting_percent=servings.COUNTERACTING_PERCENT,
        intake=intake,
        interactions=[one for one in recorded if one.claim.iri not in above],
        of_itself=any(one.stated_of.iri == context.iri for one in recorded),
        is_delicate=True,
    )


def _on_vitamin_k(context: PageContext) -> list[ClaimSummary]:
    parts = {context.reader.vocabulary.entities + name for name in _VITAMIN_K}
    both = [one for one in context.view.claims if {"subject", "object"} & set(one.parts.get(context.iri, ()))]
    return [one for one in both if one.source and parts & set(one.parts)][:_MOST_STATEMENTS]


def _is_said_of(one: ClaimSummary, drug: str) -> bool:
    subject, affirms = one.role("subject"), one.polarity is not None and one.polarity.iri.endswith("#affirms")
    return subject is not None and subject.iri == drug and affirms


def _has(one: ClaimSummary, role: str, name: str) -> bool:
    value = one.role(role)
    return value is not None and value.iri.endswith("#" + name)


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
