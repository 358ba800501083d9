"""URLs of diets."""

from __future__ import annotations

from collections.abc import Sequence

from kg.amounts import exact
from kg.diet import Day
from kg.rdf.vocabulary import Vocabulary
from server.core.urls import Urls


def permalink(days: Sequence[Day], population: str | None, vocabulary: Vocabulary, urls: Urls) -> str:
    """Returns the URL of the page for a diet.

    Args:
        days: its days with their items.
        population: IRI of a population, or ``None``.
        vocabulary: of the release.
        urls: of the server.
    """
    pairs = []
    for day in days:
        for item in day.items:
            measure = name_of(item.measure.iri, vocabulary) if item.measure else "g"
            food, amount = name_of(item.food.iri, vocabulary), f"{exact(item.amount):f}"
            pairs += [("day", day.name), ("food", food), ("amount", amount), ("measure", measure)]
    if population:
        pairs.append(("population", name_of(population, vocabulary)))
    return urls.diet(pairs)


def chart_link(page: str, suffix: str) -> str:
    """Returns the URL of the chart of the diet at a permalink; ``suffix`` is ``svg``, ``png`` or ``csv``."""
    return page.replace("/diet?", f"/diet/chart.{suffix}?", 1)


def name_of(iri: str, vocabulary: Vocabulary) -> str:
    """Returns the local name of an entity, as used in URLs."""
    return iri.removeprefix(vocabulary.entities)
