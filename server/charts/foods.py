"""Charts of amounts: of a form in foods and usual servings, of all forms in one food, and of times in the blood."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kg.entities import view
from kg.foods import rankings, servings, vitamin_forms
from kg.foods.composition import ComponentAmount
from kg.foods.rankings import FoodAmount, TableAmounts
from kg.foods.servings import ComparedIntake, RankedServing
from kg.foods.vitamin_forms import FoodContent, Time
from kg.reader.entity import Reference
from server.charts.chart import OF_TABLES, Chart, GraphSource, named
from server.svg.ranges import Line, Range, draw_ranges, is_logarithmic

FOODS, STUDIED, TABLED, SERVINGS, FOOD, TIMES = (
    *("foods", "foods-in-studies", "foods-in-table", "servings", "food", "times"),
)
_MOST = 20
_PER_100_G = "µg per 100 g"
BARS = "A bar starts at zero, or joins the ends of a range."
LOG = "On this scale a mark stands at the amount, and a bar joins the ends of a range; there is no zero."


def of_described_foods(source: GraphSource, iri: str) -> Chart | None:
    """The described foods with most of a form."""
    return described_foods(_reference(source, iri), vitamin_forms.foods(source.reader, iri))


def described_foods(form: Reference, foods: Sequence[FoodContent]) -> Chart | None:
    """The chart of the described foods with most of a form, as ``vitamin_forms.foods`` returns them."""
    if len(foods) < 2:
        return None
    ranges = [
        Range(
            f"{one.food.label} ({one.form.label})" if one.form.iri != form.iri else one.food.label,
            f"{one.words} µg",
            float(one.least),
            float(one.most),
            one.measurement.iri,
        )
        for one in foods
    ]
    rows = [
        (one.food.label, one.form.label, str(one.least), str(one.most), one.source.label, one.measurement.iri)
        for one in foods
    ]
    return _amounts(FOODS, form, ranges, rows, [one.source for one in foods], f"{_PER_100_G} of {form.label}")


def of_studied_foods(source: GraphSource, iri: str) -> Chart | None:
    """The foods in which studies measured a form."""
    return studied_foods(_reference(source, iri), rankings.studied(source.reader, iri))


def studied_foods(form: Reference, found: Sequence[FoodAmount]) -> Chart | None:
    """The chart of foods in which studies measured a form, as ``rankings.studied`` returns them."""
    return _food_amounts(STUDIED, form, form, found)


def of_table(source: GraphSource, iri: str) -> Chart | None:
    """The foods of a table with most of a form; ``iri`` ends with the names of form and table, with a tilde between."""
    form, _, table = iri.rpartition("~")
    wanted = source.reader.vocabulary.entity_iri(table)
    if not form or form not in {one.iri for one in rankings.forms(source.reader)}:
        return None
    found = (one for one in rankings.tabled(source.reader, form) if one.table.iri == wanted)
    return next((table_foods(_reference(source, form), one) for one in found), None)


def table_foods(form: Reference, table: TableAmounts) -> Chart | None:
    """The chart of the foods of a table with most of a form."""
    name = Reference(f"{form.iri}~{table.table.iri.rpartition('/')[2]}", form.label)
    return _food_amounts(TABLED, name, table.form, table.amounts, table.table)


def of_servings(source: GraphSource, iri: str) -> Chart | None:
    """The usual servings with most of a form, with the reference intake as a line."""
    reader = source.reader
    if iri not in {one.iri for one in rankings.forms(reader)}:
        return None
    intake = servings.compared_intake(reader)
    return ranked_servings(_reference(source, iri), servings.ranked(reader, iri, intake), intake)


def ranked_servings(form: Reference, found: Sequence[RankedServing], intake: ComparedIntake | None) -> Chart | None:
    """The chart of usual servings, as ``servings.ranked`` returns them.

    The intake is drawn only where it is one of the form that is ranked: other forms have no share of it.
    """
    if len(found) < 2:
        return None
    shown = [one for one in found[:_MOST] if one.amount.most > 0]
    ranges = [
        Range(
            f"{one.serving.label} ({one.amount.form.label})" if one.amount.form.iri != form.iri else one.serving.label,
            f"{one.amount.words} µg",
            float(one.amount.least),
            float(one.amount.most),
            one.serving.iri,
        )
        for one in shown
    ]
    rows = [
        (one.serving.label, one.amount.form.label, str(one.amount.least), str(one.amount.most), one.amount.percent)
        for one in found
    ]
    is_same = intake is not None and all(one.amount.form.iri == intake.nutrient.iri for one in found)
    line = Line(intake.intake.label, float(intake.micrograms)) if intake and is_same else None
    enough = sum(intake is not None and one.amount.least >= intake.micrograms for one in found) if line else 0
    finding = (
        f"Of {len(found)} usual servings, {enough} contain at least the {line.name}"
        if line
        else _finding(form, ranges, "in it")
    )
    left_out = f"The first {len(shown)} of {len(found)}. " if len(found) > len(shown) else ""
    reads = "The line is an intake of K1: other forms have no share of it. " if line else ""
    return Chart(
        kind=SERVINGS,
        name=form.iri.rpartition("/")[2],
        finding=finding,
        note=(left_out + reads).strip(),
        scale=LOG if is_logarithmic(ranges) else BARS,
        source="food tables and studies, named on the page of each serving",
        columns=("serving", "form", "lowest, µg", "highest, µg", f"share of {intake.intake.label}" if intake else ""),
        rows=tuple(rows),
        draw=partial(draw_ranges, ranges=ranges, title=f"µg of {form.label} in a usual serving", line=line),
        licence=OF_TABLES,
    )


def of_food(source: GraphSource, iri: str) -> Chart | None:
    """What is known of the vitamin K in a food of the graph."""
    found = view.load(source.reader, source.claim_index, iri, iri.rpartition("/")[2], ())
    return food(_reference(source, iri), found.vitamin_k) if found else None


def food(of: Reference, beside: Sequence[ComponentAmount]) -> Chart | None:
    """The chart of all amounts in one food that are known as numbers."""
    known = [one for one in beside if one.micrograms is not None]
    if not any(one.micrograms for one in known):
        return None
    ranges = [
        Range(
            f"{one.component.label}, {one.source.label if one.source else ''}{_standing(one)}",
            one.words,
            float(one.micrograms or 0),
            float(one.up_to if one.up_to is not None else one.micrograms or 0),
            one.measurement.iri,
        )
        for one in known
    ]
    rows = [
        (
            one.component.label,
            str(one.micrograms),
            str(one.up_to if one.up_to is not None else one.micrograms),
            one.words,
            "yes" if one.is_independent else "no",
            one.source.label if one.source else "",
            one.measurement.iri,
        )
        for one in known
    ]
    counted = [one for one in known if one.is_independent]
    most = max(counted, key=lambda one: one.up_to or one.micrograms or 0) if counted else None
    return Chart(
        kind=FOOD,
        name=of.iri.rpartition("/")[2],
        finding=f"The highest independent amount in 100 g of {of.label} is {most.words} of {most.component.label}"
        if most
        else f"No amount of vitamin K in {of.label} is an independent measurement",
        note="Each source stands for itself; what a source does not list, it did not measure.",
        scale=LOG if is_logarithmic(ranges) else BARS,
        source=named([one.source for one in known if one.source]),
        columns=("form", "lowest, µg per 100 g", "highest, µg per 100 g", "as given", "independent", "source", "IRI"),
        rows=tuple(rows),
        draw=partial(draw_ranges, ranges=ranges, title=f"{_PER_100_G} of {of.label}"),
        licence=OF_TABLES,
    )


def of_times(source: GraphSource, iri: str) -> Chart | None:
    """How long a form stays in the blood."""
    return times(_reference(source, iri), vitamin_forms.times(source.reader, iri))


def times(form: Reference, found: Sequence[Time]) -> Chart | None:
    """The chart of circulation times and half-lives, in hours."""
    if not found:
        return None
    ranges = [
        Range(one.stated.label, f"{one.words}", float(one.hours), float(one.hours), one.stated.iri) for one in found
    ]
    rows = [
        (one.stated.label, one.measure.label, one.words, str(one.hours), one.study.label if one.study else "")
        for one in found
    ]
    spread = f"{found[-1].words} to {found[0].words}" if len(found) > 1 else found[0].words
    return Chart(
        kind=TIMES,
        name=form.iri.rpartition("/")[2],
        finding=f"Figures for how long {form.label} stays in the blood: {spread}",
        note="Circulation times and half-lives are different measures.",
        scale=LOG if is_logarithmic(ranges) else BARS,
        source=named([one.study for one in found if one.study]) or "the claims in the table",
        columns=("stated in", "measure", "as stated", "hours", "study"),
        rows=tuple(rows),
        draw=partial(draw_ranges, ranges=ranges, title="hours, by the upper end of a range"),
    )


def _food_amounts(
    kind: str, name: Reference, form: Reference, found: Sequence[FoodAmount], table: Reference | None = None
) -> Chart | None:
    shown = [one for one in found[:_MOST] if one.ends[1] > 0]
    if len(shown) < 2:
        return None
    ranges = [
        Range(one.food.label, f"{one.micrograms} µg", float(one.ends[0]), float(one.ends[1]), one.measurement.iri)
        for one in shown
    ]
    rows = [
        (one.food.label, one.form.label, *(str(end) for end in one.ends), one.source.label, one.measurement.iri)
        for one in found
    ]
    title = f"{_PER_100_G} of {form.label}"
    sources = [table] if table else [one.source for one in found]
    return _amounts(kind, Reference(name.iri, form.label), ranges, rows, sources, title, len(found))


def _amounts(
    kind: str,
    form: Reference,
    ranges: Sequence[Range],
    rows: Sequence[tuple[str, ...]],
    sources: Sequence[Reference],
    title: str,
    of: int = 0,
) -> Chart:
    left_out = f"The first {len(ranges)} of {of}. " if of > len(ranges) else ""
    where = f" of {sources[0].label}" if kind == TABLED else ""
    return Chart(
        kind=kind,
        name=form.iri.rpartition("/")[2],
        finding=_finding(form, ranges, f"of the foods{where} shown"),
        note=left_out + "Forms are not added up.",
        scale=LOG if is_logarithmic(ranges) else BARS,
        source=named(sources),
        columns=("food", "form", "lowest, µg per 100 g", "highest, µg per 100 g", "source", "IRI of the measurement"),
        rows=tuple(rows),
        draw=partial(draw_ranges, ranges=ranges, title=title),
        licence=OF_TABLES,
    )


def _finding(form: Reference, ranges: Sequence[Range], among: str) -> str:
    most = max(ranges, key=lambda one: one.high)
    return f"{most.name} has most {form.label} {among}: {most.words}"


def _standing(one: ComponentAmount) -> str:
    return "" if one.is_independent else ", not counted as independent"


def _reference(source: GraphSource, iri: str) -> Reference:
    return source.reader.references([], extra=[iri])[iri]
