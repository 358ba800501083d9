"""Writes the graphs of an import while files are read, each into a folder of its own."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat

from kg.build.load.store_writer import for_loading
from kg.release.manifest import ImportedGraph

DESCRIPTION, _QUADS = "graph.json", "quads.nq.gz"
_LENGTH_OF_KEY = 16
_LINES_IN_MEMORY = 100_000
_COUNTS = """
SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?p) AS ?properties) {
  GRAPH ?graph { ?s ?p ?o }
} GROUP BY ?graph
"""


@dataclass(frozen=True)
class StagedGraph:
    """A graph that is imported, or was: what a release says of it, and its folder."""

    graph: ImportedGraph
    folder: Path

    @property
    def quads(self) -> Path:
        """Its quads as compressed N-Quads."""
        return self.folder / _QUADS

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of its content and description."""
        return hashlib.sha256((self.folder / DESCRIPTION).read_bytes()).hexdigest()


def key_of(iri: str) -> str:
    """Returns the name of the folder of a graph."""
    return hashlib.sha256(iri.encode()).hexdigest()[:_LENGTH_OF_KEY]


class GraphWriter:
    """The graphs of an import while it is read.

    Args:
        folder: for the folders of the graphs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, list[str]] = {}
        self._read: dict[str, int] = {}
        self._lines: dict[str, list[bytes]] = {}
        self._in_memory = 0

    def begin(self, iri: str, file: str) -> None:
        """A file has something for a graph."""
        files = self._files.setdefault(iri, [])
        if file not in files:
            files.append(file)
        self._read.setdefault(iri, 0)

    def add(self, iri: str, quad: Quad) -> None:
        """Adds a quad to its graph."""
        self._read[iri] += 1
        self._lines.setdefault(iri, []).append(f"{quad} .\n".encode())
        self._in_memory += 1
        if self._in_memory >= _LINES_IN_MEMORY:
            self._flush()

    def finish(self) -> list[StagedGraph]:
        """Writes the files of each graph, by IRI."""
        self._flush()
        iris = sorted(self._files)
        digests = {iri: self._compress(iri) for iri in iris}
        counts = _counted([self._folder / key_of(iri) / _QUADS for iri in iris], self._folder / ".counting")
        staged = []
        for iri in iris:
            found = counts.get(iri, {"triples": 0, "subjects": 0, "properties": 0})
            graph = ImportedGraph(iri=iri, files=tuple(self._files[iri]), read=self._read[iri], **found)
            description = json.dumps({**asdict(graph), "sha256": digests[iri]}, indent=1)
            (self._folder / key_of(iri) / DESCRIPTION).write_text(description, "utf-8")
            staged.append(StagedGraph(graph, self._folder / key_of(iri)))
        return staged

    def _flush(self) -> None:
        # Not one open file for each graph: there may be thousands.
        for iri, lines in self._lines.items():
            with self._plain(iri).open("ab") as file:
                file.writelines(lines)
        self._lines.clear()
        self._in_memory = 0

    def _plain(self, iri: str) -> Path:
        folder = self._folder / key_of(iri)
        folder.mkdir(exist_ok=True)
        return folder / "quads.nq"

    def _compress(self, iri: str) -> str:
        """Compresses the quads of a graph; returns the SHA-256 of what they were, in hex."""
        plain = self._plain(iri)
        plain.touch()
        with plain.open("rb") as source, (plain.parent / _QUADS).open("wb") as file:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as target:
                shutil.copyfileobj(source, target)
        plain.unlink()
        return digest


def _counted(files: Iterable[Path], beside: Path) -> dict[str, dict[str, int]]:
    """Counts what a store makes of quads, by graph: equal ones are one."""
    beside.mkdir()
    join(files, beside / _QUADS)
    store = for_loading(beside / "store")
    with gzip.open(beside / _QUADS) as quads:
        store.bulk_load(quads, format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    found = store.query(_COUNTS)
    assert isinstance(found, QuerySolutions)
    counts: dict[str, dict[str, int]] = {}
    for row in found:
        terms = {variable.value: row[variable] for variable in found.variables}
        graph = terms.pop("graph")
        assert isinstance(graph, NamedNode)
        counts[graph.value] = {name: int(term.value) for name, term in terms.items() if isinstance(term, Literal)}
    del store, found
    shutil.rmtree(beside)
    return counts


def join(files: Iterable[Path], path: Path) -> None:
    """Writes compressed files one after another, which are a compressed file."""
    with path.open("wb") as target:
        for file in files:
            with file.open("rb") as source:
                shutil.copyfileobj(source, target)
