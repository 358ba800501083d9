"""Queries of the catalogue as the editor shows them: filled with values, with comments that it reads."""

from __future__ import annotations

from collections.abc import Mapping

from kg.catalogue.catalogue import Catalogue, Query
from kg.errors import VitkError
from kg.reader import query_parameters
from kg.reader.reader import Reader
from server.http.problems import Problem


def example(catalogue: Catalogue, query: Query) -> str:
    """Returns a query filled with its example values, as ``_annotated`` writes it."""
    texts = {parameter.name: parameter.example for parameter in query.parameters if not parameter.optional}
    return _annotated(query, texts, catalogue.example(query))


def filled(reader: Reader, name: str, given: Mapping[str, str]) -> str:
    """Returns a query filled with values as people write them; its example if none are given.

    Args:
        reader: the release, for names of entities.
        name: of a public query of the catalogue.
        given: texts by parameter name; other names are ignored, because they may be parameters of the page.

    Raises:
        Problem: 404 if the catalogue has no such query, 400 for an invalid value.
    """
    try:
        query = reader.catalogue.find_public(name)
    except VitkError as error:
        raise Problem(404, "No such query", str(error)) from error
    texts = {parameter.name: given[parameter.name] for parameter in query.parameters if given.get(parameter.name)}
    if not texts:
        return example(reader.catalogue, query)
    try:
        values = query_parameters.parse_values(reader, query.parameters, texts)
    except query_parameters.InvalidParametersError as error:
        raise Problem(400, "Invalid value", str(error)) from error
    return _annotated(query, texts, query.fill(values))


def described(catalogue: Catalogue, query: Query) -> dict[str, object]:
    """Returns a query as the editor lists it: name, title, summary, tags, parameters and the filled text."""
    parameters = [
        {
            "name": parameter.name,
            "required": parameter.required,
            "choices": ("", *parameter.choices) if parameter.choices and not parameter.required else parameter.choices,
            "description": parameter.description,
        }
        for parameter in query.parameters
    ]
    return {
        "name": query.name,
        "title": query.title,
        "summary": query.summary,
        "tags": query.tags,
        "parameters": parameters,
        "query": example(catalogue, query),
    }


def _annotated(query: Query, texts: Mapping[str, str], sparql: str) -> str:
    """Adds comments with the title, chart and units of a query, and with its name and values, for its form."""
    header = query.header
    lines = [f"# {query.title}"]
    if header.chart:
        lines.append(f"# chart: {header.chart.kind} {' '.join(f'?{name}' for name in header.chart.columns)}")
    for unit in dict.fromkeys(header.units.values()):
        columns = " ".join(f"?{column}" for column, its_unit in header.units.items() if its_unit == unit)
        lines.append(f"# unit: {columns} = {unit}")
    if query.parameters:
        lines.append(f"# example: {query.name}")
    # A line break would end the comment, and the value would become a part of the query.
    lines += [f"# parameter: {name} = {' '.join(text.split())}" for name, text in texts.items()]
    return "\n".join([*lines, sparql])
