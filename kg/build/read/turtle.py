"""Reads curated Turtle: quads by graph, and the file and line of each subject."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from kg.build.read.turtle_tokens import Statement, statements
from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.files import text_files
from kg.rdf.vocabulary import Vocabulary

ONTOLOGY_FOLDER = Path(__file__).parents[3] / "ontology"
# Turtle allows it in IRIs.
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
CURATED_GRAPHS = ("entities", "propositions", "claims", "evidence", "composition")


@dataclass(frozen=True)
class SourceLocation:
    """The position of a subject's block, and its lines."""

    path: Path
    line: int
    lines: tuple[str, ...]

    def line_of(self, words: Iterable[str]) -> int | None:
        """Returns the number of the first line that contains one of the words, tried in order."""
        for word in words:
            for offset, text in enumerate(self.lines):
                if word and re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-]|\.\w)", text):
                    return self.line + offset
        return None


@dataclass
class ParsedSources:
    """The curated files as read: quads and paths; where a subject is in them is found only when somebody asks.

    Attributes:
        texts: the text of each file.
        origins: the file in which each subject comes first.
        owners: the subject that refers to each blank node.
    """

    vocabulary: Vocabulary
    quads: list[Quad] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)
    origins: dict[str, Path] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def add(self, path: Path, text: str, triples: Iterable[Triple], graph: str) -> None:
        """Adds what a file says, to a graph."""
        name = NamedNode(self.vocabulary.graph(graph))
        self.files.append(path)
        self.texts[path] = text
        for triple in triples:
            subject = str(triple.subject).strip("<>")
            self.quads.append(Quad(triple.subject, triple.predicate, triple.object, name))
            self.origins.setdefault(subject, path)
            if isinstance(triple.object, BlankNode):
                self.owners[str(triple.object)] = subject

    @cached_property
    def places(self) -> dict[str, list[SourceLocation]]:
        """The locations of every subject that has a name."""
        found: dict[str, list[SourceLocation]] = {}
        for path, text in self.texts.items():
            for iri, place in _places(path, text, self.vocabulary.base):
                found.setdefault(iri, []).append(place)
        return found

    def locate(self, subject: str, *words: str) -> tuple[Path, int | None]:
        """Returns the file and line of a subject: of one of the words in its blocks, otherwise of its first block.

        A blank node is in the block of the subject that refers to it. An unknown subject is located in the first file,
        without a line.
        """
        seen = {subject}
        while subject in self.owners and self.owners[subject] not in seen:
            subject = self.owners[subject]
            seen.add(subject)
        places = self.places.get(subject, [])
        for place in places:
            if line := place.line_of(words):
                return place.path, line
        if places:
            return places[0].path, places[0].line
        if subject not in self.origins:
            return self.files[0], None
        # A blank node at the start of a statement.
        path = self.origins[subject]
        return path, SourceLocation(path, 1, tuple(text_files.lines_of(self.texts[path]))).line_of(words)


def files_of(curated: Path) -> Iterator[tuple[str, Path]]:
    """Yields the curated files, each with its graph, in a fixed order.

    Raises:
        VitkError: the folder contains no curated files.
        CuratedFileError: one that can be none, by its name or kind.
    """
    found = [
        (graph, path)
        for graph in CURATED_GRAPHS
        for path in sorted((curated / graph).rglob("*.ttl"))
        # Editors and file managers leave hidden files beside those that they show.
        if not path.name.startswith(".")
    ]
    if not found:
        raise VitkError(
            f"{curated}: this folder contains no curated files (entities/*.ttl, claims/*.ttl, evidence/*.ttl)."
        )
    if problems := [CuratedProblem(path, None, "file", problem) for _, path in found if (problem := _unreadable(path))]:
        raise CuratedFileError(problems)
    yield "ontology", ONTOLOGY_FOLDER / "vitk.ttl"
    yield from found


def _unreadable(path: Path) -> str:
    """Why a file can be no curated file, or "": a pipe would be waited for, and releases name their files."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "the name is not UTF-8; rename it"
    return "is not a file" if path.exists() and not path.is_file() else ""


def read(curated: Path, vocabulary: Vocabulary, extra: Iterable[Path] = ()) -> ParsedSources:
    """Reads the ontology, all curated files, and ``extra`` files outside them (into the graph of entities).

    Raises:
        CuratedFileError: files that are not Turtle in UTF-8, each with the line of the error.
    """
    sources, problems = ParsedSources(vocabulary), []
    known = list(files_of(curated))
    outside = [("entities", path) for path in extra if path.resolve() not in {there.resolve() for _, there in known}]
    for graph, path in [*known, *outside]:
        try:
            text = text_files.read_text(path)
            triples = list(parse(text, format=RdfFormat.TURTLE, base_iri=vocabulary.base))
        except CuratedFileError as error:
            problems += error.problems
        except SyntaxError as error:
            problems.append(CuratedProblem(path, error.lineno, "Turtle syntax", _plain(error.msg)))
        else:
            sources.add(path, text, triples, graph)
    if problems:
        raise CuratedFileError(problems)
    return sources


def _plain(message: str) -> str:
    return re.sub(r"^Parser error (?:at|between) line .*?: ", "", message)


def _places(path: Path, text: str, base: str) -> Iterator[tuple[str, SourceLocation]]:
    """Yields the subject of each statement, and where the statement is."""
    lines = text_files.lines_of(text)
    starts = text_files.line_starts(text)
    prefixes: dict[str, str] = {}
    for statement in statements(text):
        first, last = statement.tokens[0], statement.tokens[-1]
        if statement.is_directive:
            base = _declare(statement, base, prefixes)
        elif iri := _iri(first.text, base, prefixes):
            start, end = bisect_right(starts, first.start), bisect_right(starts, last.start)
            yield iri, SourceLocation(path, start, tuple(lines[start - 1 : end]))


def _declare(statement: Statement, base: str, prefixes: dict[str, str]) -> str:
    """Records a prefix; returns the base that holds from here on."""
    _, *words = [token.text for token in statement.tokens if token.kind in ("at", "word", "name", "iri")]
    iri = _resolve(words[-1], base) if words else base
    if len(words) == 2:
        prefixes[words[0].removesuffix(":")] = iri
        return base
    return iri


def _iri(token: str, base: str, prefixes: dict[str, str]) -> str | None:
    if token.startswith("<"):
        return _resolve(token, base)
    prefix, colon, local = token.partition(":")
    if not colon or prefix not in prefixes:
        return None
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _resolve(token: str, base: str) -> str:
    reference = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), token[1:-1])
    # The standard library drops an empty fragment, which ends the IRI of a namespace.
    return urljoin(base, reference) + ("#" if reference.endswith("#") and reference != "#" else "")
