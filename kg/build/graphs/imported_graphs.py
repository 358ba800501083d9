"""Graphs that a user imported from files of RDF: in the data folder, and part of every later release.

Each is ``graphs/KEY/`` with its quads as compressed N-Quads, as they were written, and a description. An import gives
a graph its content: what was imported into it before is replaced. Curated graphs are never among them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat, Store

from kg.build.graphs import graph_shapes, rdf_files
from kg.build.graphs.graph_writer import DESCRIPTION, GraphWriter, StagedGraph, join
from kg.build.graphs.rdf_files import RdfFile
from kg.build.imports import staging
from kg.build.load.data_lock import locked
from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.rdf.iri import is_iri
from kg.rdf.vocabulary import Vocabulary
from kg.release.manifest import ImportedGraph

_GRAPHS = "graphs"
_QUADS_BETWEEN_REPORTS = 20_000


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


def imported_graphs(data_dir: Path, importing: Sequence[StagedGraph] = ()) -> list[StagedGraph]:
    """Returns the graphs that a build reads, by IRI: those imported before, and those of this import in their place.

    Raises:
        VitkError: a description cannot be read.
    """
    found = [_read(path.parent) for path in sorted((data_dir / _GRAPHS).glob(f"[!.]*/{DESCRIPTION}"))]
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
        writing = GraphWriter(folder)
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
    path = folder / DESCRIPTION
    try:
        document = json.loads(path.read_text("utf-8"))
        del document["sha256"]
        return StagedGraph(ImportedGraph(**{**document, "files": tuple(document["files"])}), folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise VitkError(f"{path} can't be read: {error}. Remove its folder, and import the graph again.") from error


def _read_file(file: RdfFile, writing: GraphWriter, reserved: str, on_quads: Callable[[str, int], None]) -> None:
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


def in_release(graphs: Sequence[StagedGraph], release: Path, clone: Callable[[Path, Path], None]) -> str:
    """Writes the imported graphs into a release: N-Quads, and a store that has them beside those of the release.

    Args:
        graphs: the graphs.
        release: folder of the release, whose store is closed.
        clone: copies a store.

    Returns:
        What there is, in words.
    """
    if not graphs:
        return "no imported graphs"
    folder = release / "imported"
    folder.mkdir()
    join([staged.quads for staged in graphs], folder / "graphs.nq.gz")
    clone(release / "store", folder / "store")
    both = Store(str(folder / "store"))
    for staged in graphs:
        both.add_graph(NamedNode(staged.graph.iri))
    with gzip.open(folder / "graphs.nq.gz") as file:
        # All at once: blank nodes stay what they are from graph to graph.
        both.bulk_load(file, format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    both.flush()
    return f"{sum(staged.graph.triples for staged in graphs):,} triples in {len(graphs)} imported graphs"
