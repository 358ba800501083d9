"""The home page: a search box, four starting points, standings at a glance, and the classes to browse."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.catalogue.catalogue import Query
from server.core import conditional
from server.core.state import app_state
from server.linked_data import schema_org
from server.pages.faceted_list import local_name
from server.pages.sections import STANDINGS

# The proposition that shows newcomers how evidence is weighed.
SHOWN = "proposition-k2-lowers-fracture"
_WITHOUT_EVIDENCE = ("notSearched", "noneFound", "tooVague")
STARTING_QUERIES = ("circulation-times", "proteins-that-need-vitamin-k", "evidence-by-condition")
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
    propositions = app_state().claim_index.propositions.summaries.values()
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
        propositions=len(propositions),
        with_evidence=sum(summary.side not in _WITHOUT_EVIDENCE for summary in propositions),
        questions=[_filled(reader.catalogue[name]) for name in STARTING_QUERIES],
        local_name=local_name,
        structured=schema_org.dataset(reader, app_state().urls),
    )
    return conditional.cacheable(make_response(page))


def _order(standing: str) -> int:
    return STANDINGS.index(local_name(standing))


def _filled(query: Query) -> tuple[Query, str]:
    """The query and its text, filled with its example values."""
    return query, app_state().reader.catalogue.example(query)
