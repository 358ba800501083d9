"""Catalogue queries with values filled in, which a page shows so that its figures can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.catalogue.catalogue import Query, Value
from kg.reader import invocation
from kg.reader.reader import Reader


@dataclass(frozen=True)
class FilledQuery:
    """A catalogue query: its title, and its SPARQL with values filled in."""

    title: str
    text: str


def filled(reader: Reader, query: Query, values: Mapping[str, Value]) -> FilledQuery:
    """Returns a catalogue query with these values, and a title that names them."""
    title = invocation.title_of(reader, query.header.title_template, query.parameters, values)
    return FilledQuery(title, query.fill(values))


def example(reader: Reader, name: str) -> FilledQuery:
    """Returns a catalogue query, filled with its example values."""
    query = reader.catalogue[name]
    return FilledQuery(query.title, reader.catalogue.example(query))
