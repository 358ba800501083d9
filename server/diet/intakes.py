"""The page ``/intakes``: how much vitamin K authorities set, by group of people."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.answers.cards import Intake
from kg.foods import catalogue_queries
from kg.rdf.formats import HTML
from kg.rdf.natural_order import natural_key
from kg.reader.entity import Reference
from server.api import row_lists
from server.charts.doses import strip_of_intakes
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.linked_data import listings

QUERY = "reference-intakes"
# Adults first, then those who need another amount, then children by age.
_FIRST = ("adults", "women", "men", "pregnant-women", "breastfeeding-women")


@dataclass(frozen=True)
class PopulationRow:
    """The intakes set for one population, in the order of the authorities; empty where one sets none."""

    population: Reference
    intakes: tuple[tuple[Intake, ...], ...]


def intakes() -> Response:
    """Renders the page."""
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    if chosen.name != HTML.name:
        return row_lists.respond(QUERY, {}, chosen)
    reader, every = app_state().reader, app_state().answers.intakes
    authorities = sorted({one.authority for one in every}, key=lambda authority: authority.label)
    populations = sorted({one.population for one in every}, key=_order)
    rows = [
        PopulationRow(
            population,
            tuple(
                tuple(one for one in every if one.population == population and one.authority == authority)
                for authority in authorities
            ),
        )
        for population in populations
    ]
    queries = [catalogue_queries.filled(reader, reader.catalogue[QUERY], {})]
    page = render_template(
        "intakes.html", authorities=authorities, rows=rows, chart=strip_of_intakes(every), queries=queries
    )
    return listings.as_page(make_response(page))


def _order(population: Reference) -> tuple[int, bool, object]:
    local = population.iri.rpartition("/")[2]
    place = _FIRST.index(local) if local in _FIRST else len(_FIRST)
    return place, not local.startswith("infants"), natural_key(population.label)
