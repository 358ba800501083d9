"""The chart of a source of claims: how the claims of each of its sections compare with what is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kg.reader.entity import Reference
from server.charts.chart import Chart, GraphSource, counted
from server.svg.stacks import Sort, Stack, draw_stacks

SECTIONS = "sections"
# In the order in which the bars show them.
STANDINGS = (
    *("consistentStanding", "thinlySupportedStanding", "overstatedStanding", "contradictedStanding"),
    *("unverifiedStanding", "notAssessedStanding", "tooVagueStanding"),
)
SectionCounts = tuple[Reference, Sequence[tuple[Reference, int]]]


def of_source(source: GraphSource, iri: str) -> Chart | None:
    """The standings of the claims of a source, section by section."""
    reader = source.reader
    coverage, standings = (reader.run(name, {}) for name in ("coverage-of-the-source", "pages/standings-by-section"))
    own = [row for row in coverage if row["source"].value == iri]
    references = reader.references([*own, *standings], "section", "source", "standing")
    counts: dict[str, list[tuple[Reference, int]]] = {}
    for row in standings:
        counts.setdefault(row["section"].value, []).append(
            (references[row["standing"].value], int(row["claims"].value))
        )
    sections = dict.fromkeys(row["section"].value for row in own)
    found = [(references[section], counts.get(section, ())) for section in sections]
    return by_section(references[iri], found) if own else None


def by_section(of: Reference, sections: Sequence[SectionCounts]) -> Chart | None:
    """The chart of the sections of a source, in reading order, each with how many claims have each standing."""
    shown = [(section, {standing.iri: count for standing, count in some}) for section, some in sections if some]
    if not shown:
        return None
    named = {standing.iri: standing for _, some in sections for standing, _ in some}
    order = [one for name in STANDINGS for one in named.values() if one.iri.endswith("#" + name)]
    every = sum(sum(counts.values()) for _, counts in shown)
    consistent = sum(counts.get(order[0].iri, 0) for _, counts in shown) if order[0].iri.endswith(STANDINGS[0]) else 0
    sorts = [Sort(one.label, one.iri.rpartition("#")[2]) for one in order]
    stacks = [
        Stack(section.label, tuple(counts.get(one.iri, 0) for one in order), section.iri) for section, counts in shown
    ]
    return Chart(
        kind=SECTIONS,
        name=of.iri.rpartition("/")[2],
        finding=f"{consistent:,} of {counted(every, 'claim')} in {counted(len(shown), 'section')} are consistent with "
        "the evidence",
        note="Standings are computed from the evidence collected here by published rules. Sections without claims are "
        "not drawn.",
        source=f"claims of {of.label}",
        columns=("section", *(one.label for one in order), "IRI"),
        rows=tuple((one.name, *map(str, one.counts), one.iri) for one in stacks),
        draw=partial(draw_stacks, stacks=stacks, sorts=sorts, title="claims"),
    )
