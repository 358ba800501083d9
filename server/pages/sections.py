"""The sections of the source in reading order: how many statements each makes, and how these fared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask import Response, make_response, render_template

from kg.reader.entity import Reference
from server.core import conditional
from server.core.state import app_state

# In the order in which the bars show them.
VERDICTS = ("supported", "contested", "notConfirmed", "refuted", "unsupported", "notAssessed")


@dataclass(frozen=True)
class SectionSummary:
    """A section: its place, the level of its heading, its statements as counted in the source, the claims into which
    they were taken apart, how many of these have each verdict, and how many are doubtful."""

    position: int
    section: Reference
    level: int
    statements: int
    claims: int
    verdicts: tuple[tuple[Reference, int], ...]
    flaws: int


def section_list() -> Response:
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    names = ("coverage-of-the-source", "pages/verdicts-by-section", "pages/flaws-by-section")
    coverage, verdicts, flaw_rows = (reader.run(name, {}) for name in names)
    order = [reader.vocabulary.term(name) for name in VERDICTS]
    refer = reader.references(coverage, "section", extra=order)
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in verdicts:
        counts[row["section"].value][row["verdict"].value] = int(row["claims"].value)
    flawed = {row["section"].value: int(row["claims"].value) for row in flaw_rows}
    levels: dict[str, int] = {}
    sections = []
    for row in coverage:
        iri = row["section"].value
        levels[iri] = levels.get(row["whole"].value, -1) + 1
        sections.append(
            SectionSummary(
                position=int(row["position"].value),
                section=refer[iri],
                level=levels[iri],
                statements=int(row["statements"].value),
                claims=int(row["claims"].value),
                verdicts=tuple((refer[verdict], counts[iri][verdict]) for verdict in order if verdict in counts[iri]),
                flaws=flawed.get(iri, 0),
            )
        )
    page = render_template(
        "sections.html",
        sections=sections,
        most=max(section.claims for section in sections),
        verdicts=[refer[verdict] for verdict in order],
        queries=[reader.catalogue[name] for name in names],
    )
    return conditional.cacheable(make_response(page))
