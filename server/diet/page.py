"""The page ``/diet``: a form whose URL is the permalink, and the results; also as CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from flask import Response, jsonify, make_response, render_template, request

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
from server.diet.permalink import chart_link, name_of, permalink
from server.http.negotiation import negotiate

BLANK_ROWS = 3


@dataclass(frozen=True)
class FoodChoice:
    """A food to choose from.

    Attributes:
        value: its name in URLs.
        label: its label.
        table: label of the food table that it belongs to, or "".
    """

    value: str
    label: str
    table: str


@dataclass
class FormLine:
    """A line of the form.

    Attributes:
        row: its values as submitted.
        choices: foods that match, or the chosen one alone.
        is_chosen: whether the food is unambiguous.
        measures: household measures of the chosen food.
        measure: name of the selected measure in URLs.
        errors: what is wrong with the line.
    """

    row: FormRow
    choices: list[FoodChoice] = field(default_factory=list)
    is_chosen: bool = False
    measures: list[Measure] = field(default_factory=list)
    measure: str = "g"
    errors: list[str] = field(default_factory=list)


def diet_page() -> Response:
    """Renders the form and the results for the diet in the URL, or returns them as CSV or JSON.

    Raises:
        Problem: 400 with every invalid field, if the client prefers CSV or JSON; the page shows the errors itself.
    """
    chosen = negotiate((HTML, CSV, API_JSON))
    if fresh := conditional.not_modified(chosen.content_type):
        return fresh
    reader, urls = app_state().reader, app_state().urls
    rows: list[FormRow] = []
    errors: Sequence[FieldError] = ()
    days: list[Day] = []
    population: str | None = None
    result: Diet | None = None
    population_text = request.args.get("population", "")
    try:
        rows = form.rows_of(request.args)
        diet = form.from_rows(rows, population_text)
        if chosen.name != HTML.name:
            return conditional.with_etag(api.respond(reader, urls, diet, chosen), chosen.content_type)
        if diet.days:
            days, population = diet.read(reader)
            result = evaluate(reader, days, population)
    except InvalidParametersError as invalid:
        if chosen.name != HTML.name:
            raise arguments.problem(invalid.errors, title="Invalid diet") from invalid
        errors = invalid.errors
    chosen_population = reader.vocabulary.shorten(population).removeprefix("id:") if population else population_text
    page = render_template(
        "diet.html",
        lines=_lines(reader, rows, errors),
        general=[error for error in errors if not error.field.startswith("items[")],
        diet=result,
        permalink=permalink(days, population, reader.vocabulary, urls) if result else "",
        populations=_populations(reader),
        # A link to a diet that names no population is about all of them.
        population=chosen_population if rows else chosen_population or form.DEFAULT_POPULATION,
        words=wording,
        chart_link=chart_link,
    )
    response = make_response(page, 400 if errors else 200)
    response.headers["Vary"] = "Accept"
    return response if errors else conditional.with_etag(response, chosen.content_type)


def suggest() -> Response:
    """Sends the foods that the text ``?q=`` typed so far may mean, as JSON: common foods first, branded ones last."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    found = _choices(reader, candidates(reader, request.args.get("q", "")))
    return conditional.with_etag(jsonify([asdict(choice) for choice in found]))


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
            named = [
                one for one in line.measures if row.measure in (one.iri, name_of(one.iri, reader.vocabulary), one.name)
            ]
            line.measure = name_of(named[0].iri, reader.vocabulary) if named else "g"
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
    return [FoodChoice(name_of(food.iri, reader.vocabulary), food.label, tables.get(food.iri, "")) for food in foods]


def _populations(reader: Reader) -> list[FoodChoice]:
    rows = reader.run("reference-intakes", {})
    labels = {row["population"].value: row["populationName"].value for row in rows}
    return [
        FoodChoice(name_of(iri, reader.vocabulary), label, "")
        for iri, label in sorted(labels.items(), key=lambda pair: pair[1])
    ]
