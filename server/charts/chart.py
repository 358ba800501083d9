"""What a chart is: a finding, what is drawn, where it is from, and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from kg.claims.claim_index import ClaimIndex
from kg.reader.entity import Reference
from kg.reader.reader import Reader
from server.svg.drawing import Drawing

# Widths of a drawing in user units: beside text on a wide screen, and on a phone.
WIDE, NARROW = 720, 340
OURS, OF_TABLES = "CC BY 4.0", "CC BY 4.0; figures of food tables under the licences of their publishers"
_MOST_NAMED = 6


class GraphSource(Protocol):
    """Where charts read the graph: the state of the application is one."""

    @property
    def reader(self) -> Reader:
        """The release."""

    @property
    def claim_index(self) -> ClaimIndex:
        """Its claims and propositions."""


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        kind: name of the sort of chart, as in its URL.
        name: local name of the entity that it is about.
        finding: what it shows, in a sentence without a full stop.
        note: how to read it: glyphs, what is left out.
        scale: how to read the scale of the drawing; a table drawn as a chart says its own.
        source: who found or said what is drawn.
        columns: names of the columns of its table, with units.
        rows: the table, with as many cells in each row.
        draw: draws it with a width in user units.
        licence: of the data.
    """

    kind: str
    name: str
    finding: str
    note: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    draw: Callable[[int], Drawing]
    licence: str = OURS
    scale: str = ""


def named(references: Iterable[Reference], most: int = _MOST_NAMED) -> str:
    """Returns the labels of some sources, each once, and how many there are beyond the first ones."""
    labels = list(dict.fromkeys(one.label for one in references))
    more = len(labels) - most
    return ", ".join(labels[:most]) + (f" and {more} more" if more > 0 else "")


def counted(count: int, one: str, several: str = "") -> str:
    """Returns a number with its noun: ``1 study``, ``3 studies``."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
