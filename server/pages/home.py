"""The home page: a search box, four ways in, how the statements fared, and what is in here."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.catalogue.catalogue import Query
from server.core import conditional
from server.core.state import app_state
from server.linked_data import schema_org
from server.pages.faceted_list import local_name
from server.pages.sections import VERDICTS

# The statement by which newcomers see how one is contradicted.
CONTRADICTED = "claim-f002-1"
STARTING_QUERIES = ("circulation-times", "proteins-that-need-vitamin-k", "evidence-by-condition")
GROUPS = {
    "Vitamin K and other substances": ("VitaminKForm", "Metabolite", "Vitamin", "Mineral", "Drug", "Supplement"),
    "What they act on": ("Protein", "Process", "Condition", "Measure", "AnatomicalStructure", "Population"),
    "Foods": ("Food", "FoodGroup", "Organism", "ProductionProcess", "ReferenceIntake"),
    "Studies": ("Study", "StudyResult", "EvidenceLine", "StudyDesign", "SearchRecord"),
}


@dataclass(frozen=True)
class ClassTile:
    """A class with the number of things in it and in all classes below it."""

    name: str
    label: str
    count: int


def home() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    counts = reader.release.manifest["counts"]
    classes = reader.listing.classes()
    tiles = {
        title: [
            ClassTile(name, entry.label, entry.members)
            for name in names
            if (entry := classes.get(reader.vocabulary.term(name))) and entry.members
        ]
        for title, names in GROUPS.items()
    }
    question = reader.catalogue["pages/against-a-claim"]
    page = render_template(
        "home.html",
        tiles=tiles,
        claims=sum(section["count"] for section in counts["claims"]),
        verdicts=sorted(reader.run("pages/verdict-counts", {}), key=lambda row: _order(row["verdict"].value)),
        studies=classes[reader.vocabulary.term("Study")].members,
        foods=classes[reader.vocabulary.term("Food")].members,
        triples=counts["triples"],
        contradicted=CONTRADICTED,
        against=question.fill({"claim": reader.vocabulary.entity_iri(CONTRADICTED)}),
        questions=[_filled(reader.catalogue[name]) for name in STARTING_QUERIES],
        local_name=local_name,
        structured=schema_org.dataset(),
    )
    return conditional.cacheable(make_response(page))


def _order(verdict: str) -> int:
    return VERDICTS.index(local_name(verdict))


def _filled(query: Query) -> tuple[Query, str]:
    """The question with its text, filled with its example values."""
    return query, app_state().reader.catalogue.example(query)
