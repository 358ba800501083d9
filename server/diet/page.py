"""The page ``/diet``: a form whose address is the permalink, and what the diet holds; as CSV or JSON where asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Response, make_response, render_template, request

from kg.diet import Day, Diet, candidates, evaluate
from kg.diet.input import FOOD
from kg.diet.sources import Measure, measures_of
from kg.rdf.formats import API_JSON, CSV, HTML
from kg.reader.entity import Reference
from kg.reader.query_parameters import BadValues, FieldError, read
from kg.reader.reader import Reader
from server.api import arguments
from server.core.state import site
from server.diet import api, form, wording
from server.diet.form import Row
from server.diet.permalink import name_of, permalink
from server.http import conditional
from server.http.negotiation import negotiate

BLANK_ROWS = 3


@dataclass(frozen=True)
class Choice:
    """A food that can be chosen: its name in addresses, what it is called, and the table whose food it is."""

    value: str
    label: str
    table: str


@dataclass
class Line:
    """A line of the form: what was filled in, what can be chosen, and what is wrong with it."""

    row: Row
    choices: list[Choice] = field(default_factory=list)
    is_chosen: bool = False
    measures: list[Measure] = field(default_factory=list)
    measure: str = "g"
    errors: list[str] = field(default_factory=list)


def show() -> Response:
    """The form, and below it what the diet of the address holds.

    Raises:
        Problem: 400 with each mistake by its field, for those who ask for CSV or JSON.
    """
    chosen = negotiate((HTML, CSV, API_JSON))
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader = site().reader
    rows: list[Row] = []
    errors: Sequence[FieldError] = ()
    days: list[Day] = []
    population: str | None = None
    found: Diet | None = None
    wanted = request.args.get("population", "")
    try:
        rows = form.rows_of(request.args)
        diet = form.of_rows(rows, wanted)
        if chosen.name != HTML.name:
            return conditional.validated(api.respond(reader, diet, chosen), chosen.content_type)
        if diet.days:
            days, population = diet.read(reader)
            found = evaluate(reader, days, population)
    except BadValues as wrong:
        if chosen.name != HTML.name:
            raise arguments.problem(wrong.errors, title="Bad diet") from wrong
        errors = wrong.errors
    page = render_template(
        "diet.html",
        lines=_lines(reader, rows, errors),
        general=[error for error in errors if not error.field.startswith("items[")],
        diet=found,
        permalink=permalink(days, population) if found else "",
        populations=_populations(reader),
        population=reader.vocabulary.shorten(population).removeprefix("id:") if population else wanted,
        words=wording,
    )
    response = make_response(page, 400 if errors else 200)
    response.headers["Vary"] = "Accept"
    return response if errors else conditional.validated(response, chosen.content_type)


def _lines(reader: Reader, rows: Sequence[Row], errors: Sequence[FieldError]) -> list[Line]:
    lines = []
    for at, row in enumerate(rows):
        own = [error for error in errors if error.field.startswith(f"items[{at}].")]
        if row.is_blank:
            continue
        line = Line(row, errors=[error.detail for error in own], measure=row.measure or "g")
        food = _food(reader, row.food)
        line.is_chosen = food is not None
        line.choices = _choices(reader, [food] if food else candidates(reader, row.food))
        if food:
            line.measures = measures_of(reader, [food.iri])[food.iri]
            named = [one for one in line.measures if row.measure in (one.iri, name_of(one.iri), one.name)]
            line.measure = name_of(named[0].iri) if named else "g"
        lines.append(line)
    day = lines[-1].row.day if lines else form.FIRST_DAY
    return lines + [Line(Row(day, "", "", "g")) for _ in range(BLANK_ROWS)]


def _food(reader: Reader, text: str) -> Reference | None:
    if not text.strip():
        return None
    try:
        iri = str(read(reader, [FOOD], {"food": text})["food"])
    except BadValues:
        return None
    return reader.references([], extra=[iri])[iri]


def _choices(reader: Reader, foods: Sequence[Reference]) -> list[Choice]:
    rows = reader.run("pages/diet-tables", {"foods": [food.iri for food in foods]}) if foods else []
    labels = reader.references(rows, "table")
    tables = {row["food"].value: labels[row["table"].value].label for row in rows}
    return [Choice(name_of(food.iri), food.label, tables.get(food.iri, "")) for food in foods]


def _populations(reader: Reader) -> list[Choice]:
    rows = reader.run("reference-intakes", {})
    found = {row["population"].value: row["populationName"].value for row in rows}
    return [Choice(name_of(iri), label, "") for iri, label in sorted(found.items(), key=lambda pair: pair[1])]
