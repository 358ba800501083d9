"""Foods of the graph, foods of a table, and single measurements of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from kg.foods import composition, cooking, measurements, servings, table_matches
from kg.foods.composition import ComponentAmount, Portion
from kg.foods.cooking import CookingPair
from kg.foods.measurements import MeasurementDetails
from kg.foods.servings import ComparedIntake, Serving
from kg.rdf.vocabulary import DCTERMS_SOURCE
from kg.reader.entity import Reference
from server.charts import Chart
from server.charts import foods as food_charts
from server.pages.entity.page_types.context import PageContext, TypeContext

# A whole table may give more than a hundred for one food.
MAX_COMPONENTS = 16
# How closely a row of a table matches a food of the graph, as the page of the row says it.
_CLOSENESS = {
    "hasExactTableFood": "the same food",
    "hasBroaderTableFood": "a narrower food than this row",
    "hasNarrowerTableFood": "a wider food than this row",
    "hasNearestTableFood": "not the same, but this row is the nearest in the table",
}
COVERED = ("hasMeasurement", "hasHouseholdMeasure", "correspondsTo", *table_matches.MATCHES)
COVERED_BY_TABLE_FOODS = COVERED
COVERED_BY_MEASUREMENTS = (
    *("minimumAmount", "maximumAmount", "unit", "referenceAmount", "referenceUnit", "isApproximate", "ofAnalyte"),
    *(
        "microgramsPer100Grams",
        "lowestMicrogramsPer100Grams",
        "highestMicrogramsPer100Grams",
        "hasOrigin",
        "citesPublication",
        "derivationMethod",
        "imputedFrom",
        "citesStudy",
    ),
    *("numberOfDataPoints", DCTERMS_SOURCE, "hasMeasurement", "supersedes", "repeats"),
)


@dataclass(frozen=True, kw_only=True)
class FoodContext(TypeContext):
    """What every source gives of the vitamin K in a food of the graph.

    Attributes:
        beside: the amounts per 100 g, side by side.
        beside_portions: the household measures, each with the table food that gives it.
        most: the largest amount, in µg per 100 g.
        independence: how many independent measurements there are of each form, in words.
        servings: the usual servings, the lightest first.
        intake: the reference intake with which servings are compared, if the graph has it.
        cooked: pairs of raw and cooked rows, and in how many 100 g contain more, as much, or less when cooked.
        amounts_chart: the chart of the amounts per 100 g.
    """

    beside: list[ComponentAmount]
    beside_portions: list[tuple[Portion, Reference]]
    most: Decimal
    independence: str
    servings: list[Serving]
    intake: ComparedIntake | None
    cooked: list[CookingPair]
    cooking_changes: tuple[int, int, int]
    amounts_chart: Chart | None


@dataclass(frozen=True, kw_only=True)
class TableFoodContext(TypeContext):
    """What a table gives of one of its foods.

    Attributes:
        described_as: the foods of the graph that it matches, each with how closely.
        amounts: those that are shown, per 100 g.
        components: of how many components the table gives an amount.
        forms: IRIs of the forms of vitamin K.
        most: the largest amount of a form of vitamin K, in µg per 100 g.
        missing: forms of vitamin K of which the table gives no amount.
        knows_mk4_alone: whether the table gives amounts of MK-4, and of no other menaquinone and no total.
        cooked: the pairs of raw and cooked rows in which it is, with their changes as on the page of a food.
    """

    described_as: list[tuple[Reference, str]]
    amounts: list[ComponentAmount]
    components: int
    forms: frozenset[str]
    most: Decimal
    missing: list[Reference]
    knows_mk4_alone: bool
    portions: list[Portion]
    cooked: list[CookingPair]
    cooking_changes: tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class MeasurementContext(TypeContext):
    """Where one number comes from."""

    measured: MeasurementDetails | None


def food(context: PageContext) -> FoodContext:
    """What every source gives of the vitamin K in a food of the graph, per 100 g and per household measure."""
    reader, beside = context.reader, context.view.vitamin_k
    intake = servings.compared_intake(reader)
    pairs = cooking.of_food(reader, context.iri)
    portions = composition.portions_beside(reader, context.iri, beside)
    return FoodContext(
        beside=beside,
        beside_portions=portions or [],
        most=_most(beside),
        independence=_independence(beside),
        servings=servings.of_food(reader, context.iri, beside, intake),
        intake=intake,
        cooked=pairs,
        cooking_changes=cooking.changes(pairs),
        amounts_chart=food_charts.food(Reference(context.iri, context.entity.label), beside),
    )


def table_food(context: PageContext) -> TableFoodContext:
    """What a table gives of one of its foods."""
    reader, components, table = context.reader, context.view.components, context.view.table
    forms = reader.quantities_of_vitamin_k
    shown = components if context.wants_all_components else components[:MAX_COMPONENTS]
    pairs = cooking.of_food(reader, context.iri)
    amounts = composition.of_table_food(reader, [measurement for _, measurement in shown])
    matches = {reader.vocabulary.term(name): words for name, words in _CLOSENESS.items()}
    return TableFoodContext(
        described_as=[
            (food, matches[one.property.iri])
            for one in context.view.backlinks
            if one.property.iri in matches
            for food in one.shown
        ],
        amounts=amounts,
        components=len(components),
        forms=forms,
        most=_most([amount for amount in amounts if amount.component.iri in forms]),
        missing=context.view.unknown_forms,
        knows_mk4_alone=table is not None and composition.knows_mk4_alone(reader, table.iri),
        portions=composition.portions(reader, context.iri),
        cooked=pairs,
        cooking_changes=cooking.changes(pairs),
    )


def measurement(context: PageContext) -> MeasurementContext:
    """Where one number comes from."""
    measured = measurements.measurement_details(context.reader, context.iri)
    return MeasurementContext(measured=measured, hide_amount=measured is not None)


def _independence(amounts: list[ComponentAmount]) -> str:
    """Says how many independent measurements there are of each form."""
    counts = Counter(amount.component.label for amount in amounts if amount.is_independent)
    silent = {amount.component.label for amount in amounts} - counts.keys()
    named = [f"{count} of {label}" for label, count in sorted(counts.items())]
    named += [f"none of {label}" for label in sorted(silent)]
    return (
        f"Independent measurements: {', '.join(named)}. Amounts that a table calculated, borrowed or assumed, that "
        "were superseded, or that equal those of a table from which it borrows are shown but not counted."
    )


def _most(amounts: list[ComponentAmount]) -> Decimal:
    """The largest amount, to which the bars are drawn."""
    return max((amount.up_to or amount.micrograms or Decimal(0) for amount in amounts), default=Decimal(0))
