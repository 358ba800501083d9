"""Forms of vitamin K, proteins and drugs."""

from __future__ import annotations

from kg.foods import vitamin_forms
from kg.reader import proteins
from server.pages.entity.context import Parts, Thing

TOLD_OF_FORMS = ("isoprenoidUnitCount",)
TOLD_OF_PROTEINS = ("takesPartIn", "isCarboxylatedBy", "needs", "occursIn", "isStateOf", "isMarkerOf", "hasCofactor")
TOLD_OF_DRUGS = ("inhibits",)


def form(thing: Thing) -> Parts:
    """Chain length, circulation time, doses, foods."""
    afford, reader = thing.budget.afford, thing.reader
    return {
        "cards": thing.book.cards,
        "chain": thing.entity.related("isoprenoidUnitCount"),
        "times": afford("circulation times", lambda: vitamin_forms.times(reader, thing.iri)) or [],
        "doses": afford("doses", lambda: vitamin_forms.doses(reader, thing.iri)) or [],
        "foods": afford("foods", lambda: vitamin_forms.foods(reader, thing.iri)) or [],
    }


def protein(thing: Thing) -> Parts:
    """What it does, what activates it, in which states it is measured."""
    found = thing.budget.afford("what activates it", lambda: proteins.activation(thing.reader, thing.iri))
    return {"activation": found, "does": thing.entity.related("takesPartIn"), "where": thing.entity.related("occursIn")}


def drug(thing: Thing) -> Parts:
    """What it inhibits, and what counteracts it."""
    found = thing.budget.afford("what counteracts it", lambda: proteins.counteracting(thing.reader, thing.iri))
    return {"inhibits": thing.entity.related("inhibits"), "counteracting": found, "is_delicate": True}
