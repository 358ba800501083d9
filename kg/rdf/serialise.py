"""Serialises results with the engine's library, and rejects what XML cannot represent.

The library itself would write an XML document that no parser accepts.
"""

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
    """Writes the result of a SELECT or an ASK.

    Raises:
        NotSerialisableError: the format is XML, and a value contains a character that XML does not allow.
    """
    place = _XmlCharacterFilter(output, "SPARQL JSON (format=json)") if fmt.name == XML.name else output
    answer.serialize(place, format=fmt.results)  # type: ignore[arg-type]


def graph(triples: Iterable[Triple], fmt: Format, output: Writable, prefixes: Mapping[str, str]) -> None:
    """Writes the result of a CONSTRUCT or a DESCRIBE.

    Raises:
        NotSerialisableError: the format cannot represent the graph.
    """
    if fmt.name == JSONLD.name:
        jsonld.write(triples, output, prefixes)
        return
    place = output
    if fmt.name == RDFXML.name:
        triples, place = _with_names(triples), _XmlCharacterFilter(output, "Turtle (format=ttl)")
    pyoxigraph.serialize(triples, place, format=fmt.rdf, prefixes=dict(prefixes))  # type: ignore[arg-type]


class _XmlCharacterFilter:
    """Passes XML through and raises at characters that XML 1.0 (section 2.2) forbids.

    A carriage return is written as a reference: parsers read a bare one as a line feed (section 2.11).

    Args:
        output: where the XML goes.
        instead: the format to suggest.
    """

    def __init__(self, output: Writable, instead: str) -> None:
        self._output, self._instead = output, instead

    def write(self, piece: bytes) -> Any:
        if character := _NO_XML.search(piece):
            code = ord(character.group().decode("utf-8"))
            raise NotSerialisableError(
                f"XML cannot represent the character U+{code:04X}; request {self._instead} instead"
            )
        self._output.write(piece.replace(b"\r", b"&#xD;"))
        return len(piece)

    def flush(self) -> None:
        """Does nothing; the library calls it."""


def _with_names(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        if not _ENDS_IN_A_NAME.search(triple.predicate.value):
            iri = triple.predicate.value[:200]
            raise NotSerialisableError(
                f"RDF/XML cannot represent the predicate <{iri}>; request Turtle instead (format=ttl)"
            )
        yield triple
