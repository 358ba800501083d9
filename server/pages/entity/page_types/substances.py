"""Forms of vitamin K, proteins and drugs."""

from __future__ import annotations

from kg.foods import vitamin_forms
from kg.reader import proteins
from server.pages.entity.context import PageContext, TemplateContext

COVERED_BY_FORMS = ("isoprenoidUnitCount",)
COVERED_BY_PROTEINS = ("takesPartIn", "isCarboxylatedBy", "needs", "occursIn", "isStateOf", "isMarkerOf", "hasCofactor")
COVERED_BY_DRUGS = ("inhibits",)


def form(thing: PageContext) -> TemplateContext:
    """Chain length, circulation time, doses, foods."""
    afford, reader = thing.budget.run_if_time, thing.reader
    return {
        "cards": thing.claim_index.summaries,
        "chain": thing.entity.related("isoprenoidUnitCount"),
        "times": afford("circulation times", lambda: vitamin_forms.times(reader, thing.iri)) or [],
        "doses": afford("doses", lambda: vitamin_forms.doses(reader, thing.iri)) or [],
        "foods": afford("foods", lambda: vitamin_forms.foods(reader, thing.iri)) or [],
    }


def protein(thing: PageContext) -> TemplateContext:
    """What it does, what activates it, in which states it is measured."""
    found = thing.budget.run_if_time("what activates it", lambda: proteins.activation(thing.reader, thing.iri))
    return {"activation": found, "does": thing.entity.related("takesPartIn"), "where": thing.entity.related("occursIn")}


def drug(thing: PageContext) -> TemplateContext:
    """What it inhibits, and what counteracts it."""
    found = thing.budget.run_if_time("what counteracts it", lambda: proteins.antagonists(thing.reader, thing.iri))
    return {"inhibits": thing.entity.related("inhibits"), "counteracting": found, "is_delicate": True}
