"""Reads curated Turtle: quads by graph, and the file and line of each subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.rdf.vocabulary import Vocabulary

ONTOLOGY_FOLDER = Path(__file__).parents[3] / "ontology"
CURATED_GRAPHS = ("entities", "propositions", "claims", "evidence", "composition")

# In curated files every subject starts in the first column, which lets validation errors report the line.
_SUBJECT = re.compile(r"^(?:(?P<prefix>[a-z]+):(?P<local>[^\s;,]+)|<(?P<iri>[^>]+)>)\s")


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
                if word and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
                    return self.line + offset
        return None


@dataclass
class ParsedSources:
    """The curated files as read: quads, paths, and the locations of every subject."""

    vocabulary: Vocabulary
    quads: list[Quad] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    places: dict[str, list[SourceLocation]] = field(default_factory=dict)

    def locate(self, subject: str, *words: str) -> tuple[Path, int | None]:
        """Returns the file and line of a subject: of one of the words in its blocks, otherwise of its first block.

        An unknown subject is located in the first file, without a line.
        """
        places = self.places.get(subject, [])
        for place in places:
            if line := place.line_of(words):
                return place.path, line
        return (places[0].path, places[0].line) if places else (self.files[0], None)


def files_of(curated: Path) -> Iterator[tuple[str, Path]]:
    """Yields the curated files, each with its graph, in a fixed order.

    Raises:
        VitkError: the folder contains no curated files.
    """
    found = [(graph, path) for graph in CURATED_GRAPHS for path in sorted((curated / graph).rglob("*.ttl"))]
    if not found:
        raise VitkError(
            f"{curated}: this folder contains no curated files (entities/*.ttl, claims/*.ttl, evidence/*.ttl)."
        )
    yield "ontology", ONTOLOGY_FOLDER / "vitk.ttl"
    yield from found


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
            text = path.read_bytes().decode("utf-8")
            triples = list(parse(text, format=RdfFormat.TURTLE, base_iri=vocabulary.base))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.append(CuratedProblem(path, line, "encoding", "not UTF-8"))
        except SyntaxError as error:
            problems.append(CuratedProblem(path, error.lineno, "Turtle syntax", _plain(error.msg)))
        else:
            name = NamedNode(vocabulary.graph(graph))
            sources.quads += (Quad(t.subject, t.predicate, t.object, name) for t in triples)
            sources.files.append(path)
            _locate(path, text, sources)
    if problems:
        raise CuratedFileError(problems)
    return sources


def _plain(message: str) -> str:
    return re.sub(r"^Parser error (?:at|between) line .*?: ", "", message)


def _locate(path: Path, text: str, sources: ParsedSources) -> None:
    lines = text.splitlines()
    starts = [(number, match) for number, line in enumerate(lines) if (match := _SUBJECT.match(line))]
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    for (number, match), end in zip(starts, ends, strict=True):
        if match["iri"] is not None:
            iri = sources.vocabulary.base + match["iri"]
        else:
            iri = sources.vocabulary.prefixes.get(match["prefix"], match["prefix"] + ":") + match["local"]
        sources.places.setdefault(iri, []).append(SourceLocation(path, number + 1, tuple(lines[number:end])))
