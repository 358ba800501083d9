"""URLs of diets."""

from __future__ import annotations

from collections.abc import Sequence

from kg.amounts import exact
from kg.diet import Day
from server.core.state import app_state


def permalink(days: Sequence[Day], population: str | None) -> str:
    """Returns the URL of the page for a diet.

    Args:
        days: its days with their items.
        population: IRI of a population, or ``None``.
    """
    pairs = []
    for day in days:
        for item in day.items:
            measure = name_of(item.measure.iri) if item.measure else "g"
            food, amount = name_of(item.food.iri), f"{exact(item.amount):f}"
            pairs += [("day", day.name), ("food", food), ("amount", amount), ("measure", measure)]
    if population:
        pairs.append(("population", name_of(population)))
    return app_state().urls.diet(pairs)


def name_of(iri: str) -> str:
    """Returns the local name of an entity, as used in URLs."""
    return iri.removeprefix(app_state().reader.vocabulary.entities)
