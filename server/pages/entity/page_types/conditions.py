"""Conditions, measures, populations, sources of claims and their sections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kg.claims import study_results
from kg.claims.study_results import ReferenceIntake
from kg.reader import conditions
from kg.reader.entity import Reference
from server import svg
from server.pages.entity.page_types import propositions
from server.pages.entity.page_types.context import PageContext, TypeContext
from server.pages.entity.page_types.propositions import PropositionLine
from server.svg import ForestPlot

COVERED_BY_CONDITIONS = conditions.RELATIONS
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
    """

    bears_on_it: dict[str, tuple[Reference, ...]]
    assessed: list[PropositionLine]
    unassessed: list[PropositionLine]
    effects: list[ForestPlot]


@dataclass(frozen=True, kw_only=True)
class PopulationContext(TypeContext):
    """The intakes that authorities set for these people."""

    intakes: list[ReferenceIntake]


@dataclass(frozen=True, kw_only=True)
class SectionContext(TypeContext):
    """How many claims of a section or source have each standing, the commonest first."""

    standings: list[tuple[Reference, int]]


def condition(context: PageContext) -> ConditionContext:
    """What bears on it, the propositions about it, and the numbers that studies found."""
    bears_on_it = context.budget.run_if_time(
        "what bears on it", lambda: conditions.bearing_on(context.reader, context.iri)
    )
    numbers = context.budget.run_if_time(
        "numbers of studies", lambda: study_results.of_outcome(context.reader, context.iri)
    )
    lines = propositions.lines_about(context.view.claim_index, context.iri)
    return ConditionContext(
        bears_on_it=bears_on_it or {},
        assessed=[line for line in lines if line.summary.side in _ASSESSED],
        unassessed=[line for line in lines if line.summary.side not in _ASSESSED],
        effects=svg.plot_effects(numbers or []),
    )


def population(context: PageContext) -> PopulationContext:
    """The intakes that authorities set for these people."""
    found = context.budget.run_if_time(
        "reference intakes", lambda: study_results.intakes_of(context.reader, context.iri)
    )
    return PopulationContext(intakes=found or [])


def section(context: PageContext) -> SectionContext:
    """The standings on the claims of a section or source."""
    standings = Counter(one.standing for one in context.view.claims if one.standing)
    return SectionContext(
        standings=sorted(standings.items(), key=lambda pair: (-pair[1], pair[0].label)), is_section=True
    )
