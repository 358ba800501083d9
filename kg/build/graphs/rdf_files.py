"""Reads RDF files that users import, in all formats of RDF, as quads that are ready for a store.

Blank nodes get names that follow from the content and place of their file: they coincide within a file, also from graph
to graph, and never with those of another file; and the same files give the same names, so equal imports give equal
releases.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar, cast
from xml.parsers import expat

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.rdf.formats import GRAPH_FORMATS

# Suffixes in use beside those of ``GRAPH_FORMATS``.
_OTHER_SUFFIXES = {
    "turtle": "ttl", "ntriples": "nt", "nquads": "nq", "owl": "rdf", "xml": "rdf", "json": "jsonld", "rdfs": "rdf",
}  # fmt: skip
FORMAT_NAMES = tuple(fmt.name for fmt in GRAPH_FORMATS)
_POSITION = re.compile(r"^Parser error (?:at|between) line .*?: | \(line \d+\)$")
_READ_ERRORS = (OSError, EOFError, zlib.error)
_PIECE = 1 << 16
_DEEPEST = 500
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]')
# Parsers of these formats do not say where every error is.
_WITHOUT_LINES = (RdfFormat.RDF_XML, RdfFormat.JSON_LD)
_Node = TypeVar("_Node", bound=NamedNode | BlankNode | Literal | Triple)


@dataclass(frozen=True)
class RdfFile:
    """A file to import.

    Attributes:
        path: where it is read.
        shown: what messages call it.
        format: the format that it is in.
        graph: IRI of the graph for triples that are in none; "" if there must be no such triples.
        base: IRI from which relative IRIs start; "" if there must be none.
        key: distinguishes its blank nodes; letters and digits.
    """

    path: Path
    shown: Path
    format: RdfFormat
    graph: str
    base: str
    key: str


def format_of(path: Path, name: str = "") -> RdfFormat:
    """Returns the format with a name, or the one of the suffix of a file; ``.gz`` behind it does not count.

    Raises:
        VitkError: the suffix is not that of a format.
    """
    suffixes = [suffix.lstrip(".").lower() for suffix in path.suffixes]
    suffix = next((suffix for suffix in reversed(suffixes) if suffix != "gz"), "")
    wanted = name or _OTHER_SUFFIXES.get(suffix, suffix)
    for fmt in GRAPH_FORMATS:
        if fmt.name == wanted and fmt.rdf is not None:
            return fmt.rdf
    raise VitkError(f"{path}: the suffix names no format of RDF; give one with --format: {', '.join(FORMAT_NAMES)}.")


def key_of(path: Path, graph: str, position: int) -> str:
    """Returns the key of the blank nodes of a file: a digest of its content, its graph and its place in the import."""
    digest = hashlib.sha256(f"{position}\0{graph}\0".encode())
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()[:16]


def quads_of(file: RdfFile) -> Iterator[Quad]:
    """Yields the quads of a file, each in a graph that has an IRI.

    Raises:
        CuratedFileError: the file is not what its format demands, with the line.
    """
    if file.format == RdfFormat.RDF_XML:
        _check_xml(file)
    if file.format == RdfFormat.JSON_LD:
        _check_json(file)
    names = _BlankNodeNames(file.key)
    graph = NamedNode(file.graph) if file.graph else None
    with _opened(file) as content:
        lines = _LineByLine(content)
        source = lines if file.format in _WITHOUT_LINES else content
        try:
            # The parser reads whatever can be read.
            quads = parse(cast("BinaryIO", source), format=file.format, base_iri=file.base or None)
            for number, quad in enumerate(quads, 1):
                named = quad.graph_name
                if isinstance(named, BlankNode):
                    at = _line_of_quad(file, number)
                    raise _error(file, at, "a graph without an IRI cannot be queried by name; give it one")
                if isinstance(named, DefaultGraph):
                    if graph is None:
                        at = _line_of_quad(file, number)
                        raise _error(file, at, "has triples that are in no graph; name one with --graph")
                    named = graph
                yield Quad(names.of(quad.subject), quad.predicate, names.of(quad.object), named)
        except SyntaxError as error:
            line = error.lineno or (lines.given if file.format in _WITHOUT_LINES else None)
            raise _error(file, line, _sentence(error.msg, file)) from error
        except _READ_ERRORS as error:
            raise _error(file, None, f"cannot be read: {error}") from error


def _check_xml(file: RdfFile) -> None:
    """Checks that a document is complete: the engine's parser does not miss the end of one that is cut off."""
    parser = expat.ParserCreate()
    with _opened(file) as content:
        try:
            parser.ParseFile(content)
        except expat.ExpatError as error:
            raise _error(file, error.lineno, f"is not XML: {expat.ErrorString(error.code)}") from error
        except _READ_ERRORS as error:
            raise _error(file, None, f"cannot be read: {error}") from error


