"""Prepares catalogue queries by name, with parameter values as people write them; for the command line and agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.catalogue import title_template
from kg.catalogue.catalogue import Query, Value
from kg.catalogue.query_header import Parameter
from kg.errors import VitkError
from kg.reader import query_parameters
from kg.reader.reader import Reader

# What an empty answer says: an entry that is missing says nothing about the world.
NOTHING_RECORDED = "Nothing recorded: no entry here matches. That is not evidence that there is none."


@dataclass(frozen=True)
class PreparedQuery:
    """A catalogue query, the values of its parameters, and its SPARQL and title with these values filled in."""

    query: Query
    values: Mapping[str, Value]
    sparql: str
    title: str


def prepare(reader: Reader, name: str, given: Mapping[str, str]) -> PreparedQuery:
    """Prepares a public query; values may be IRIs, CURIEs or names.

    Raises:
        VitkError: there is no such query (with the nearest names), or a value is invalid (with the nearest values).
    """
    query = reader.catalogue.find_public(name)
    values = query_parameters.parse_values(reader, query.parameters, given)
    title = title_of(reader, query.header.title_template, query.parameters, values)
    return PreparedQuery(query, values, query.fill(values), title)


def title_of(reader: Reader, template: str, parameters: Iterable[Parameter], values: Mapping[str, Value]) -> str:
    """Returns a title with the labels of the entities, or the texts and numbers, that are asked for.

    Args:
        reader: the release, for labels.
        template: of the title, see ``kg.catalogue.title_template``.
        parameters: those that the template may name.
        values: by parameter name; ``None`` for a parameter that is not given.
    """
    types = {parameter.name: parameter.type for parameter in parameters}
    given = {name: value for name, value in values.items() if value is not None}
    iris = {name: query_parameters.iris_of(types[name], value) for name, value in given.items()}
    labels = reader.references([], extra={iri for named in iris.values() for iri in named})
    words = {
        name: " and ".join(labels[iri].label for iri in iris[name]) if iris[name] else str(value)
        for name, value in given.items()
    }
    return title_template.fill(template, words)


def pairs(arguments: Sequence[str]) -> dict[str, str]:
    """Parses arguments of the form ``name=value``.

    Raises:
        VitkError: an argument has another form, or a name occurs twice.
    """
    values: dict[str, str] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise VitkError(f"{argument[:60]!r} is not a parameter; write name=value, such as form=mk-7.")
        if name in values:
            raise VitkError(f"{name} is given twice.")
        values[name] = value
    return values


def search_queries(queries: Iterable[Query], words: str) -> list[Query]:
    """Returns the queries that contain all the words, or all queries without words.

    They are looked for in name, title, summary and tags, and in the parameters with their examples.
    """
    wanted = words.casefold().split()
    return [query for query in queries if all(word in _searched(query) for word in wanted)]


def _searched(query: Query) -> str:
    given = (f"{parameter.name} {parameter.example} {parameter.description}" for parameter in query.parameters)
    return " ".join((query.name, query.title, query.summary, *query.tags, *given)).casefold()


def signature(query: Query) -> str:
    """Returns a query's name and its parameters with their defaults or examples, as written on the command line."""
    return " ".join([query.name, *(_written(parameter) for parameter in query.parameters)])


def _written(parameter: Parameter) -> str:
    written = f"{parameter.name}={parameter.default or parameter.example}"
    return written if parameter.required else f"[{written}]"
