"""The home page: search, three entrances, the evidence map, how the claims hold up, and the classes to browse."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.catalogue.catalogue import Query
from kg.propositions.evidence_map import evidence_map
from server.charts import overview
from server.charts.sources import STANDINGS
from server.core import conditional
from server.core.state import app_state
from server.linked_data import schema_org
from server.pages.faceted_list import local_name

# The proposition that shows newcomers how evidence is weighed.
SHOWN = "proposition-k2-lowers-fracture"
# Outcomes that are shown at once.
MAP_ROWS = 12
_NOT_ASSESSED = ("notSearched", "tooVague")
STARTING_QUERIES = ("circulation-times", "proteins-that-need-vitamin-k", "evidence-by-condition")
EFFECT_SIZES = "results-for-an-outcome"
GROUPS = {
    "Vitamin K and other substances": ("VitaminKForm", "Metabolite", "Vitamin", "Mineral", "Drug", "Supplement"),
    "Body and health": ("Protein", "Process", "Condition", "Measure", "AnatomicalStructure", "Population"),
    "Foods": ("Food", "FoodGroup", "Organism", "ProductionProcess", "ReferenceIntake"),
    "Claims and studies": (
        "ClaimSource",
        "Claim",
        "Proposition",
        "Study",
        "StudyResult",
        "StudyDesign",
        "SearchRecord",
    ),
}


@dataclass(frozen=True)
class ClassTile:
    """A class to browse; ``count`` is the number of entities in it and its subclasses."""

    name: str
    label: str
    count: int


@dataclass(frozen=True)
class Coverage:
    """How many propositions there are, and on how many the evidence was assessed, was not searched, or can't be."""

    total: int
    not_searched: int
    too_vague: int

    @property
    def assessed(self) -> int:
        """The propositions of which the evidence was searched and assessed, be it that none was found."""
        return self.total - self.not_searched - self.too_vague


def home() -> Response:
    """Renders the page."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    counts = reader.release.manifest.counts
    classes = reader.listing.classes()
    tiles = {
        title: [
            ClassTile(name, entry.label, entry.members)
            for name in names
            if (entry := classes.get(reader.vocabulary.term(name))) and entry.members
        ]
        for title, names in GROUPS.items()
    }
    columns = {reader.vocabulary.entity_iri(name): label for name, label in overview.MAP_COLUMNS.items()}
    found = evidence_map(app_state().claim_index.propositions, tuple(columns))
    page = render_template(
        "home.html",
        tiles=tiles,
        sources=len(app_state().claim_index.sources),
        claims=sum(section.count for section in counts.claims),
        standings=sorted(reader.run("pages/standing-counts", {}), key=lambda row: _order(row["standing"].value)),
        studies=classes[reader.vocabulary.term("Study")].members,
        foods=classes[reader.vocabulary.term("Food")].members,
        triples=counts.triples,
        shown=SHOWN,
        coverage=_coverage(),
        map=found,
        map_chart=overview.whole_map(found, columns),
        standings_chart=overview.standings(app_state().claim_index),
        map_columns=[(iri, columns[iri]) for iri in found.columns],
        map_rows=MAP_ROWS,
        effect_sizes=EFFECT_SIZES,
        catalogue=len(reader.catalogue.public()),
        questions=[_filled(reader.catalogue[name]) for name in STARTING_QUERIES],
        local_name=local_name,
        structured=schema_org.dataset(reader, app_state().urls),
    )
    return conditional.cacheable(make_response(page))


def _coverage() -> Coverage:
    sides = Counter(summary.side for summary in app_state().claim_index.propositions.summaries.values())
    return Coverage(sides.total(), *(sides[side] for side in _NOT_ASSESSED))


def _order(standing: str) -> int:
    return STANDINGS.index(local_name(standing))


def _filled(query: Query) -> tuple[Query, str]:
    """The query and its text, filled with its example values."""
    return query, app_state().reader.catalogue.example(query)