def _check_json(file: RdfFile) -> None:
    """Checks how deep a document nests: the parser runs out of its stack, which ends the process without a word."""
    depth = 0
    with _opened(file) as content:
        try:
            for number, line in enumerate(content, 1):
                # A string ends on its line.
                for sign in _NESTING.findall(line):
                    depth += (sign in b"[{") - (sign in b"]}") if len(sign) == 1 else 0
                    if depth > _DEEPEST:
                        raise _error(file, number, f"nests more than {_DEEPEST} levels deep")
        except _READ_ERRORS as error:
            raise _error(file, None, f"cannot be read: {error}") from error


def _line_of_quad(file: RdfFile, number: int) -> int:
    """The line on which a quad ends, found by reading the file once more up to there."""
    with _opened(file) as content:
        lines = _LineByLine(content)
        quads = parse(cast("BinaryIO", lines), format=file.format, base_iri=file.base or None)
        next(islice(quads, number - 1, None))
        return lines.given


def line_of(file: RdfFile, iri: str) -> int | None:
    """Returns the first line of a file that has an IRI in it, complete or as a name with a prefix; else ``None``."""
    local = re.split(r"[/#]", iri)[-1]
    words = [word.encode() for word in (iri, f":{local}") if len(word) > 1]
    found: dict[bytes, int] = {}
    with _opened(file) as content:
        for number, line in enumerate(content, 1):
            for word in words:
                if word in line:
                    found.setdefault(word, number)
    return next((found[word] for word in words if word in found), None)


class _BlankNodeNames:
    """Names for the blank nodes of a file, by the order in which they come."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._names: dict[str, BlankNode] = {}

    def of(self, term: _Node) -> _Node:
        """Returns a term of the file with our names for blank nodes."""
        if isinstance(term, BlankNode):
            if (name := self._names.get(term.value)) is None:
                name = self._names[term.value] = BlankNode(f"b{self._key}n{len(self._names)}")
            return cast("_Node", name)
        if isinstance(term, Triple):
            return cast("_Node", Triple(self.of(term.subject), term.predicate, self.of(term.object)))
        return term


class _LineByLine(io.RawIOBase):
    """Gives a parser one line at a time, so that the last one given is that of an error."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rest = b""
        self.given = 0

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Returns the next line, or as much of it as is wanted."""
        if not self._rest:
            self._rest = self._file.readline()
            self.given += bool(self._rest)
        piece, self._rest = (self._rest[:size], self._rest[size:]) if size >= 0 else (self._rest, b"")
        return piece


def _opened(file: RdfFile) -> BinaryIO:
    """Opens a file, plain or gzipped, behind its byte order mark."""
    try:
        with file.path.open("rb") as start:
            is_compressed = start.read(2) == b"\x1f\x8b"
        # The caller closes it.
        opened = gzip.open(file.path) if is_compressed else file.path.open("rb")  # noqa: SIM115
        if opened.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            opened.seek(0)
    except _READ_ERRORS as error:
        raise _error(file, None, f"cannot be read: {error}") from error
    return cast("BinaryIO", opened)


def _sentence(message: str, file: RdfFile) -> str:
    plain = _POSITION.sub("", _POSITION.sub("", message))
    if "LoadDocumentCallback" in plain:
        return "its @context is an address, and nothing is read from the network; put the context into the file"
    if "No scheme found" in plain and not file.base:
        return "an IRI is relative, and the file has no base; give one with --base"
    return plain


def _error(file: RdfFile, line: int | None, message: str) -> CuratedFileError:
    return CuratedFileError([CuratedProblem(file.shown, line, "RDF", message)])
