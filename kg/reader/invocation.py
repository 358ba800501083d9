"""Questions of the catalogue asked by name, with parameters as people write them; for the command line and agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.catalogue.catalogue import Query, Value
from kg.catalogue.query_header import Parameter
from kg.errors import VitkError
from kg.reader import query_parameters
from kg.reader.reader import Reader


@dataclass(frozen=True)
class PreparedQuery:
    """A question with its values, and the SPARQL that asks it."""

    query: Query
    values: Mapping[str, Value]
    sparql: str


def prepare(reader: Reader, name: str, given: Mapping[str, str]) -> PreparedQuery:
    """The question ``name`` with values that may be IRIs, CURIEs or names.

    Raises:
        VitkError: there is no such question, with the nearest; or values that it does not take, each with the nearest.
    """
    query = reader.catalogue[name]
    if query not in reader.catalogue.public():
        nearest = ", ".join(reader.catalogue.nearest(name.rpartition("/")[2])) or "none"
        raise VitkError(f"There is no query {name!r}; the nearest are {nearest}.")
    values = query_parameters.parse_values(reader, query.parameters, given)
    return PreparedQuery(query, values, query.fill(values))


def pairs(arguments: Sequence[str]) -> dict[str, str]:
    """Parameters written as ``name=value``.

    Raises:
        VitkError: one that is written otherwise, or given twice.
    """
    found: dict[str, str] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise VitkError(f"{argument[:60]!r} is no parameter; write it as name=value, such as form=mk-7.")
        if name in found:
            raise VitkError(f"{name} is given twice.")
        found[name] = value
    return found


def search_queries(queries: Iterable[Query], words: str) -> list[Query]:
    """The questions in whose name, title, summary or tags all the words stand; all of them where there is no word."""
    wanted = words.casefold().split()
    return [
        query
        for query in queries
        if all(
            word in f"{query.name} {query.title} {query.summary} {' '.join(query.tags)}".casefold() for word in wanted
        )
    ]


def signature(query: Query) -> str:
    """A question as it is called: its name, and its parameters with their defaults or examples."""
    return " ".join([query.name, *(_written(parameter) for parameter in query.parameters)])


def _written(parameter: Parameter) -> str:
    written = f"{parameter.name}={parameter.default or parameter.example}"
    return written if parameter.required else f"[{written}]"
