"""Foods of the graph, foods of a table, and single measurements of them."""

from __future__ import annotations

from decimal import Decimal

from flask import request

from kg.foods import composition, measurements
from kg.rdf.vocabulary import DCTERMS_SOURCE
from kg.reader.entity import Reference
from server.pages.entity.context import PageContext, TemplateContext

# A whole table may give more than a hundred for one food.
MAX_COMPONENTS = 16
COVERED = (
    *("hasMeasurement", "hasHouseholdMeasure", "correspondsTo", "hasExactTableFood", "hasBroaderTableFood"),
    *("hasNarrowerTableFood", "hasNearestTableFood"),
)
COVERED_BY_TABLE_FOODS = COVERED
COVERED_BY_MEASUREMENTS = (
    *("minimumAmount", "maximumAmount", "unit", "referenceAmount", "referenceUnit", "isApproximate", "ofAnalyte"),
    *("microgramsPer100Grams", "hasOrigin", "citesPublication", "derivationMethod", "imputedFrom", "citesStudy"),
    *("numberOfDataPoints", DCTERMS_SOURCE, "hasMeasurement"),
)


def food(context: PageContext) -> TemplateContext:
    """What every source gives of the vitamin K in a food of the graph, per 100 g and per household measure."""
    beside = composition.side_by_side(context.reader, context.iri)
    portions = context.budget.run_if_time(
        "household measures", lambda: composition.portions_beside(context.reader, context.iri, beside)
    )
    return {"beside": beside, "beside_portions": portions or [], "most": _most(beside)}


def table_food(context: PageContext) -> TemplateContext:
    """What a table gives of one of its foods."""
    reader = context.reader
    table = context.entity.related("inTable")
    assert table is not None
    table_iri = next(stated.value.iri for stated in table.values if isinstance(stated.value, Reference))
    components, forms = composition.components(reader, context.iri), reader.forms_of_vitamin_k()
    shown = components if request.args.get("components") == "all" else components[:MAX_COMPONENTS]
    amounts = composition.of_table_food(reader, [measurement for _, measurement in shown])
    return {
        "amounts": amounts,
        "components": len(components),
        "forms": forms,
        "most": _most([amount for amount in amounts if amount.component.iri in forms]),
        "missing": composition.not_given(reader, context.iri, (component for component, _ in components)),
        "covers_menaquinones": composition.covers_vitamin_k2(reader, table_iri),
        "portions": composition.portions(reader, context.iri),
    }


def measurement(context: PageContext) -> TemplateContext:
    """Where one number comes from."""
    measured = measurements.measurement_details(context.reader, context.iri)
    return {"measured": measured, "hide_amount": measured is not None}


def _most(amounts: list[composition.ComponentAmount]) -> Decimal:
    """The largest amount, to which the bars are drawn."""
    return max((amount.micrograms for amount in amounts if amount.micrograms is not None), default=Decimal(0))
