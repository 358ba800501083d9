"""The page ``/methods``: claims, propositions, the ladder, certainty, standings, how to object, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import Response, make_response, render_template

from kg.propositions import evidence
from kg.propositions.evidence import Rung
from kg.propositions.index import DIRECTIONS
from kg.reader.entity import Reference
from server.charts.sources import STANDINGS
from server.core import conditional
from server.core.state import app_state
from server.pages.faceted_list import local_name


@dataclass(frozen=True)
class Ladder:
    """The ladder of one type of proposition: its tiers, each with the designs by starting certainty."""

    type: Reference
    is_for_models: bool
    tiers: tuple[tuple[tuple[Reference, tuple[Reference, ...]], ...], ...]


def methods() -> Response:
    """Renders the page."""
    if fresh := conditional.not_modified():
        return fresh
    reader, index = app_state().reader, app_state().claim_index
    sides = [summary.side for summary in index.propositions.summaries.values()]
    directions = reader.references([], extra=[reader.vocabulary.term(name) for name in DIRECTIONS])
    page = render_template(
        "methods.html",
        standings=sorted(
            reader.run("pages/standing-counts", {}), key=lambda row: STANDINGS.index(local_name(row["standing"].value))
        ),
        directions=[(directions[reader.vocabulary.term(name)], sides.count(name)) for name in DIRECTIONS],
        meanings={row["value"].value: row["meaning"].value for row in reader.run("pages/direction-meanings", {})},
        propositions=len(sides),
        ladders=_ladders(evidence.ladder(reader)),
        queries=[reader.catalogue["pages/standing-counts"], reader.catalogue["pages/ladder"]],
    )
    return conditional.cacheable(make_response(page))


def _ladders(rungs: list[Rung]) -> list[Ladder]:
    found = []
    for (_, is_for_models), group in groupby(rungs, key=lambda rung: (rung.type.iri, rung.is_for_models)):
        of_type = list(group)
        tiers = tuple(
            tuple(
                (certainty, tuple(rung.design for rung in of_certainty))
                for certainty, of_certainty in groupby(of_tier, key=lambda rung: rung.certainty)
            )
            for _, of_tier in groupby(of_type, key=lambda rung: rung.tier)
        )
        found.append(Ladder(of_type[0].type, is_for_models, tiers))
    return found
