"""Answers from elsewhere, checked for being whole and brought into the format that was wanted, piece by piece: whatever
their size, a few of their rows are in memory at a time.

Rows are taken as JSON or XML alone: CSV and TSV have no end by which one would know that none is missing, and CSV does
not say what is an IRI. N-Triples and Turtle have no end either, so HTTP must tell it.
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

# What is asked for, the best first, and taken.
TAKEN_ROWS = (JSON, XML)
TAKEN_GRAPHS = (NTRIPLES, TURTLE, RDFXML)
# Formats by whose end one sees that nothing is missing.
SELF_DELIMITING = (JSON, XML, RDFXML)


class IncompleteResponseError(Exception):
    """The answer is cut off, or can't be read."""


def taken_for(wanted: Format) -> tuple[Format, ...]:
    """The formats in which an engine may answer where one is wanted."""
    return TAKEN_ROWS if wanted in RESULT_FORMATS else TAKEN_GRAPHS


def check(source: BinaryIO, given: Format, deadline: float) -> None:
    """Reads an answer of rows to its end.

    Raises:
        NotWhole: something is missing.
        TimeoutError: the deadline passed before the end.
    """
    try:
        _check_end(source, given, deadline)
        found = _rows(source, given)
        if isinstance(found, QuerySolutions):
            for _ in found:
                _check_time(deadline)
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise IncompleteResponseError(str(error)) from error


def texts(source: BinaryIO, given: Format, deadline: float) -> list[dict[str, str]]:
    """The rows of a small answer, each with the texts of its IRIs and literals.

    Raises:
        NotWhole: something is missing, or there are no rows.
        TimeoutError: the deadline passed before the end.
    """
    try:
        _check_end(source, given, deadline)
        found = _rows(source, given)
        if isinstance(found, QueryBoolean):
            raise IncompleteResponseError("no rows")
        cells = [[(name.value, row[name]) for name in found.variables] for row in found]
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise IncompleteResponseError(str(error)) from error
    return [{name: term.value for name, term in row if isinstance(term, NamedNode | Literal)} for row in cells]


def rewrite(
    source: BinaryIO, given: Format, wanted: Format, output: SpooledOutput, prefixes: Mapping[str, str], deadline: float
) -> None:
    """Writes an answer in another format.

    Raises:
        NotWhole: something is missing.
        TooLarge: it has more bytes in this format than allowed.
        Unsayable: the format that was wanted has no way to say it.
        TimeoutError: the deadline passed before the end.
    """
    try:
        _check_end(source, given, deadline)
        if wanted.rdf is None:
            serialise.rows(_rows(source, given), wanted, _DeadlineWriter(output, deadline))
        else:
            serialise.graph(_triples(source, given, deadline), wanted, output, prefixes)
    except NotSerialisableError:
        raise
    except (SyntaxError, ValueError, expat.ExpatError) as error:
        raise IncompleteResponseError(str(error)) from error


class _DeadlineWriter:
    """An output that is written to until a deadline."""

    def __init__(self, output: SpooledOutput, deadline: float) -> None:
        self._output, self._deadline = output, deadline

    def write(self, piece: bytes) -> int:
        _check_time(self._deadline)
        return self._output.write(piece)

    def flush(self) -> None:
        """The engine calls it."""


def _rows(source: BinaryIO, given: Format) -> QuerySolutions | QueryBoolean:
    assert given.results is not None
    found = pyoxigraph.parse_query_results(source, format=given.results)
    assert isinstance(found, QuerySolutions | QueryBoolean)
    return found


def _triples(source: BinaryIO, given: Format, deadline: float) -> Iterator[Triple]:
    for quad in pyoxigraph.parse(source, format=given.rdf):
        _check_time(deadline)
        yield quad.triple


def _check_end(source: BinaryIO, given: Format, deadline: float) -> None:
    """Looks at the brackets or tags alone: the library's reader is content where the last ones are missing."""
    if given == JSON:
        _check_brackets(source, deadline)
    elif given in (XML, RDFXML):
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
        # A quote that is escaped ends nothing; one that is not stands between what is inside and what is outside.
        parts = unescaped.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = b"".join(parts[int(in_string) :: 2])
        in_string ^= len(parts) % 2 == 0
        depth += sum(map(outside.count, (b"{", b"["))) - sum(map(outside.count, (b"}", b"]")))
    if rest or in_string or depth:
        raise IncompleteResponseError("brackets or strings are open at the end")


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError
