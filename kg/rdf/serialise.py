"""Answers in the format that was wanted, written by the engine's library. What XML has no way to say is told: the
library would write a document that no reader takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from kg.rdf import jsonld
from kg.rdf.formats import JSONLD, RDFXML, XML, Format
from kg.rdf.output_buffer import NotSerialisableError, Writable

_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ENDS_IN_A_NAME = re.compile(r"[^\W\d][\w.\-]*$")


def rows(answer: QuerySolutions | QueryBoolean, fmt: Format, output: Writable) -> None:
    """Writes rows, or yes or no.

    Raises:
        Unsayable: XML was wanted, and a text holds a sign that it has not.
    """
    place = _XmlCharacterFilter(output, "SPARQL JSON (format=json)") if fmt.name == XML.name else output
    answer.serialize(place, format=fmt.results)  # type: ignore[arg-type]


def graph(triples: Iterable[Triple], fmt: Format, output: Writable, prefixes: Mapping[str, str]) -> None:
    """Writes a graph.

    Raises:
        Unsayable: the format has no way to say it.
    """
    if fmt.name == JSONLD.name:
        jsonld.write(triples, output, prefixes)
        return
    place = output
    if fmt.name == RDFXML.name:
        triples, place = _with_names(triples), _XmlCharacterFilter(output, "Turtle (format=ttl)")
    pyoxigraph.serialize(triples, place, format=fmt.rdf, prefixes=dict(prefixes))  # type: ignore[arg-type]


class _XmlCharacterFilter:
    """An output of XML alone; ``instead`` is the format to ask for."""

    def __init__(self, output: Writable, instead: str) -> None:
        self._output, self._instead = output, instead

    def write(self, piece: bytes) -> Any:
        if sign := _NO_XML.search(piece):
            code = ord(sign.group().decode("utf-8"))
            raise NotSerialisableError(f"XML has no way to write the sign U+{code:04X}: ask for {self._instead}")
        return self._output.write(piece)

    def flush(self) -> None:
        """The library calls it."""


def _with_names(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        if not _ENDS_IN_A_NAME.search(triple.predicate.value):
            iri = triple.predicate.value[:200]
            raise NotSerialisableError(
                f"RDF/XML has no way to write the predicate <{iri}>: ask for Turtle (format=ttl)"
            )
        yield triple
