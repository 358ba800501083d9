"""Operations that are questions of the catalogue: each by its name, and some of them under an address of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.catalogue.catalogue import Catalogue, Query
from kg.catalogue.query_header import TAGS, Parameter
from kg.rdf.terms import Row
from server.api.operation import Graph, Operation, OperationResult, Results, Slice, Table, Values
from server.core.state import app_state

# Address, name of the operation, and the question that answers it.
ENDPOINTS = (
    ("/forms/compare", "compareForms", "forms-compared"),
    ("/conditions/{condition}/evidence", "listEvidenceOnCondition", "evidence-on-a-condition"),
    ("/interactions", "listInteractions", "interactions"),
    ("/claims", "listClaims", "claims"),
    ("/contradictions", "listContradictions", "contradictions"),
    ("/flaws", "listFlaws", "flaws-and-corrections"),
    ("/intakes", "listReferenceIntakes", "reference-intakes"),
)
_MEASURE = Parameter(
    name="measure",
    type="text",
    example="cup",
    optional=True,
    maximum=Decimal(60),
    description="a word of a household measure's name; adds the mass of such measures and the amount in each",
)
_MEASURED = {"measureAmount": "?measureName", "measureName": "", "grams": "g", "micrograms": "µg per measure"}


def query_operations(catalogue: Catalogue) -> Iterable[Operation]:
    """One operation for each public question."""
    return (query_operation(query) for query in catalogue.public())


def query_operation(query: Query) -> Operation:
    """The operation of a question under its own name."""
    return _of(query, f"/queries/{query.name}", "query-" + query.name)


def endpoints(catalogue: Catalogue) -> Iterable[Operation]:
    """The endpoints by topic that are questions under another address."""
    yield _foods(catalogue["foods-by-amount"])
    for path, operation_id, name in ENDPOINTS:
        yield _of(catalogue[name], path, operation_id)


def index(catalogue: Catalogue) -> Operation:
    """The list of questions."""
    names = {"type": "array", "items": {"type": "string"}}
    properties = {
        "name": {"type": "string"},
        "title": {"type": "string"},
        "summary": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string", "enum": list(TAGS)}},
        "parameters": {"type": "array", "items": {"type": "object"}},
        "columns": names,
        "answer": {"type": "string", "enum": ["table", "graph"]},
        "chart": {"type": "object"},
        "url": {"type": "string"},
        "example": {"type": "string"},
    }
    tag = Parameter("tag", "choice", "foods", optional=True, choices=tuple(TAGS))
    return Operation(
        id="listQueries",
        path="/queries",
        title="The questions of the catalogue",
        summary="Every question with its tags, its typed parameters and an example; each is an operation of its own.",
        tags=("catalogue",),
        parameters=(tag,),
        answer=lambda values, page: _listed(catalogue, values, page),
        result={"type": "object", "properties": properties, "required": ["name", "title", "url"]},
        page=200,
    )


def _listed(catalogue: Catalogue, values: Values, page: Slice) -> Results:
    chosen = [query for query in catalogue.public() if values["tag"] is None or values["tag"] in query.tags]
    return Results([_described(query) for query in page.of(chosen)], len(chosen))


def _described(query: Query) -> dict[str, Any]:
    urls = app_state().urls
    payload: dict[str, Any] = {
        "name": query.name,
        "title": query.title,
        "summary": query.summary,
        "tags": list(query.tags),
        "parameters": [described(parameter) for parameter in query.parameters],
        "columns": list(query.columns),
        "answer": "graph" if query.is_graph else "table",
        "url": urls.api_query(query.name),
        "example": app_state().reader.catalogue.example(query),
    }
    if query.chart:
        payload["chart"] = {"kind": query.chart.kind, "columns": list(query.chart.columns)}
    return payload


def described(parameter: Parameter) -> dict[str, Any]:
    """A parameter as the list of questions shows it; what it does not have is left out."""
    payload = {
        "name": parameter.name,
        "type": parameter.type,
        "required": parameter.required,
        "default": parameter.default,
        "example": parameter.example,
        "classes": list(parameter.classes),
        "minimum": float(parameter.minimum) if parameter.minimum is not None else None,
        "maximum": float(parameter.maximum) if parameter.maximum is not None else None,
        "choices": list(parameter.choices),
        "description": parameter.description,
    }
    return {name: value for name, value in payload.items() if value not in (None, [], "")}


def _of(query: Query, path: str, operation_id: str) -> Operation:
    return Operation(
        id=operation_id,
        path=path,
        title=query.title,
        summary=query.summary,
        tags=query.tags,
        parameters=query.parameters,
        answer=lambda values, page: _answer(query, values, page),
        kind="graph" if query.is_graph else "table",
        query=query,
        page=0 if query.is_graph else query.header.page,
    )


def _answer(query: Query, values: Values, page: Slice) -> OperationResult:
    filled = query.fill(values)
    if query.is_graph:
        return Graph(filled)
    rows, total = app_state().reader.page(query, values, page.offset, page.limit)
    return Table(query, query.columns, rows, total, filled)


def _foods(query: Query) -> Operation:
    """Foods by amount, with household measures where these are asked for."""
    plain = _of(query, "/foods", "listFoods")
    return replace(
        plain,
        parameters=(*query.parameters, _MEASURE),
        answer=lambda values, page: _foods_answer(query, values, page),
        columns=_MEASURED,
    )


def _foods_answer(query: Query, values: Values, page: Slice) -> Table:
    query_values = {name: value for name, value in values.items() if name != _MEASURE.name}
    table = _answer(query, query_values, page)
    assert isinstance(table, Table)
    word = values[_MEASURE.name]
    if word is None:
        return table
    reader = app_state().reader
    foods = [row["food"].value for row in table.rows]
    found = reader.run("pages/measures-of-foods", {"foods": foods, "word": word}) if foods else []
    measures = reader.grouped(found, "food")
    rows = [with_measure for row in table.rows for with_measure in _measured(row, measures.get(row["food"].value, []))]
    return replace(table, columns=(*query.columns, *_MEASURED), rows=rows)


def _measured(row: Row, measures: Sequence[Row]) -> Iterable[Row]:
    """The row once for each measure, with the amount in it; as it is where the food has no such measure."""
    if not measures:
        yield row
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    for measure in sorted(measures, key=lambda found: (Decimal(found["grams"].value), found["measure"].value)):
        amount = Decimal(row["microgramsPer100Grams"].value) * Decimal(measure["grams"].value) / 100
        rounded = format(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
        yield {
            **row,
            "measureAmount": measure["amount"],
            "measureName": measure["measureName"],
            "grams": measure["grams"],
            "micrograms": Literal(rounded, datatype=decimal),
        }
