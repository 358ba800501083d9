"""What the tests of charts share: a chart of each kind, read from a release without a server."""

from __future__ import annotations

from dataclasses import dataclass

from kg.claims.claim_index import ClaimIndex
from kg.reader.reader import Reader
from server.charts import Chart, chart_of
from server.svg.drawing import Drawing, Link, Path, Text

# One chart of each kind.
CHARTS = {
    "doses": "menaquinone-7",
    "intakes": "vitamin-k",
    "compared": "natto~gouda",
    "effects": "hip-fracture",
    "evidence": "proposition-k2-lowers-fracture",
    "timeline": "proposition-k2-lowers-fracture",
    "certainty": "proposition-k2-lowers-fracture",
    "foods": "vitamin-k2",
    "foods-in-studies": "vitamin-k2",
    "foods-in-table": "phylloquinone~ciqual-2020",
    "servings": "phylloquinone",
    "food": "natto",
    "times": "menaquinone-7",
    "evidence-map": "vitamin-k",
    "standings": "vitamin-k",
    "vitamin-k-cycle": "warfarin",
    "sections": "source-article",
}


@dataclass(frozen=True)
class Source:
    """Where charts read the graph."""

    reader: Reader
    claim_index: ClaimIndex


def chart(source: Source, kind: str, name: str = "") -> Chart:
    """The chart of a kind, by default that of its example."""
    found = chart_of(source, kind, name or CHARTS[kind])
    assert found, (kind, name)
    return found


def parts_of(drawing: Drawing) -> list[Path | Text]:
    """The paths and texts of a drawing, also those in links."""
    return [part for shape in drawing.shapes for part in (shape.shapes if isinstance(shape, Link) else (shape,))]


def links_of(drawing: Drawing) -> list[Link]:
    """The links of a drawing."""
    return [shape for shape in drawing.shapes if isinstance(shape, Link)]
