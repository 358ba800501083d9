"""The page ``/sections``: the sources, and the sections of the article in reading order, with standings of claims."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.rdf.formats import HTML
from kg.reader.entity import Reference
from server.api import row_lists
from server.charts import sources as source_charts
from server.charts.sources import STANDINGS
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.linked_data import listings

# The source whose sections the page lists; those of the others are on their own pages.
ARTICLE = "source-article"


@dataclass(frozen=True)
class SectionSummary:
    """A section of a source.

    Attributes:
        source: the source.
        position: its position in reading order.
        section: the section.
        level: level of its heading, 0 for the top level.
        statements: number of statements counted in the text.
        claims: number of claims into which they were split.
        standings: number of claims for each standing, in the order of ``STANDINGS``.
        flaws: number of flawed claims.
    """

    source: Reference
    position: int
    section: Reference
    level: int
    statements: int
    claims: int
    standings: tuple[tuple[Reference, int], ...]
    flaws: int


@dataclass(frozen=True)
class SourceSummary:
    """A source with the number of its sections and claims, and of its claims by standing, in order of ``STANDINGS``."""

    source: Reference
    sections: int
    claims: int
    standings: tuple[tuple[Reference, int], ...]


def section_list() -> Response:
    """Renders the page."""
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    if chosen.name != HTML.name:
        return row_lists.respond("coverage-of-the-source", {}, chosen)
    reader = app_state().reader
    names = ("coverage-of-the-source", "pages/standings-by-section", "pages/flaws-by-section")
    coverage, standings, flaw_rows = (reader.run(name, {}) for name in names)
    order = [reader.vocabulary.term(name) for name in STANDINGS]
    references = reader.references(coverage, "section", "source", extra=order)
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in standings:
        counts[row["section"].value][row["standing"].value] = int(row["claims"].value)
    flawed = {row["section"].value: int(row["claims"].value) for row in flaw_rows}
    levels: dict[str, int] = {}
    sections = []
    for row in coverage:
        iri = row["section"].value
        levels[iri] = levels.get(row["whole"].value, -1) + 1
        sections.append(
            SectionSummary(
                source=references[row["source"].value],
                position=int(row["position"].value),
                section=references[iri],
                level=levels[iri],
                statements=int(row["statements"].value),
                claims=int(row["claims"].value),
                standings=tuple(
                    (references[standing], counts[iri][standing]) for standing in order if standing in counts[iri]
                ),
                flaws=flawed.get(iri, 0),
            )
        )
    of_article = [section for section in sections if section.source.iri == reader.vocabulary.entity_iri(ARTICLE)]
    page = render_template(
        "sections.html",
        sources=_by_source(sections, [references[standing] for standing in order]),
        sections=of_article,
        chart=source_charts.by_section(of_article[0].source, [(one.section, one.standings) for one in of_article]),
        most=max(section.claims for section in sections),
        standings=[references[standing] for standing in order],
        queries=[reader.catalogue[name] for name in names],
    )
    return listings.as_page(make_response(page))


def _by_source(sections: list[SectionSummary], standings: list[Reference]) -> list[SourceSummary]:
    found: defaultdict[str, list[SectionSummary]] = defaultdict(list)
    for section in sections:
        found[section.source.iri].append(section)
    return [
        SourceSummary(
            source=group[0].source,
            sections=len(group),
            claims=sum(one.claims for one in group),
            standings=tuple(
                (standing, count)
                for standing in standings
                if (count := sum(number for one in group for known, number in one.standings if known == standing))
            ),
        )
        for group in found.values()
    ]
