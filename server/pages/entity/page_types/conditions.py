"""Conditions, measures, populations, and sections of the source."""

from __future__ import annotations

from kg.claims import evidence_summary, study_results
from server import svg
from server.pages.entity.context import Parts, Thing


def condition(thing: Thing) -> Parts:
    """The harvest of evidence for and against what is claimed, and the numbers that studies found."""
    numbers = thing.budget.afford("numbers of studies", lambda: study_results.of_outcome(thing.reader, thing.iri)) or []
    ratios = [number for number in numbers if number.is_ratio]
    ends = (end for number in ratios for end in (number.size, number.low, number.high) if end is not None)
    return {
        "harvest_picture": svg.harvest_of(evidence_summary.of(thing.book, thing.iri)),
        "numbers": numbers,
        "scale": svg.scale_of(ends),
    }


def population(thing: Thing) -> Parts:
    """The intakes that authorities set for these people."""
    found = thing.budget.afford("reference intakes", lambda: study_results.intakes_of(thing.reader, thing.iri))
    return {"intakes": found or []}


def section(thing: Thing) -> Parts:
    """How the statements of a section fared."""
    cards = thing.book.naming(thing.iri)
    verdicts: dict[str, int] = {}
    for card in cards:
        label = card.verdict.label if card.verdict else "not assessed"
        verdicts[label] = verdicts.get(label, 0) + 1
    return {"verdicts": sorted(verdicts.items(), key=lambda pair: (-pair[1], pair[0])), "is_section": True}
