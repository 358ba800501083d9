"""The evidence plot: a row for each study design, a mark for each study, a column for each side.

Shapes say how a study counts, so that nothing depends on colour: a full disc is among the best evidence, a ring is a
review, a small mark is set aside, a triangle stands for a study about which a warning was published. Columns say what
it found.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.propositions.evidence_summary import EvidenceSummary, StudyMark
from kg.reader.entity import Reference


@dataclass(frozen=True)
class Mark:
    """A study in the plot.

    Attributes:
        study: the study.
        shape: ``disc``, ``ring`` or ``warning``.
        is_small: whether it is set aside.
        text: the study in words, for tooltip and screen readers.
    """

    study: Reference
    shape: str
    is_small: bool
    text: str


@dataclass(frozen=True)
class PlotCell:
    """The studies of one design on one side: name and title of the side, and the marks."""

    side: str
    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class PlotRow:
    """A study design with a cell for each side; ``is_observation`` as in ``evidence_summary.DesignRow``."""

    design: Reference
    is_observation: bool
    cells: tuple[PlotCell, ...]


@dataclass(frozen=True)
class EvidencePlot:
    """The plot of one proposition.

    Attributes:
        summary: the evidence that it shows.
        rows: the designs, the strongest first.
        strip: the same without designs: a cell for each side that has studies.
    """

    summary: EvidenceSummary
    rows: tuple[PlotRow, ...]
    strip: tuple[PlotCell, ...]

    @property
    def is_observed_only(self) -> bool:
        """Whether something is said to help or harm, and nothing but observations of people bears on it."""
        return self.summary.is_observed_only

    @property
    def text(self) -> str:
        """The strip in words."""
        return ", ".join(f"{cell.title}: {len(cell.marks)}" for cell in self.strip)


def plot_evidence(summary: EvidenceSummary | None) -> EvidencePlot | None:
    """Returns the plot, or ``None`` if there are no studies."""
    if summary is None:
        return None
    rows = tuple(
        PlotRow(
            row.design,
            row.is_observation,
            tuple(
                PlotCell(name, title, tuple(_mark(mark, title, row.design) for mark in marks))
                for (name, title), marks in zip(summary.sides, row.sides, strict=True)
            ),
        )
        for row in summary.rows
    )
    strip = tuple(
        PlotCell(name, title, tuple(mark for row in rows for mark in row.cells[place].marks))
        for place, (name, title) in enumerate(summary.sides)
    )
    return EvidencePlot(summary, rows, tuple(cell for cell in strip if cell.marks))


def _mark(mark: StudyMark, title: str, design: Reference) -> Mark:
    shape = "warning" if mark.notices else "ring" if mark.is_review else "disc"
    parts = [f"{mark.study.label} ({design.label}): {title}", "best evidence" if mark.decides else "set aside"]
    if mark.notices:
        parts.append("a warning about this study was published")
    return Mark(mark.study, shape, not mark.decides, ", ".join(parts))
