"""The pages of the guide: its overview with the model, pitfalls and how to cite, and a part for each audience."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server.core import conditional
from server.core.state import app_state
from server.guide import live_queries, model_diagram
from server.linked_data import resources

# By part: the queries that it shows, with the columns that fit the page.
QUERIES: dict[str, dict[str, tuple[str, ...]]] = {
    "readers": {
        "foods-by-amount": ("food", "foodName", "microgramsPer100Grams", "upTo", "source", "sourceName"),
        "reference-intakes": (
            *("authority", "authorityName", "population", "populationName"),
            *("kindName", "minimum", "maximum", "unit", "year"),
        ),
        "advice-and-whom-it-is-for": ("population", "populationName", "claim", "statement", "source", "sourceName"),
    },
    "researchers": {
        "results-for-an-outcome": (
            *("study", "studyName", "designName", "participants", "exposure", "exposureName", "foundName"),
            *("measureName", "size", "lowerLimit", "upperLimit"),
        ),
        "evidence-on-a-proposition": ("decides", "directionName", "study", "studyName", "designName", "reasonName"),
        "sources-that-disagree": ("proposition", "propositionText", "affirmingName", "denyingName", "directionName"),
        "assessments-that-hang-on-one-study": ("proposition", "propositionText", "directionName", "study", "studyName"),
    },
    "developers": {"identifiers-of-an-entity": ("identifier", "nameThere", "outside")},
}
_ENTITY = "menaquinone-7"


def overview() -> Response:
    """Renders the overview."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    page = render_template(
        "guide/overview.html",
        boxes=model_diagram.BOXES,
        arrows=model_diagram.arrows(),
        width=model_diagram.WIDTH,
        height=model_diagram.HEIGHT,
        citation=resources.template_texts(reader, resources.dataset_iri(reader.vocabulary))["citation"],
    )
    return conditional.cacheable(make_response(page))


def part(part: str) -> Response:
    """Renders the part for an audience."""
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    page = render_template(
        f"guide/{part}.html",
        examples={name: live_queries.run(current, name, shown) for name, shown in QUERIES[part].items()},
        catalogue=len(current.reader.catalogue.public()),
        endpoint=current.urls.sparql_endpoint(),
        timeout=f"{current.settings.query_timeout:g}",
        result_mib=current.settings.query_result_mib,
        iri=current.reader.vocabulary.entity_iri(_ENTITY),
    )
    return conditional.cacheable(make_response(page))
