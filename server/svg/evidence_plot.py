"""The harvest of evidence: a row for each kind of study, a dot for each study, for, mixed or against."""

from __future__ import annotations

from dataclasses import dataclass

from kg.claims.evidence_summary import SIDES, DesignRow, StudyTally
from kg.reader.entity import Reference

_STEP, _PER_LINE, _LABEL, _PAD = 26, 8, 210, 24
_TITLES = ("for", "mixed or unclear", "against")


@dataclass(frozen=True)
class Dot:
    study: Reference
    x: int
    y: int
    side: str
    is_direct: bool
    text: str


@dataclass(frozen=True)
class PlotRow:
    """One kind of study: its name, how many studies on each side, and where it stands."""

    design: Reference
    y: int
    height: int
    counts: tuple[int, ...]

    @property
    def text(self) -> str:
        """The row in words."""
        counted = zip(self.counts, _TITLES, strict=True)
        return f"{self.design.label}: " + ", ".join(f"{count} {title}" for count, title in counted if count)


@dataclass(frozen=True)
class EvidencePlot:
    width: int
    height: int
    columns: tuple[tuple[str, str, int], ...]
    bands: tuple[PlotRow, ...]
    dots: tuple[Dot, ...]

    @property
    def text(self) -> str:
        """The picture in words."""
        return "; ".join(band.text for band in self.bands)


def plot_evidence(rows: list[DesignRow]) -> EvidencePlot | None:
    """The picture, or ``None`` where there are no studies."""
    if not rows:
        return None
    wide = [max(2, min(_PER_LINE, max(len(row.sides[side]) for row in rows))) for side in SIDES]
    wide = [max(columns, 5) for columns in wide]
    starts, x = [], _LABEL
    for columns in wide:
        starts.append(x)
        x += columns * _STEP + _PAD
    dots: list[Dot] = []
    bands = []
    y = 30
    for row in rows:
        lines = max(-(-len(row.sides[side]) // columns) or 1 for side, columns in zip(SIDES, wide, strict=True))
        for side, start, columns in zip(SIDES, starts, wide, strict=True):
            for place, sheaf in enumerate(row.sides[side]):
                line, column = divmod(place, columns)
                at = (start + column * _STEP + 13, y + line * _STEP + 17)
                dots.append(Dot(sheaf.study, *at, side, sheaf.is_direct, _tooltip(sheaf, side)))
        height = lines * _STEP + 8
        bands.append(PlotRow(row.design, y, height, tuple(len(row.sides[side]) for side in SIDES)))
        y += height
    columns_drawn = tuple((side, title, start) for side, title, start in zip(SIDES, _TITLES, starts, strict=True))
    return EvidencePlot(x, y + 4, columns_drawn, tuple(bands), tuple(dots))


def _tooltip(sheaf: StudyTally, side: str) -> str:
    directly = "directly" if sheaf.is_direct else "not directly"
    on = "1 statement" if sheaf.claims == 1 else f"{sheaf.claims} statements"
    return f"{sheaf.study.label}: {_TITLES[SIDES.index(side)]}, {directly}, on {on}"
