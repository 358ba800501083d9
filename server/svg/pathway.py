"""The vitamin K cycle as a diagram: three forms in a ring, the enzymes on its arrows, and what blocks these.

On wide screens it is a ring with the carboxylated proteins inside; on narrow ones its steps stand below each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.reader.entity import Reference
from server.svg.drawing import SMALL, Drawing, Link, Path, Shape, Text, box, fits, stroke, width_of

_WIDE_FROM = 600
_BOX, _HIGH, _SMALL_HIGH, _STEP = 190.0, 36.0, 26.0, 30.0


@dataclass(frozen=True)
class EnzymeStep:
    """A step of the cycle.

    Attributes:
        start, end: the form that is used up, and the one that is made.
        enzymes: what does it, with what is known to inhibit each.
    """

    start: Reference
    end: Reference
    enzymes: tuple[tuple[Reference, tuple[Reference, ...]], ...]


@dataclass(frozen=True)
class Cycle:
    """The cycle.

    Attributes:
        reduction: from the vitamin to its hydroquinone.
        carboxylation: from the hydroquinone to the epoxide.
        recycling: from the epoxide to the vitamin.
        made: what carboxylation makes: the amino acid.
        proteins: some of those that are carboxylated.
        more: how many there are beyond these.
        here: IRI of the entity on whose page the diagram is; "" where on none.
        short: abbreviations by IRI, for enzymes whose names are long.
    """

    reduction: EnzymeStep
    carboxylation: EnzymeStep
    recycling: EnzymeStep
    made: Reference
    proteins: tuple[Reference, ...]
    more: int
    here: str
    short: Mapping[str, str]


def draw_cycle(width: int, cycle: Cycle) -> Drawing:
    """Draws the cycle as a ring, or as a column where there is no room."""
    return _ring(width, cycle) if width >= _WIDE_FROM else _column(width, cycle)


def _ring(width: int, cycle: Cycle) -> Drawing:
    left, right, middle = _BOX / 2 + 2, width - _BOX / 2 - 2, width / 2
    top, side = 78.0, 78.0 + 122
    bottom = side + 122
    shapes: list[Shape] = [
        *_arrow((left + _BOX / 2, top), (right - _BOX / 2 - 2, top)),
        *_arrow((right, top + _HIGH / 2), (right, bottom - _HIGH / 2 - 2)),
        *_arrow((right - _BOX / 2, bottom), (left, bottom), (left, top + _HIGH / 2 + 2)),
        _form(cycle.reduction.start, left, top, cycle.here),
        _form(cycle.reduction.end, right, top, cycle.here),
        _form(cycle.carboxylation.end, right, bottom, cycle.here),
        *_enzymes(cycle.reduction, middle, top, cycle),
        *_enzymes(cycle.carboxylation, right, side, cycle),
        *_enzymes(cycle.recycling, middle, bottom, cycle),
        *_arrow((right - _BOX / 2, side), (middle + 140, side)),
        *_proteins(cycle, middle - 150, side - 22, 280),
    ]
    if inhibitors := _inhibitors(cycle.reduction):
        shapes += [*_names(inhibitors, middle, 16, width, cycle.here), *_block((middle, 24), (middle, top - 16))]
    if inhibitors := _inhibitors(cycle.recycling):
        y = bottom + 66
        shapes += [*_names(inhibitors, middle, y, width, cycle.here), *_block((middle, y - 14), (middle, bottom + 16))]
    return Drawing(width, round(bottom + 80), tuple(shapes))


def _column(width: int, cycle: Cycle) -> Drawing:
    x, y = _BOX / 2 + 2, _HIGH / 2 + 2
    shapes: list[Shape] = [_form(cycle.reduction.start, x, y, cycle.here)]
    for step in (cycle.reduction, cycle.carboxylation, cycle.recycling):
        inhibitors = _inhibitors(step)
        extra = _lines_of(inhibitors, width - 30) * 18 + 22 if inhibitors else 0
        if step is cycle.carboxylation:
            extra = _lines_of(cycle.proteins, width - 34) * 18 + (50 if cycle.more else 32)
        height = 44 + _STEP * (len(step.enzymes) - 1) + extra
        end = y + _HIGH / 2 + height
        shapes += _arrow((12, y + _HIGH / 2), (12, end - 2))
        first = y + _HIGH / 2 + 22
        for place, (enzyme, _) in enumerate(step.enzymes):
            shapes.append(_enzyme(enzyme, x + 24, first + _STEP * place, cycle))
        below = first + _STEP * (len(step.enzymes) - 1) + 30
        if inhibitors:
            blocked = " and ".join(enzyme.label for enzyme, blocking in step.enzymes if blocking)
            shapes += [
                Text(30, below + 4, f"⊣ {blocked} is inhibited by", "blocked"),
                *_listed(inhibitors, 30, below + 22, width, cycle.here),
            ]
        if step is cycle.carboxylation:
            shapes += _proteins(cycle, 30, below - 8, width - 34)
        y = end + _HIGH / 2
        shapes.append(_form(step.end, x, y, cycle.here))
    return Drawing(width, round(y + _HIGH / 2 + 4), tuple(shapes))


def _form(form: Reference, x: float, y: float, here: str) -> Link:
    style = "form here" if form.iri == here else "form"
    return Link(
        form.iri,
        form.label,
        (
            box(x - _BOX / 2, y - _HIGH / 2, _BOX, _HIGH, style),
            Text(x, y + 5, fits(form.label, _BOX - 8, SMALL), "strong", "middle"),
        ),
    )


def _enzyme(enzyme: Reference, x: float, y: float, cycle: Cycle) -> Link:
    style = "enzyme here" if enzyme.iri == cycle.here else "enzyme"
    name = fits(cycle.short.get(enzyme.iri, enzyme.label), _BOX - 8, SMALL)
    ground = box(x - _BOX / 2, y - _SMALL_HIGH / 2, _BOX, _SMALL_HIGH, style)
    return Link(enzyme.iri, enzyme.label, (ground, Text(x, y + 4, name, "tick", "middle")))


def _enzymes(step: EnzymeStep, x: float, y: float, cycle: Cycle) -> list[Shape]:
    return [_enzyme(enzyme, x, y + _STEP * place, cycle) for place, (enzyme, _) in enumerate(step.enzymes)]


def _proteins(cycle: Cycle, x: float, y: float, width: float) -> list[Shape]:
    title = Link(
        cycle.made.iri, cycle.made.label, (Text(x, y + 10, fits(f"makes {cycle.made.label} in", width), "strong"),)
    )
    shapes: list[Shape] = [title, *_listed(cycle.proteins, x, y + 28, x + width, cycle.here)]
    below = y + 28 + 18 * _lines_of(cycle.proteins, width)
    if cycle.more:
        enzyme = cycle.carboxylation.enzymes[0][0]
        words = f"and {cycle.more} more proteins"
        shapes.append(Link(enzyme.iri, f"{words}: {enzyme.label}", (Text(x, below, words, "tick"),)))
    return shapes


def _inhibitors(step: EnzymeStep) -> list[Reference]:
    return list(dict.fromkeys(one for _, inhibitors in step.enzymes for one in inhibitors))


def _names(names: Sequence[Reference], middle: float, y: float, width: float, here: str) -> list[Shape]:
    total = sum(width_of(one.label, SMALL) + 14 for one in names) - 14
    return _listed(names, max(2, middle - total / 2), y, width, here, "blocked")


def _listed(
    names: Sequence[Reference], left: float, y: float, right: float, here: str, style: str = "tick"
) -> list[Shape]:
    shapes: list[Shape] = []
    x = left
    for one in names:
        length = width_of(one.label, SMALL)
        if x > left and x + length > right:
            x, y = left, y + 18
        own = f"{style} strong" if one.iri == here else style
        shapes.append(Link(one.iri, one.label, (Text(x, y, fits(one.label, right - left, SMALL), own),)))
        x += length + 14
    return shapes


def _lines_of(names: Sequence[Reference], width: float) -> int:
    x, count = 0.0, 1
    for one in names:
        length = width_of(one.label, SMALL)
        if x and x + length > width:
            x, count = 0.0, count + 1
        x += length + 14
    return count


def _arrow(*points: tuple[float, float]) -> list[Path]:
    (before_x, before_y), (x, y) = points[-2:]
    along = (x > before_x) - (x < before_x), (y > before_y) - (y < before_y)
    wings = [(x - 8 * along[0] + 5 * turn * along[1], y - 8 * along[1] + 5 * turn * along[0]) for turn in (1, -1)]
    return [stroke("arrow", *points), stroke("arrow", wings[0], (x, y), wings[1])]


def _block(start: tuple[float, float], end: tuple[float, float]) -> list[Path]:
    (x, _), (_, y) = start, end
    return [stroke("block", start, end), stroke("block", (x - 9, y), (x + 9, y))]
