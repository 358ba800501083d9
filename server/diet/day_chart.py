"""The chart of a diet as a file: the known forms of each day from their lowest to their highest amount."""

from __future__ import annotations

from functools import partial

from flask import Response, request

from kg.amounts import exact
from kg.diet import Diet, evaluate
from kg.reader.query_parameters import InvalidParametersError
from server.api import arguments
from server.charts import files
from server.charts.chart import OF_TABLES, Chart, counted, named
from server.charts.routes import MEDIA_TYPES
from server.core import conditional
from server.core.state import app_state
from server.diet import form, wording
from server.diet.permalink import permalink
from server.http.problems import Problem
from server.svg.ranges import Range, draw_ranges

KIND = "diet"


def chart_file(suffix: str) -> Response:
    """Sends the chart of the diet in the URL, which has the parameters of ``/diet``.

    Args:
        suffix: ``svg``, ``png`` or ``csv``.

    Raises:
        Problem: 400 with every invalid field; 404 for another format, and for a diet of which no amount is known.
    """
    if suffix not in MEDIA_TYPES:
        raise Problem(404, "Unknown format", f"Formats: {', '.join(MEDIA_TYPES)}.")
    if fresh := conditional.not_modified():
        return fresh
    state = app_state()
    try:
        wanted = form.from_rows(form.rows_of(request.args), request.args.get("population", ""))
        days, population = wanted.read(state.reader)
    except InvalidParametersError as invalid:
        raise arguments.problem(invalid.errors, title="Invalid diet") from invalid
    found = of_diet(evaluate(state.reader, days, population))
    if found is None:
        raise Problem(404, "No such chart", "No amount of vitamin K is known of this diet.")
    address = permalink(days, population, state.reader.vocabulary, state.urls)
    response = Response(_body(found, suffix, address), content_type=MEDIA_TYPES[suffix])
    response.headers["Content-Disposition"] = f'inline; filename="vitk-diet.{suffix}"'
    return conditional.with_etag(response)


def of_diet(diet: Diet) -> Chart | None:
    """The chart of all days of a diet, as the page draws them; ``None`` where no amount is known."""
    bars = [(day.name, bar) for day in diet.days for bar in wording.bars(day)]
    known = [total for day in diet.days for total in day.totals if total.known and total.known.high]
    if not known:
        return None
    ranges = [
        Range(
            bar.label if len(diet.days) == 1 else f"{day}: {bar.label}",
            bar.words,
            float(bar.span.low),
            float(bar.span.high),
        )
        for day, bar in bars
    ]
    return Chart(
        kind=KIND,
        name=KIND,
        finding="Known vitamin K of "
        + (diet.days[0].name if len(diet.days) == 1 else counted(len(diet.days), "day"))
        + ", form by form",
        note="From the lowest to the highest figure of the sources; what is unknown is not drawn and not zero. A total "
        "of a source contains single forms, so forms are not added up. The last bar of a day is a reference intake.",
        source=named(
            amount.source
            for day in diet.days
            for eaten in day.items
            for forms in eaten.forms
            for amount in forms.amounts
        ),
        columns=("day", "form or intake", "lowest, µg", "highest, µg"),
        rows=tuple(
            (day, bar.label, *(f"{exact(end):f}" for end in (bar.span.low, bar.span.high))) for day, bar in bars
        ),
        draw=partial(draw_ranges, ranges=ranges, title="µg a day"),
        licence=OF_TABLES,
    )


def _body(chart: Chart, suffix: str, address: str) -> str | bytes:
    if suffix == "csv":
        return files.table(chart)
    state = app_state()
    document = files.svg(chart, state.reader.release, state.urls, address)
    return files.png(document) if suffix == "png" else document
