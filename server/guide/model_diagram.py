"""The model in one drawing: what is said, what is true, what studies found, and what rules compute from these."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 380
# An arrow is labelled above its middle, and beside it if it is vertical.
_ABOVE, _BESIDE, _DOWN = 8, 10, 4


@dataclass(frozen=True)
class Box:
    """A class of the ontology in the drawing; what has no class of its own is computed.

    Attributes:
        name: local name of the class, or "".
        label: its name in words.
        words: what it says, in a few words.
        x: centre, in units of the drawing.
        y: centre, in units of the drawing.
        width: in units of the drawing.
    """

    name: str
    label: str
    words: str
    x: int
    y: int
    width: int
    height: int = 56


@dataclass(frozen=True)
class Arrow:
    """An arrow from the edge of a box to that of another.

    Attributes:
        name: CURIE of the property that it stands for, or words.
        x1, y1, x2, y2: its ends, in units of the drawing.
        text_x, text_y: where its name stands.
        is_vertical: whether its name stands beside it.
    """

    name: str
    x1: float
    y1: float
    x2: float
    y2: float
    text_x: float
    text_y: float
    is_vertical: bool


BOXES = (
    Box("ClaimSource", "source", "article, opinion, label …", 110, 45, 190),
    Box("Claim", "claim", "what one source says", 110, 190, 190),
    Box("Flaw", "flaw", "what is wrong with it", 110, 335, 190),
    Box("Measurement", "measurement", "an amount in a food", 500, 45, 190),
    Box("Proposition", "proposition", "can be true, whoever says it", 500, 190, 210),
    Box("", "assessment", "direction and certainty", 500, 335, 210),
    Box("Study", "study", "design, people, arms", 890, 45, 180),
    Box("EvidenceLine", "evidence line", "a result that bears on it", 890, 190, 190),
)
_CONNECTIONS = (
    ("dcterms:source", "claim", "source"),
    ("vitk:hasFlaw", "claim", "flaw"),
    ("vitk:expresses", "claim", "proposition"),
    ("vitk:bearsOn", "evidence line", "proposition"),
    ("vitk:study", "evidence line", "study"),
    ("decides contents", "measurement", "proposition"),
    ("vitk:assessedDirection", "proposition", "assessment"),
)


def arrows() -> list[Arrow]:
    """Returns the arrows of the drawing."""
    by_label = {box.label: box for box in BOXES}
    return [_arrow(name, by_label[start], by_label[end]) for name, start, end in _CONNECTIONS]


def _arrow(name: str, start: Box, end: Box) -> Arrow:
    if start.x == end.x:
        down = 1 if end.y > start.y else -1
        y1, y2 = start.y + down * start.height / 2, end.y - down * end.height / 2
        return Arrow(name, start.x, y1, end.x, y2, start.x + _BESIDE, (y1 + y2) / 2 + _DOWN, is_vertical=True)
    right = 1 if end.x > start.x else -1
    x1, x2 = start.x + right * start.width / 2, end.x - right * end.width / 2
    return Arrow(name, x1, start.y, x2, end.y, (x1 + x2) / 2, start.y - _ABOVE, is_vertical=False)
