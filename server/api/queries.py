"""Operations that run queries of the catalogue: each under its name, some also under a path of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.catalogue.catalogue import Catalogue, Query
from kg.catalogue.query_header import TAGS, Parameter
from kg.claims import flaw_columns
from kg.rdf.terms import Row
from server.api.operation import Graph, Operation, OperationResult, Results, Slice, Table, Values
from server.core.state import AppState

# Path, operationId and name of the query.
ENDPOINTS = (
    ("/forms/compare", "compareForms", "forms-compared"),
    ("/conditions/{condition}/evidence", "listEvidenceOnCondition", "evidence-on-a-condition"),
    ("/interactions", "listInteractions", "interactions"),
    ("/claims", "listClaims", "claims"),
    ("/propositions", "listPropositions", "propositions"),
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
    description="a word in the name of a household measure; adds the mass of matching measures and the amount in each",
)
_MEASURED = {"measureAmount": "?measureName", "measureName": "", "grams": "g", "micrograms": "µg per measure"}


def query_operations(catalogue: Catalogue) -> Iterable[Operation]:
    """Returns an operation for each public query."""
    return (query_operation(query) for query in catalogue.public())


def query_operation(query: Query) -> Operation:
    """Returns the operation for a query under its own name."""
    return _operation(query, f"/queries/{query.name}", "query-" + query.name)


def endpoints(catalogue: Catalogue) -> Iterable[Operation]:
    """Returns the endpoints by topic, which run a query under another path."""
    yield _foods(catalogue["foods-by-amount"])
    for path, operation_id, name in ENDPOINTS:
        yield _operation(catalogue[name], path, operation_id)


def index(catalogue: Catalogue) -> Operation:
    """Declares the operation that lists the queries of the catalogue."""
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
        title_template="Queries of the catalogue",
        summary="Every query with its tags, typed parameters and an example. Each is an operation of its own.",
        tags=("catalogue",),
        parameters=(tag,),
        answer=lambda current, values, page: _list(current, catalogue, values, page),
        kind="catalogue",
        result={"type": "object", "properties": properties, "required": ["name", "title", "url"]},
        page=200,
    )


def _list(current: AppState, catalogue: Catalogue, values: Values, page: Slice) -> Results:
    chosen = [query for query in catalogue.public() if values["tag"] is None or values["tag"] in query.tags]
    return Results([_query_as_json(current, query) for query in page.of(chosen)], len(chosen))


def _query_as_json(current: AppState, query: Query) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "name": query.name,
        "title": query.title,
        "summary": query.summary,
        "tags": list(query.tags),
        "parameters": [_parameter_as_json(parameter) for parameter in query.parameters],
        "columns": list(query.columns),
        "answer": "graph" if query.is_graph else "table",
        "url": current.urls.api_query(query.name),
        "example": current.reader.catalogue.example(query),
    }
    if query.chart:
        payload["chart"] = {"kind": query.chart.kind, "columns": list(query.chart.columns)}
    return payload


def _parameter_as_json(parameter: Parameter) -> dict[str, Any]:
    """A parameter as JSON; empty members are omitted."""
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


def _operation(query: Query, path: str, operation_id: str) -> Operation:
    return Operation(
        id=operation_id,
        path=path,
        title_template=query.header.title_template,
        summary=query.summary,
        tags=query.tags,
        parameters=query.parameters,
        answer=lambda current, values, page: _answer(current, query, values, page),
        kind="graph" if query.is_graph else "table",
        query=query,
        page=0 if query.is_graph else query.header.page,
    )


def _answer(current: AppState, query: Query, values: Values, page: Slice) -> OperationResult:
    return Graph(query.fill(values)) if query.is_graph else _table(current, query, values, page)


def _table(current: AppState, query: Query, values: Values, page: Slice) -> Table:
    rows, total = current.reader.page(query, values, page.offset, page.limit)
    columns = (*query.columns, *flaw_columns.names(query))
    return Table(query, columns, flaw_columns.filled(query, rows, current.claim_index), total, query.fill(values))


def _foods(query: Query) -> Operation:
    """Foods by amount, with household measures on request."""
    plain = _operation(query, "/foods", "listFoods")
    return replace(
        plain,
        parameters=(*query.parameters, _MEASURE),
        answer=lambda current, values, page: _foods_answer(current, query, values, page),
        columns=_MEASURED,
    )


def _foods_answer(current: AppState, query: Query, values: Values, page: Slice) -> Table:
    query_values = {name: value for name, value in values.items() if name != _MEASURE.name}
    reader, table = current.reader, _table(current, query, query_values, page)
    word = values[_MEASURE.name]
    if word is None:
        return table
    foods = [row["food"].value for row in table.rows]
    measure_rows = reader.run("pages/measures-of-foods", {"foods": foods, "word": word}) if foods else []
    measures = reader.grouped(measure_rows, "food")
    rows = [measured for row in table.rows for measured in _with_measures(row, measures.get(row["food"].value, []))]
    return replace(table, columns=(*table.columns, *_MEASURED), rows=rows)


def _with_measures(row: Row, measures: Sequence[Row]) -> Iterable[Row]:
    """The row once for each measure, with the amount in it; unchanged if the food has no such measure."""
    if not measures:
        yield row
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    for measure in sorted(measures, key=lambda one: (Decimal(one["grams"].value), one["measure"].value)):
        amount = Decimal(row["microgramsPer100Grams"].value) * Decimal(measure["grams"].value) / 100
        rounded = format(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
        yield {
            **row,
            "measureAmount": measure["amount"],
            "measureName": measure["measureName"],
            "grams": measure["grams"],
            "micrograms": Literal(rounded, datatype=decimal),
        }
