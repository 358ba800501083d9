"""Checks that responses of a remote endpoint are complete, and converts them to the requested format as a stream.

Rows are accepted as JSON or XML only: CSV and TSV have no end marker, so a truncated response looks complete, and CSV
does not distinguish IRIs from strings. N-Triples and Turtle have no end marker either, so the length must come from
HTTP.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import BinaryIO
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from kg.engine.interface.base import CHUNK
from kg.rdf import serialise
from kg.rdf.formats import JSON, NTRIPLES, RDFXML, RESULT_FORMATS, TURTLE, XML, Format
from kg.rdf.output_buffer import NotSerialisableError, SpooledOutput

# The formats to request, the best first.
TAKEN_ROWS = (JSON, XML)
TAKEN_GRAPHS = (NTRIPLES, TURTLE, RDFXML)
# Formats whose syntax shows that the end is missing.
SELF_DELIMITING = (JSON, XML, RDFXML)


class IncompleteResponseError(Exception):
    """The response is truncated or malformed."""


def taken_for(requested: Format) -> tuple[Format, ...]:
    """Returns the formats to request from the endpoint when a client wants ``requested``."""
    return TAKEN_ROWS if requested in RESULT_FORMATS else TAKEN_GRAPHS


def check(source: BinaryIO, received: Format, deadline: float) -> None:
    """Reads rows to their end.

    Raises:
        IncompleteResponseError: the response is truncated or malformed.
        TimeoutError: the deadline passed before the end.
    """
    try:
        _check_end(source, received, deadline)
        result = _rows(source, received)
        if isinstance(result, QuerySolutions):
            for _ in result:
                _check_time(deadline)
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise IncompleteResponseError(str(error)) from error


def texts(source: BinaryIO, received: Format, deadline: float) -> list[dict[str, str]]:
    """Returns the rows of a small result, each with the string values of its IRIs and literals.

    Raises:
        IncompleteResponseError: the response is truncated or malformed, or it has no rows.
        TimeoutError: the deadline passed before the end.
    """
    try:
        _check_end(source, received, deadline)
        result = _rows(source, received)
        if isinstance(result, QueryBoolean):
            raise IncompleteResponseError("no rows")
        cells = [[(name.value, row[name]) for name in result.variables] for row in result]
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise IncompleteResponseError(str(error)) from error
    return [{name: term.value for name, term in row if isinstance(term, NamedNode | Literal)} for row in cells]


def rewrite(
    source: BinaryIO,
    received: Format,
    requested: Format,
    output: SpooledOutput,
    prefixes: Mapping[str, str],
    deadline: float,
) -> None:
    """Converts a result to another format.

    Raises:
        IncompleteResponseError: the response is truncated or malformed.
        OutputLimitError: the converted result exceeds the limit of ``output``.
        NotSerialisableError: the requested format cannot represent the result.
        TimeoutError: the deadline passed before the end.
    """
    try:
        _check_end(source, received, deadline)
        if requested.rdf is None:
            serialise.rows(_rows(source, received), requested, _DeadlineWriter(output, deadline))
        else:
            serialise.graph(_triples(source, received, deadline), requested, output, prefixes)
    except NotSerialisableError:
        raise
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise IncompleteResponseError(str(error)) from error


class _DeadlineWriter:
    """An output that raises ``TimeoutError`` after a deadline."""

    def __init__(self, output: SpooledOutput, deadline: float) -> None:
        self._output, self._deadline = output, deadline

    def write(self, piece: bytes) -> int:
        _check_time(self._deadline)
        return self._output.write(piece)

    def flush(self) -> None:
        """Does nothing; the serialiser calls it."""


def _rows(source: BinaryIO, received: Format) -> QuerySolutions | QueryBoolean:
    assert received.results is not None
    result = pyoxigraph.parse_query_results(source, format=received.results)
    assert isinstance(result, QuerySolutions | QueryBoolean)
    return result


def _triples(source: BinaryIO, received: Format, deadline: float) -> Iterator[Triple]:
    for quad in pyoxigraph.parse(source, format=received.rdf):
        _check_time(deadline)
        yield quad.triple


def _check_end(source: BinaryIO, received: Format, deadline: float) -> None:
    """Checks only brackets or tags: the library's parser accepts a document in which the last ones are missing."""
    if received == JSON:
        _check_brackets(source, deadline)
    elif received in (XML, RDFXML):
        parser = expat.ParserCreate()
        is_end = False
        while not is_end:
            _check_time(deadline)
            piece = source.read(CHUNK)
            is_end = not piece
            parser.Parse(piece, is_end)
    source.seek(0)


def _check_brackets(source: BinaryIO, deadline: float) -> None:
    depth, in_string, rest = 0, False, b""
    while piece := source.read(CHUNK):
        _check_time(deadline)
        piece = rest + piece
        unescaped = piece.rstrip(b"\\")
        rest = piece[len(unescaped) :]
        # An escaped quotation mark ends nothing; an unescaped one separates the inside of a string from the outside.
        parts = unescaped.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = b"".join(parts[int(in_string) :: 2])
        in_string ^= len(parts) % 2 == 0
        depth += sum(map(outside.count, (b"{", b"["))) - sum(map(outside.count, (b"}", b"]")))
    if rest or in_string or depth:
        raise IncompleteResponseError("brackets or strings are unclosed at the end")


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError
