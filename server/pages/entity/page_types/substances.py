"""Forms of vitamin K, proteins and drugs."""

from __future__ import annotations

from kg.foods import vitamin_forms
from kg.reader import proteins
from server.pages.entity.context import PageContext, TemplateContext

COVERED_BY_FORMS = ("isoprenoidUnitCount",)
COVERED_BY_PROTEINS = ("takesPartIn", "isCarboxylatedBy", "needs", "occursIn", "isStateOf", "isMarkerOf", "hasCofactor")
COVERED_BY_DRUGS = ("inhibits",)


def form(context: PageContext) -> TemplateContext:
    """Chain length, circulation time, doses, foods."""
    afford, reader = context.budget.run_if_time, context.reader
    return {
        "summaries": context.claim_index.summaries,
        "chain": context.entity.related("isoprenoidUnitCount"),
        "times": afford("circulation times", lambda: vitamin_forms.times(reader, context.iri)) or [],
        "doses": afford("doses", lambda: vitamin_forms.doses(reader, context.iri)) or [],
        "foods": afford("foods", lambda: vitamin_forms.foods(reader, context.iri)) or [],
    }


def protein(context: PageContext) -> TemplateContext:
    """What it does, what activates it, in which states it is measured."""
    found = context.budget.run_if_time("what activates it", lambda: proteins.activation(context.reader, context.iri))
    return {
        "activation": found,
        "does": context.entity.related("takesPartIn"),
        "where": context.entity.related("occursIn"),
    }


def drug(context: PageContext) -> TemplateContext:
    """What it inhibits, and what counteracts it."""
    found = context.budget.run_if_time("what counteracts it", lambda: proteins.antagonists(context.reader, context.iri))
    return {"inhibits": context.entity.related("inhibits"), "counteracting": found, "is_delicate": True}
