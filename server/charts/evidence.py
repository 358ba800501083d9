"""Charts of the evidence on a proposition: by design and side, by year, and how its certainty was computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from kg.propositions import assessment, evidence_summary
from kg.propositions.assessment import AppliedEvidence, Assessment
from kg.propositions.evidence_summary import EvidenceSummary, StudyMark
from kg.propositions.index import PropositionSummary
from kg.reader.entity import Reference
from server.charts.chart import Chart, GraphSource, counted, named
from server.svg.evidence_plot import EvidencePlot, Mark, plot_evidence
from server.svg.steps import Step, draw_steps
from server.svg.strip import Lane, StripMark, draw_years
from server.svg.table_chart import CellMark, ChartRow, draw_table

EVIDENCE, TIMELINE, CERTAINTY = "evidence", "timeline", "certainty"
# With fewer studies a timeline shows nothing that the table does not.
LEAST_STUDIES = 5
_GLYPHS = "Small: set aside; ring: a review or guideline; hollow triangle: a warning about it was published. "
_AS_EVERYWHERE = "“No difference shown” is not proof that there is none. "


def of_proposition(source: GraphSource, iri: str) -> Chart | None:
    """The studies on a proposition by design and side."""
    summary = _summarised(source, iri)
    plot = plot_evidence(summary)
    return by_design(_proposition(source, iri), plot) if plot else None


def by_design(proposition: PropositionSummary, plot: EvidencePlot) -> Chart:
    """The chart of the studies on a proposition: a row for each design, a column for each side."""
    rows = [
        ChartRow(
            row.design.label,
            tuple(
                tuple(
                    CellMark(_style(mark, cell.side), mark.study.iri, mark.text, is_small=mark.is_small)
                    for mark in cell.marks
                )
                for cell in row.cells
            ),
        )
        for row in plot.rows
    ]
    marks = [
        (row.design.label, cell.title, mark.text.partition("): ")[2].partition(", ")[2], mark.study)
        for row in plot.rows
        for cell in row.cells
        for mark in cell.marks
    ]
    return Chart(
        kind=EVIDENCE,
        name=proposition.proposition.iri.rpartition("/")[2],
        finding=f"{proposition.proposition.label.rstrip('.')}: {proposition.words}. {_best(plot.summary)}",
        note=f"A mark is a study, the strongest designs first. {_GLYPHS}{_AS_EVERYWHERE}",
        source=f"{counted(len({study.iri for *_, study in marks}), 'study', 'studies')}",
        columns=("design", "side", "study", "counts as", "IRI"),
        rows=tuple((design, side, study.label, counts, study.iri) for design, side, counts, study in marks),
        draw=partial(draw_table, corner="Design", columns=[title for _, title in plot.summary.sides], rows=rows),
    )


def of_years(source: GraphSource, iri: str) -> Chart | None:
    """The studies on a proposition by year and side."""
    summary = _summarised(source, iri)
    if summary is None:
        return None
    return by_year(_proposition(source, iri), summary, assessment.evidence_on(source.reader, iri))


def by_year(
    proposition: PropositionSummary, summary: EvidenceSummary, evidence: Iterable[AppliedEvidence]
) -> Chart | None:
    """The chart of the studies on a proposition by year; ``None`` with fewer than ``LEAST_STUDIES`` of known year.

    Args:
        proposition: the proposition.
        summary: its evidence by design and side.
        evidence: its evidence with years.
    """
    years = {one.study.iri: one.year for one in evidence if one.year.isdigit()}
    designs = {mark.study.iri: row.design for row in summary.rows for side in row.sides for mark in side}
    by_side = [
        (name, title, sorted(_once(marks), key=lambda mark: (years.get(mark.study.iri, ""), mark.study.label)))
        for name, title, marks in summary.by_side
    ]
    dated = [(name, title, [one for one in marks if one.study.iri in years]) for name, title, marks in by_side]
    studies = {mark.study.iri for *_, marks in dated for mark in marks}
    if len(studies) < LEAST_STUDIES:
        return None
    undated = len({mark.study.iri for *_, marks in by_side for mark in marks}) - len(studies)
    lanes = [
        Lane(f"{title[:1].upper()}{title[1:]}: {len(marks)}", name, tuple(_year_mark(m, years, designs) for m in marks))
        for name, title, marks in dated
        if marks
    ]
    known = sorted(int(years[iri]) for iri in studies)
    return Chart(
        kind=TIMELINE,
        name=proposition.proposition.iri.rpartition("/")[2],
        finding=f"{len(studies)} studies from {known[0]} to {known[-1]}. {_best(summary)}",
        note="A mark is a study in the year of its publication, a small one is set aside, a hollow triangle one about "
        "which a warning was published. "
        + _AS_EVERYWHERE
        + (f"Not drawn, since their year is not recorded: {undated}. " if undated else ""),
        source=named(mark.study for *_, marks in dated for mark in marks),
        columns=("year", "side", "study", "design", "counts as", "IRI"),
        rows=tuple(
            (years[m.study.iri], title, m.study.label, designs[m.study.iri].label, _counts_as(m), m.study.iri)
            for _, title, marks in dated
            for m in marks
        ),
        draw=partial(draw_years, lanes=lanes, title="year of publication"),
    )


def of_certainty(source: GraphSource, iri: str) -> Chart | None:
    """How the certainty of a proposition was computed."""
    found = assessment.of_proposition(source.reader, source.claim_index.propositions, iri)
    return steps_to_certainty(found) if found else None


def steps_to_certainty(found: Assessment) -> Chart | None:
    """The chart of the steps from the certainty of the design to the final one; ``None`` where no study decides."""
    end = found.summary.certainty
    if found.start is None or end is None:
        return None
    tier = found.counts.get("decidedInTier", 1)
    why = "Studies of the best designs for it decide" if tier == 1 else "No study of a better design decides"
    steps = [Step(f"Starts {found.start.label}", why, "start")]
    for step in found.steps:
        verb, style = ("Lowered", "lower") if step.levels < 0 else ("Raised", "raise")
        steps.append(Step(f"{verb} by {abs(step.levels)} for {step.name}", step.reason, style))
    if found.cap is not None:
        steps.append(Step(f"At most {found.cap.label}", "The evidence is mixed", "lower"))
    steps.append(Step(f"{end.label[:1].upper()}{end.label[1:]} certainty", found.summary.words, "end"))
    return Chart(
        kind=CERTAINTY,
        name=found.summary.proposition.iri.rpartition("/")[2],
        finding=f"Certainty starts at {found.start.label} and ends at {end.label}",
        note="Computed by a published rule from recorded facts; not a GRADE rating, which is the judgement of a panel.",
        source=named(one.study for one in found.deciding),
        columns=("step", "why"),
        rows=tuple((step.title, step.why) for step in steps),
        draw=partial(draw_steps, steps=steps),
    )


def _summarised(source: GraphSource, iri: str) -> EvidenceSummary | None:
    index = source.claim_index.propositions
    summary = index.get(iri)
    return evidence_summary.summarise(summary, index.evidence.get(iri, ())) if summary else None


def _proposition(source: GraphSource, iri: str) -> PropositionSummary:
    found = source.claim_index.propositions.get(iri)
    assert found is not None
    return found


def _best(summary: EvidenceSummary) -> str:
    """What the best studies say, and how many are set aside; a study with two results can be on two sides."""
    best = [(title, len({m.study.iri for m in marks if m.decides})) for _, title, marks in summary.by_side]
    every = {mark.study.iri for *_, marks in summary.by_side for mark in marks}
    aside = len(every - {mark.study.iri for *_, marks in summary.by_side for mark in marks if mark.decides})
    counts = ", ".join(f"{title} {count}" for title, count in best if count)
    return (f"Best studies: {counts}" if counts else "No study decides") + (f"; set aside: {aside}" if aside else "")


def _once(marks: Iterable[StudyMark]) -> list[StudyMark]:
    return list({mark.study.iri: mark for mark in marks}.values())


def _year_mark(mark: StudyMark, years: Mapping[str, str], designs: Mapping[str, Reference]) -> StripMark:
    year, design = years[mark.study.iri], designs[mark.study.iri]
    words = f"{year}: {mark.study.label} ({design.label}), {_counts_as(mark)}"
    style = "warned" if mark.notices else ""
    return StripMark(float(year), float(year), 1, mark.study.iri, words, is_small=not mark.decides, style=style)


def _style(mark: Mark, side: str) -> str:
    """A ring for a review and a triangle for a study about which a warning was published, as on pages."""
    return "warned" if mark.shape == "warning" else f"{mark.shape} {side}"


def _counts_as(mark: StudyMark) -> str:
    counts = "best evidence" if mark.decides else "set aside"
    return counts + (", a warning about this study was published" if mark.notices else "")
