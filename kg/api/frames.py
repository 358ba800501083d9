"""Rows of a query as pandas tables: numbers are numbers, an entity has its IRI and its label in two columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.api.terms import to_engine
from kg.errors import VitkError
from kg.exports.tables.tables import columns_of
from kg.rdf.terms import Row

if TYPE_CHECKING:
    from pandas import DataFrame
    from rdflib.query import Result

# The dtype of a column by its datatype in CSV on the Web. All of them have a missing value, which is never zero.
_DTYPES = {"decimal": "Float64", "integer": "Int64", "boolean": "boolean"}
_LABEL, _NAME = "Label", "Name"


@dataclass(frozen=True)
class Answer:
    """A result with what is known of it.

    Attributes:
        columns: names of the columns, in order.
        rows: the rows.
        labels: label of each IRI that has one.
        about: what goes into ``DataFrame.attrs``: title, release, units by column, …
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    labels: Mapping[str, str]
    about: Mapping[str, Any]


def frame(answer: Answer) -> DataFrame:
    """Returns a table of a result.

    A column of IRIs is followed by one of labels, ``…Label``, unless the query has one of its own, ``…Name``. Decimals
    are ``Float64``, whole numbers ``Int64``, truth values ``boolean``, all else ``string``; what is missing is ``NA``,
    never zero. ``attrs`` has title, parameters and release, and ``attrs["units"]`` the unit of each column of numbers;
    a unit that is in other columns is given by their names, such as ``?unit``.

    Raises:
        VitkError: pandas is missing.
    """
    pandas = _pandas()
    series: dict[str, Any] = {}
    for column in columns_of(answer.columns, answer.about.get("units", {}), answer.rows):
        name, kind = column.name, column.datatype
        values = [_value(row.get(name), kind) for row in answer.rows]
        series[name] = pandas.Series(values, dtype=_DTYPES.get(kind, "string"))
        if kind == "anyURI" and answer.labels and name + _NAME not in answer.columns:
            labels = [None if value is None else answer.labels.get(value) for value in values]
            series[name + _LABEL] = pandas.Series(labels, dtype="string")
    made: DataFrame = pandas.DataFrame(series)
    made.attrs.update(answer.about)
    return made


def frame_of(result: Result) -> DataFrame:
    """Returns a table of an rdflib SELECT result, typed as the tables of the catalogue are; labels are up to the query.

    Raises:
        VitkError: pandas is missing, or the result is a graph or a truth value.
    """
    if result.vars is None:
        raise VitkError(f"The result of {result.type} is not a table; use a SELECT query.")
    rows = [{str(name): to_engine(term) for name, term in binding.items()} for binding in result.bindings]
    columns = [str(name) for name in result.vars]
    return frame(Answer(columns, [_without_blank_nodes(row) for row in rows], {}, {}))


def _without_blank_nodes(row: Mapping[str, Any]) -> Row:
    return {name: term for name, term in row.items() if isinstance(term, NamedNode | Literal)}


def _value(term: NamedNode | Literal | None, kind: str) -> Any:
    if term is None:
        return None
    match kind:
        case "decimal":
            return float(Decimal(term.value))
        case "integer":
            return int(term.value)
        case "boolean":
            return term.value in ("true", "1")
        case _:
            return term.value


def listed(found: Iterable[tuple[str, str, str]]) -> DataFrame:
    """Returns the table of queries: name, title and names of parameters.

    Raises:
        VitkError: pandas is missing.
    """
    return _pandas().DataFrame(list(found), columns=["name", "title", "parameters"], dtype="string")


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise VitkError("Tables need pandas: pip install 'vitk[pandas]'.") from error
    return pandas
