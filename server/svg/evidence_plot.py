"""The evidence plot: a row for each study design, a dot for each study; columns for, mixed or against."""

from __future__ import annotations

from dataclasses import dataclass

from kg.claims.evidence_summary import SIDES, DesignRow, StudyTally
from kg.reader.entity import Reference

_STEP, _PER_LINE, _LABEL, _PAD = 26, 8, 210, 24
_TITLES = ("for", "mixed or unclear", "against")


@dataclass(frozen=True)
class Dot:
    """A study in the plot.

    Attributes:
        study: the study.
        x: horizontal centre, in user units of the SVG.
        y: vertical centre.
        side: one of ``SIDES``.
        is_direct: whether it tests a claim directly.
        text: tooltip.
    """

    study: Reference
    x: int
    y: int
    side: str
    is_direct: bool
    text: str


@dataclass(frozen=True)
class PlotRow:
    """A study design in the plot.

    Attributes:
        design: the design.
        y: top edge, in user units of the SVG.
        height: height in the same units.
        counts: number of studies on each side, in the order of ``SIDES``.
    """

    design: Reference
    y: int
    height: int
    counts: tuple[int, ...]

    @property
    def text(self) -> str:
        """The row in words, for screen readers."""
        titled_counts = zip(self.counts, _TITLES, strict=True)
        return f"{self.design.label}: " + ", ".join(f"{count} {title}" for count, title in titled_counts if count)


@dataclass(frozen=True)
class EvidencePlot:
    """The layout of the plot, in user units of the SVG.

    Attributes:
        width: total width.
        height: total height.
        columns: for each side its name, its title and its left edge.
        bands: the rows.
        dots: the studies of all rows.
    """

    width: int
    height: int
    columns: tuple[tuple[str, str, int], ...]
    bands: tuple[PlotRow, ...]
    dots: tuple[Dot, ...]

    @property
    def text(self) -> str:
        """The plot in words, for screen readers."""
        return "; ".join(band.text for band in self.bands)


def plot_evidence(rows: list[DesignRow]) -> EvidencePlot | None:
    """Lays the plot out, or returns ``None`` if there are no studies."""
    if not rows:
        return None
    dots_per_line = [max(5, min(_PER_LINE, max(len(row.sides[side]) for row in rows))) for side in SIDES]
    starts, x = [], _LABEL
    for columns in dots_per_line:
        starts.append(x)
        x += columns * _STEP + _PAD
    dots: list[Dot] = []
    bands = []
    y = 30
    for row in rows:
        lines = max(
            -(-len(row.sides[side]) // columns) or 1 for side, columns in zip(SIDES, dots_per_line, strict=True)
        )
        for side, start, columns in zip(SIDES, starts, dots_per_line, strict=True):
            for index, tally in enumerate(row.sides[side]):
                line, column = divmod(index, columns)
                centre = (start + column * _STEP + 13, y + line * _STEP + 17)
                dots.append(Dot(tally.study, *centre, side, tally.is_direct, _tooltip(tally, side)))
        height = lines * _STEP + 8
        bands.append(PlotRow(row.design, y, height, tuple(len(row.sides[side]) for side in SIDES)))
        y += height
    columns_drawn = tuple((side, title, start) for side, title, start in zip(SIDES, _TITLES, starts, strict=True))
    return EvidencePlot(x, y + 4, columns_drawn, tuple(bands), tuple(dots))


def _tooltip(tally: StudyTally, side: str) -> str:
    directness = "direct" if tally.is_direct else "indirect"
    claims = "1 claim" if tally.claims == 1 else f"{tally.claims} claims"
    return f"{tally.study.label}: {_TITLES[SIDES.index(side)]}, {directness}, {claims}"
