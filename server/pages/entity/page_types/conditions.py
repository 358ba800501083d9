"""Conditions, measures, populations, sources of claims and their sections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kg.answers import intakes
from kg.answers.cards import Intake
from kg.claims import study_results
from kg.propositions import evidence_map
from kg.propositions.evidence_map import Answer
from kg.rdf.vocabulary import DCTERMS_TITLE
from kg.reader import conditions
from kg.reader.entity import Reference
from kg.reader.reader import Reader
from server import svg
from server.charts import Chart, effects
from server.pages.entity.page_types import propositions
from server.pages.entity.page_types.context import PageContext, TypeContext
from server.pages.entity.page_types.propositions import PropositionLine
from server.svg import ForestPlot

COVERED_BY_CONDITIONS = conditions.RELATIONS
# What was read of a source, and when.
SOURCE_BOX = {
    "versionRead": "Version read",
    "partRead": "Part read",
    "dateOfAccess": "Read on",
    "hasStudyRecord": "Counts as evidence",
}
COVERED_BY_SOURCES = ("webAddress", DCTERMS_TITLE)
INTAKE_BOX = {
    "population": "For",
    "authority": "Authority",
    "concernsNutrient": "Nutrient",
    "yearSet": "Year set",
    "citesStudy": "Source",
}
# The query of the catalogue that lists what studies found for an outcome.
_RESULTS = "/api/v1/queries/results-for-an-outcome"
# Directions of propositions on which there is evidence.
_ASSESSED = ("for", "mixed", "against", "unclear")


@dataclass(frozen=True, kw_only=True)
class ConditionContext(TypeContext):
    """The propositions about a condition or measure, and the numbers that studies found.

    Attributes:
        bears_on_it: what causes it, makes it likelier, prevents it or is given against it, by name of the relation.
        assessed: the propositions with evidence, those that it decides first.
        unassessed: the others.
        effects: effect sizes in groups that can be compared, each with an axis of its own.
        answer: what has an effect on it or goes together with it, by reading, see ``evidence_map.on_outcome``.
        effects_chart: the effect sizes as a forest chart.
        timeline: all studies with a result for it, by year.
        results_url, results_csv_url: every result for it, with design and participants, as a page and as CSV.
    """

    bears_on_it: dict[str, tuple[Reference, ...]]
    assessed: list[PropositionLine]
    unassessed: list[PropositionLine]
    effects: list[ForestPlot]
    answer: Answer
    effects_chart: Chart | None
    timeline: Chart | None
    results_url: str
    results_csv_url: str


@dataclass(frozen=True, kw_only=True)
class PopulationContext(TypeContext):
    """What concerns some people.

    Attributes:
        intakes: what authorities set for them, or for the group around them.
        known: the propositions about them, those with evidence first.
        studies: studies of them, as many as are shown.
        study_count: how many there are.
    """

    intakes: tuple[Intake, ...]
    known: list[PropositionLine]
    studies: tuple[Reference, ...]
    study_count: int


@dataclass(frozen=True, kw_only=True)
class IntakeContext(TypeContext):
    """What all authorities set for the people of a reference intake, and whether this one was superseded."""

    beside: tuple[Intake, ...]
    is_superseded: bool


@dataclass(frozen=True, kw_only=True)
class SectionContext(TypeContext):
    """How many claims of a section or source have each standing, the commonest first."""

    standings: list[tuple[Reference, int]]


def condition(context: PageContext) -> ConditionContext:
    """What bears on it, the propositions about it, and the numbers that studies found."""
    itself = Reference(context.iri, context.entity.label)
    panels = effects.panels(context.view, itself, study_results.of_outcome(context.reader, context.iri))
    lines = propositions.lines_about(context.view.claim_index, context.iri)
    outcome = {"outcome": context.reader.vocabulary.shorten(context.iri)}
    return ConditionContext(
        bears_on_it=conditions.bearing_on(context.reader, context.iri),
        assessed=[line for line in lines if line.summary.side in _ASSESSED],
        unassessed=[line for line in lines if line.summary.side not in _ASSESSED],
        effects=svg.plot_effects(panels),
        effects_chart=effects.forest(itself, panels),
        timeline=effects.of_years(context.view, context.iri),
        results_url=context.urls.api(_RESULTS, outcome),
        results_csv_url=context.urls.api(_RESULTS, outcome | {"format": "csv"}),
        answer=evidence_map.on_outcome(context.view.claim_index.propositions, context.iri),
        is_delicate=True,
    )


def population(context: PageContext) -> PopulationContext:
    """The intakes that authorities set for these people, what is known of them, and studies of them."""
    studies = context.view.backlink_page(context.reader.vocabulary.term("studiedPopulation"), 1)
    lines = propositions.lines_about(context.view.claim_index, context.iri)
    return PopulationContext(
        intakes=_intakes_for(context.reader, Reference(context.iri, "")),
        known=sorted(lines, key=lambda line: line.summary.side not in _ASSESSED),
        studies=studies.incoming.shown if studies else (),
        study_count=studies.incoming.count if studies else 0,
        is_delicate=True,
    )


def _intakes_for(reader: Reader, people: Reference) -> tuple[Intake, ...]:
    card = intakes.intake_card(intakes.all_intakes(reader), intakes.groups_above(reader), people, None, None)
    return card.intakes if card else ()


def intake(context: PageContext) -> IntakeContext:
    """What all authorities set for the same people; for those without an own value, for the group around them."""
    reader, people = context.reader, context.entity.related("population")
    population = people.values[0].value if people else None
    beside = _intakes_for(reader, population) if isinstance(population, Reference) else ()
    is_superseded = "true" in context.entity.texts(reader.vocabulary.term("isSuperseded"))
    return IntakeContext(beside=beside, is_superseded=is_superseded, is_delicate=True)


def section(context: PageContext) -> SectionContext:
    """The standings on the claims of a section or source."""
    standings = Counter(one.standing for one in context.view.claims if one.standing)
    return SectionContext(
        standings=sorted(standings.items(), key=lambda pair: (-pair[1], pair[0].label)), is_section=True
    )
