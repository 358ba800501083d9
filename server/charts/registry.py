"""The table of all charts: what draws the chart of a kind about an entity."""

from __future__ import annotations

from collections.abc import Callable

from server.charts import compared, doses, effects, evidence, foods, overview, pathway, sources
from server.charts.chart import Chart, GraphSource


def _timeline(source: GraphSource, iri: str) -> Chart | None:
    """The studies on a proposition, or else those with a result for an outcome, by year."""
    return evidence.of_years(source, iri) or effects.of_years(source, iri)


KINDS: dict[str, Callable[[GraphSource, str], Chart | None]] = {
    compared.COMPARED: compared.of_pair,
    doses.FORM: doses.of_form,
    doses.INTAKES: doses.of_all_intakes,
    effects.EFFECTS: effects.of_outcome,
    evidence.EVIDENCE: evidence.of_proposition,
    evidence.TIMELINE: _timeline,
    evidence.CERTAINTY: evidence.of_certainty,
    foods.FOODS: foods.of_described_foods,
    foods.STUDIED: foods.of_studied_foods,
    foods.TABLED: foods.of_table,
    foods.SERVINGS: foods.of_servings,
    foods.FOOD: foods.of_food,
    foods.TIMES: foods.of_times,
    overview.MAP: overview.of_map,
    overview.STANDINGS: overview.of_standings,
    pathway.PATHWAY: pathway.of_cycle,
    sources.SECTIONS: sources.of_source,
}


def chart_of(source: GraphSource, kind: str, name: str) -> Chart | None:
    """Returns the chart of a kind about an entity, given by its local name; ``None`` if there is none."""
    iri = source.reader.vocabulary.entity_iri(name)
    return KINDS[kind](source, iri) if kind in KINDS else None
