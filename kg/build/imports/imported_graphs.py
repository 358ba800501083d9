"""Graphs that a user imported from files of RDF: in the data folder, and part of every later release.

Each is ``graphs/KEY/`` with its quads as compressed N-Quads, as they were written, and a description. An import gives
a graph its content: what was imported into it before is replaced. Curated graphs are never among them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from kg.build.imports import graph_shapes, rdf_files, staging
from kg.build.imports.rdf_files import RdfFile
from kg.build.load.data_lock import locked
from kg.build.load.store_writer import for_loading
from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.rdf.iri import is_iri
from kg.rdf.vocabulary import Vocabulary
from kg.release.manifest import ImportedGraph

_GRAPHS, _QUADS, _DESCRIPTION = "graphs", "quads.nq.gz", "graph.json"
_LENGTH_OF_KEY = 16
_LINES_IN_MEMORY, _QUADS_BETWEEN_REPORTS = 100_000, 20_000
_COUNTS = """
SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?p) AS ?properties) {
  GRAPH ?graph { ?s ?p ?o }
} GROUP BY ?graph
"""


@dataclass(frozen=True)
class Naming:
    """How the triples of files get their graphs, and IRIs their start.

    Attributes:
        graph: IRI of the graph of all triples that are in none.
        prefix: start of IRIs to which the path of a file is added, so that each file has a graph of its own.
        base: IRI from which relative IRIs start; by default that of the graph.
        format: name of the format of all files; by default, their suffixes say it.
    """

    graph: str = ""
    prefix: str = ""
    base: str = ""
    format: str = ""

    def check(self) -> None:
        """Checks what a user gave.

        Raises:
            VitkError: it is not an IRI, or names graphs in two ways.
        """
        for option, iri in (("--graph", self.graph), ("--graph-prefix", self.prefix), ("--base", self.base)):
            if iri and not is_iri(iri):
                raise VitkError(f"{option}: {iri!r} is not an absolute IRI.")
        if self.graph and self.prefix:
            raise VitkError("Give --graph, or --graph-prefix for a graph of each file, not both.")

    def graph_of(self, path: Path) -> str:
        """The graph of a file; "" where its triples must name their own."""
        if not self.prefix:
            return self.graph
        is_inside = not path.is_absolute() and ".." not in path.parts
        return self.prefix + quote(path.as_posix() if is_inside else path.name)


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
        return hashlib.sha256((self.folder / _DESCRIPTION).read_bytes()).hexdigest()


def key_of(iri: str) -> str:
    """Returns the name of the folder of a graph."""
    return hashlib.sha256(iri.encode()).hexdigest()[:_LENGTH_OF_KEY]


def imported_graphs(data_dir: Path, importing: Sequence[StagedGraph] = ()) -> list[StagedGraph]:
    """Returns the graphs that a build reads, by IRI: those imported before, and those of this import in their place.

    Raises:
        VitkError: a description cannot be read.
    """
    found = [_read(path.parent) for path in sorted((data_dir / _GRAPHS).glob(f"[!.]*/{_DESCRIPTION}"))]
    by_iri = {staged.graph.iri: staged for staged in (*found, *importing)}
    return [by_iri[iri] for iri in sorted(by_iri)]


@contextmanager
def stage_import(
    data_dir: Path,
    files: Sequence[Path],
    naming: Naming,
    vocabulary: Vocabulary,
    shapes: Path | None = None,
    on_quads: Callable[[str, int], None] = lambda _file, _quads: None,
) -> Iterator[list[StagedGraph]]:
    """Stages the graphs of files for a build inside the ``with`` block, which installs them.

    Args:
        data_dir: the data folder.
        files: of RDF, plain or gzipped; pipes too, if the format is given.
        naming: of graphs and IRIs.
        vocabulary: of the release, whose graphs cannot be written.
        shapes: a file with SHACL shapes that each graph must conform to.
        on_quads: called repeatedly with the name of a file and the number of quads read so far.

    Raises:
        VitkError: a file cannot be read or breaks its format, names a graph of vitk, or does not conform to the shapes.
    """
    naming.check()
    formats = [rdf_files.format_of(path, naming.format) for path in files]
    # Not only the names of graphs: what is said of a graph must not be said of an entity.
    reserved = vocabulary.base
    if naming.graph.startswith(reserved):
        raise VitkError(
            f"--graph: names that start with {reserved} are vitk's own, which imports never change; choose another."
        )
    with staging.staging_folder(data_dir / _GRAPHS, "rdf") as folder:
        writing = _Writing(folder)
        for position, (path, fmt) in enumerate(zip(files, formats, strict=True)):
            copied = folder / ".file"
            staging.copy(path, copied)
            graph = naming.graph_of(path)
            key = rdf_files.key_of(copied, graph, position)
            file = RdfFile(copied, path, fmt, graph, naming.base or graph, key)
            _read_file(file, writing, reserved, on_quads)
            copied.unlink()
        staged = writing.finish()
        if shapes:
            graph_shapes.check(staged_quads={one.graph.iri: one.quads for one in staged}, shapes=shapes)
        yield staged


def installed(data_dir: Path, importing: Sequence[StagedGraph]) -> AbstractContextManager[None]:
    """Registers staged graphs in place of former ones; if the ``with`` block fails, undoes it.

    The caller holds the lock of the data folder.
    """
    return staging.installed(data_dir / _GRAPHS, {staged.folder.name: staged.folder for staged in importing})


def recover(data_dir: Path) -> None:
    """Completes or undoes what killed processes left half done; the caller holds the lock of the data folder."""
    staging.recover(data_dir / _GRAPHS)


def remove(data_dir: Path, iri: str) -> None:
    """Removes an imported graph; it is left out of the next build.

    Raises:
        VitkError: there is no imported graph with that IRI, or the data folder cannot be written.
    """
    if not (data_dir / _GRAPHS).is_dir():
        raise _unknown(iri, ())
    with locked(data_dir):
        recover(data_dir)
        known = {staged.graph.iri: staged for staged in imported_graphs(data_dir)}
        if iri not in known:
            raise _unknown(iri, known)
        staging.remove(known[iri].folder)


def _unknown(iri: str, known: Collection[str]) -> VitkError:
    return VitkError(f"There is no imported graph {iri!r}; imported graphs: {', '.join(known) or 'none'}.")


def _read(folder: Path) -> StagedGraph:
    path = folder / _DESCRIPTION
    try:
        document = json.loads(path.read_text("utf-8"))
        del document["sha256"]
        return StagedGraph(ImportedGraph(**{**document, "files": tuple(document["files"])}), folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise VitkError(f"{path} can't be read: {error}. Remove its folder, and import the graph again.") from error


def _read_file(file: RdfFile, writing: _Writing, reserved: str, on_quads: Callable[[str, int], None]) -> None:
    if file.graph:
        writing.begin(file.graph, file.shown.name)
    seen: set[str] = set()
    count = 0
    for count, quad in enumerate(rdf_files.quads_of(file), 1):
        assert isinstance(quad.graph_name, NamedNode)
        iri = quad.graph_name.value
        if iri not in seen:
            if iri.startswith(reserved):
                message = f"{iri} is one of vitk's own names, which imports never change; choose another"
                raise CuratedFileError([CuratedProblem(file.shown, rdf_files.line_of(file, iri), "graph", message)])
            seen.add(iri)
            writing.begin(iri, file.shown.name)
        writing.add(iri, quad)
        if count % _QUADS_BETWEEN_REPORTS == 0:
            on_quads(file.shown.name, count)
    on_quads(file.shown.name, count)


class _Writing:
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
            (self._folder / key_of(iri) / _DESCRIPTION).write_text(description, "utf-8")
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
    _join(files, beside / _QUADS)
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


def _join(files: Iterable[Path], path: Path) -> None:
    """Writes compressed files one after another, which are a compressed file."""
    with path.open("wb") as target:
        for file in files:
            with file.open("rb") as source:
                shutil.copyfileobj(source, target)


def in_release(graphs: Sequence[StagedGraph], release: Path, store: Path, clone: Callable[[Path, Path], None]) -> None:
    """Writes the imported graphs into a release: N-Quads, and a store that has them beside those of the release.

    Args:
        graphs: the graphs.
        release: folder of the release.
        store: the closed store of the release.
        clone: copies a store.
    """
    folder = release / "imported"
    folder.mkdir()
    _join([staged.quads for staged in graphs], folder / "graphs.nq.gz")
    clone(store, folder / "store")
    both = Store(str(folder / "store"))
    for staged in graphs:
        both.add_graph(NamedNode(staged.graph.iri))
    with gzip.open(folder / "graphs.nq.gz") as file:
        # All at once: blank nodes stay what they are from graph to graph.
        both.bulk_load(file, format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    both.flush()
