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
from kg.reader.query_parameters import FieldError, InvalidParametersError, parse_values
from kg.reader.reader import Reader
from server.api import arguments
from server.core import conditional
from server.core.state import app_state
from server.diet import api, form, wording
from server.diet.form import FormRow
from server.diet.permalink import name_of, permalink
from server.http.negotiation import negotiate

BLANK_ROWS = 3


@dataclass(frozen=True)
class FoodChoice:
    """A food that can be chosen: its name in addresses, what it is called, and the table whose food it is."""

    value: str
    label: str
    table: str


@dataclass
class FormLine:
    """A line of the form: what was filled in, what can be chosen, and what is wrong with it."""

    row: FormRow
    choices: list[FoodChoice] = field(default_factory=list)
    is_chosen: bool = False
    measures: list[Measure] = field(default_factory=list)
    measure: str = "g"
    errors: list[str] = field(default_factory=list)


def diet_page() -> Response:
    """The form, and below it what the diet of the address holds.

    Raises:
        Problem: 400 with each mistake by its field, for those who ask for CSV or JSON.
    """
    chosen = negotiate((HTML, CSV, API_JSON))
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader = app_state().reader
    rows: list[FormRow] = []
    errors: Sequence[FieldError] = ()
    days: list[Day] = []
    population: str | None = None
    found: Diet | None = None
    wanted = request.args.get("population", "")
    try:
        rows = form.rows_of(request.args)
        diet = form.from_rows(rows, wanted)
        if chosen.name != HTML.name:
            return conditional.with_etag(api.respond(reader, diet, chosen), chosen.content_type)
        if diet.days:
            days, population = diet.read(reader)
            found = evaluate(reader, days, population)
    except InvalidParametersError as wrong:
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
    return response if errors else conditional.with_etag(response, chosen.content_type)


def _lines(reader: Reader, rows: Sequence[FormRow], errors: Sequence[FieldError]) -> list[FormLine]:
    lines = []
    for at, row in enumerate(rows):
        own = [error for error in errors if error.field.startswith(f"items[{at}].")]
        if row.is_blank:
            continue
        line = FormLine(row, errors=[error.detail for error in own], measure=row.measure or "g")
        food = _food(reader, row.food)
        line.is_chosen = food is not None
        line.choices = _choices(reader, [food] if food else candidates(reader, row.food))
        if food:
            line.measures = measures_of(reader, [food.iri])[food.iri]
            named = [one for one in line.measures if row.measure in (one.iri, name_of(one.iri), one.name)]
            line.measure = name_of(named[0].iri) if named else "g"
        lines.append(line)
    day = lines[-1].row.day if lines else form.FIRST_DAY
    return lines + [FormLine(FormRow(day, "", "", "g")) for _ in range(BLANK_ROWS)]


def _food(reader: Reader, text: str) -> Reference | None:
    if not text.strip():
        return None
    try:
        iri = str(parse_values(reader, [FOOD], {"food": text})["food"])
    except InvalidParametersError:
        return None
    return reader.references([], extra=[iri])[iri]


def _choices(reader: Reader, foods: Sequence[Reference]) -> list[FoodChoice]:
    rows = reader.run("pages/diet-tables", {"foods": [food.iri for food in foods]}) if foods else []
    labels = reader.references(rows, "table")
    tables = {row["food"].value: labels[row["table"].value].label for row in rows}
    return [FoodChoice(name_of(food.iri), food.label, tables.get(food.iri, "")) for food in foods]


def _populations(reader: Reader) -> list[FoodChoice]:
    rows = reader.run("reference-intakes", {})
    found = {row["population"].value: row["populationName"].value for row in rows}
    return [FoodChoice(name_of(iri), label, "") for iri, label in sorted(found.items(), key=lambda pair: pair[1])]
