"""Charts of the graph as a whole: the evidence map, and how the claims hold up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

from kg.claims.claim_index import ClaimIndex
from kg.propositions.evidence_map import EvidenceMap, MapMark, evidence_map
from kg.reader.entity import Reference
from server.charts.chart import Chart, GraphSource, counted
from server.svg.ranges import Range, draw_ranges
from server.svg.table_chart import CellMark, ChartRow, draw_table

MAP, STANDINGS = "evidence-map", "standings"
# Columns of the evidence map by entity, with short names.
MAP_COLUMNS = {
    "vitamin-k": "Vitamin K",
    "phylloquinone": "K1",
    "vitamin-k2": "K2",
    "menaquinone-4": "MK-4",
    "menaquinone-7": "MK-7",
    "vitamin-d3-with-vitamin-k2": "D3 + K2",
}
# The entity of charts that are about everything.
ALL = "vitamin-k"
_WORDS = {
    "helps": "+ benefit",
    "noBenefit": "– no benefit",
    "mixed": "± mixed",
    "unclear": "? unclear",
    "harms": "! harm",
    "noHarm": "○ no harm",
    "lackHarms": "▽ lack harms",
}


def of_map(source: GraphSource, iri: str) -> Chart | None:
    """The evidence map; ``None`` for anything but vitamin K."""
    if not iri.endswith("/" + ALL):
        return None
    columns = {source.reader.vocabulary.entity_iri(name): label for name, label in MAP_COLUMNS.items()}
    return whole_map(evidence_map(source.claim_index.propositions, tuple(columns)), columns)


def whole_map(found: EvidenceMap, columns: Mapping[str, str]) -> Chart:
    """The chart of the evidence map; ``columns`` has the short names by IRI."""
    rows = [
        ChartRow(
            row.outcome.label,
            tuple(
                tuple(
                    CellMark(mark.reading, mark.summary.proposition.iri, mark.summary.proposition.label, _words(mark))
                    for mark in cell
                )
                for cell in row.cells
            ),
        )
        for row in found.rows
    ]
    marks = [
        (row.outcome.label, columns[iri], _words(mark), mark)
        for row in found.rows
        for iri, cell in zip(found.columns, row.cells, strict=True)
        for mark in cell
    ]
    helping = [(outcome, mark) for outcome, *_, mark in marks if mark.reading == "helps" and not mark.is_observed]
    helped, firmly = ({outcome for outcome, mark in some} for some in (helping, filter(_is_firm, helping)))
    return Chart(
        kind=MAP,
        name=ALL,
        finding=f"Of {len(found.rows)} outcomes with evidence, it points to a benefit of some form for {len(helped)}; "
        f"with moderate or high certainty for {len(firmly)}",
        note="Effects in people only; the outcomes with most deciding studies first. A cell says what the evidence "
        "shows and with which certainty; “seen together” stands for an association, which shows no cause.",
        source=f"{counted(sum(row.studies for row in found.rows), 'deciding result')} of studies",
        columns=("outcome", "form", "reading", "proposition", "assessment", "IRI"),
        rows=tuple(
            (outcome, form, words, mark.summary.proposition.label, mark.summary.words, mark.summary.proposition.iri)
            for outcome, form, words, mark in marks
        ),
        draw=partial(draw_table, corner="Outcome", columns=[columns[iri] for iri in found.columns], rows=rows),
    )


def of_standings(source: GraphSource, iri: str) -> Chart | None:
    """How many claims have each standing; ``None`` for anything but vitamin K."""
    return standings(source.claim_index) if iri.endswith("/" + ALL) else None


def standings(index: ClaimIndex) -> Chart | None:
    """The chart of the standings of all claims."""
    counts = Counter(one.standing for one in index.summaries.values() if one.standing)
    if not counts:
        return None
    every, consistent = counts.total(), _named(counts, "consistentStanding")
    ranges = [
        Range(standing.label, counted(count, "claim"), count, count, standing.iri)
        for standing, count in counts.most_common()
    ]
    return Chart(
        kind=STANDINGS,
        name=ALL,
        finding=f"{consistent:,} of {counted(every, 'claim')} are consistent with the evidence",
        note="Standings are computed from the evidence collected here by published rules.",
        source="claims of all sources",
        columns=("standing", "claims", "IRI"),
        rows=tuple((standing.label, str(count), standing.iri) for standing, count in counts.most_common()),
        draw=partial(draw_ranges, ranges=ranges, title="claims"),
    )


def _is_firm(named: tuple[str, MapMark]) -> bool:
    certainty = named[1].summary.certainty
    return certainty is not None and certainty.iri.endswith(("#highCertainty", "#moderateCertainty"))


def _words(mark: MapMark) -> str:
    certainty = mark.summary.certainty.label if mark.summary.certainty and mark.reading != "mixed" else ""
    together = ", seen together" if mark.is_observed else ""
    return _WORDS[mark.reading] + (f", {certainty}" if certainty else "") + together


def _named(counts: Counter[Reference], name: str) -> int:
    return sum(count for standing, count in counts.items() if standing.iri.endswith("#" + name))
