"""The chart of two forms of vitamin K or two foods side by side: amounts on one axis, as ``/compare`` lists them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kg.entities import view
from kg.foods import vitamin_forms
from kg.reader.entity import Reference
from server.charts.chart import OF_TABLES, Chart, GraphSource, named
from server.charts.foods import BARS, LOG
from server.svg.ranges import Range, draw_ranges, is_logarithmic

COMPARED = "compared"
# So many foods of a form the page lists.
FOODS_SHOWN = 8


def of_pair(source: GraphSource, iri: str) -> Chart | None:
    """The amounts of two forms or two foods; ``iri`` ends with their names, with a tilde between.

    ``None`` unless both are forms, or both are foods, and amounts of both are known.
    """
    first, _, second = iri.rpartition("/")[2].partition("~")
    names = (first, second)
    iris = [source.reader.vocabulary.entity_iri(name) for name in names]
    forms = [one in source.reader.forms_of_vitamin_k for one in iris]
    if not all(names) or iris[0] == iris[1] or forms[0] != forms[1]:
        return None
    sides = [(_foods_of if forms[0] else _amounts_in)(source, one) for one in iris]
    if not all(sides):
        return None
    both = [source.reader.references([], extra=[one])[one] for one in iris]
    rows = [row for side in sides for row in side]
    ranges = [Range(one[0], one[1], float(one[2]), float(one[3]), one[5].iri) for one in rows]
    return Chart(
        kind=COMPARED,
        name="~".join(names),
        finding=f"{both[0].label[:1].upper()}{both[0].label[1:]} and {both[1].label}: "
        + ("the foods richest in each" if forms[0] else "vitamin K in 100 g of each"),
        note="Each source stands for itself; what is not listed was not measured, and is not zero. Forms are not added "
        "up.",
        scale=LOG if is_logarithmic(ranges) else BARS,
        source=named(one[4] for one in rows),
        columns=("what", "as given", "lowest, µg per 100 g", "highest, µg per 100 g", "source", "IRI"),
        rows=tuple((*one[:4], one[4].label, one[5].iri) for one in rows),
        draw=partial(draw_ranges, ranges=ranges, title="µg per 100 g"),
        licence=OF_TABLES,
    )


# Name and words of an amount, its ends in µg per 100 g, its source, and the measurement.
_Amount = tuple[str, str, str, str, Reference, Reference]


def _foods_of(source: GraphSource, form: str) -> Sequence[_Amount]:
    """The foods richest in a form."""
    return [
        (
            f"{one.form.label}: {one.food.label}",
            f"{one.words} µg",
            str(one.least),
            str(one.most),
            one.source,
            one.measurement,
        )
        for one in vitamin_forms.foods(source.reader, form)[:FOODS_SHOWN]
    ]


def _amounts_in(source: GraphSource, food: str) -> Sequence[_Amount]:
    """The amounts in a food that are known as numbers."""
    found = view.load(source.reader, source.claim_index, food, food.rpartition("/")[2], ())
    return [
        (
            f"{found.entity.label}: {one.component.label}, {one.source.label}"
            + (f", {one.food.label}" if one.food else ""),
            one.words,
            str(one.micrograms),
            str(one.up_to if one.up_to is not None else one.micrograms),
            one.source,
            one.measurement,
        )
        for one in (found.vitamin_k if found else ())
        if found and one.micrograms is not None and one.source
    ]
