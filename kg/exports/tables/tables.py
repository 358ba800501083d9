"""Tables of a release for statistics: effect sizes, doses, amounts in foods, claims; each a query of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.catalogue.catalogue import Query, Value
from kg.rdf.terms import Row, Term
from kg.rdf.vocabulary import OUTSIDE_PREFIXES
from kg.reader.reader import Reader

_XSD = OUTSIDE_PREFIXES["xsd"]
# The query of each table.
_QUERIES = {
    "effect-sizes": "pages/effect-sizes",
    "doses": "doses-in-studies",
    "amounts": "foods-by-amount",
    "claims": "claims",
}
# Datatypes of columns, as CSV on the Web names them, by those of values.
_DATATYPES = {
    _XSD + "decimal": "decimal",
    _XSD + "double": "decimal",
    _XSD + "integer": "integer",
    _XSD + "boolean": "boolean",
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its datatype in CSV on the Web, and the unit of its numbers or "".

    A unit that stands in other columns is given by their names, such as ``?unit``.
    """

    name: str
    datatype: str
    unit: str


@dataclass(frozen=True)
class Table:
    """A table with its rows."""

    name: str
    query: Query
    columns: tuple[Column, ...]
    rows: list[Row]


def tables(reader: Reader) -> Iterator[Table]:
    """Reads the tables, one after the other.

    ``amounts`` has every amount of every form of vitamin K, those that are no independent measurements too; its column
    ``isIndependent`` says which those are.
    """
    given: dict[str, dict[str, Value]] = {
        "foods-by-amount": {"form": reader.vocabulary.entity_iri("vitamin-k"), "include": "all", "sort": "name"}
    }
    for name, query_name in _QUERIES.items():
        query, rows = reader.catalogue[query_name], reader.run(query_name, given.get(query_name, {}))
        units = query.header.units
        yield Table(name, query, columns_of(query.columns, units, rows), rows)


def columns_of(names: Iterable[str], units: Mapping[str, str], rows: Sequence[Row]) -> tuple[Column, ...]:
    """Returns the columns of rows; one that has a unit is of numbers, even where all are missing."""
    found = []
    for name in names:
        is_empty = not any(name in row for row in rows)
        found.append(
            Column(name, "decimal" if is_empty and name in units else datatype(rows, name), units.get(name, ""))
        )
    return tuple(found)


def datatype(rows: Sequence[Row], column: str) -> str:
    """Returns the datatype of a column in CSV on the Web; ``string`` if its values have several, or it has none."""
    found = {_of_term(row[column]) for row in rows if column in row}
    if found <= {"integer", "decimal"} and found:
        return "decimal" if "decimal" in found else "integer"
    return found.pop() if len(found) == 1 else "string"


def _of_term(term: Term) -> str:
    return "anyURI" if isinstance(term, NamedNode) else _DATATYPES.get(term.datatype.value, "string")
