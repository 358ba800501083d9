"""The recipe: read, infer, check, load, assess, describe, index, dump, prove, graphs, publish.

A release is made beside the others and renamed into place as the last step but one; the last is one atomic change of
the pointer. A build that fails or is killed leaves the former release serving. What follows from tables alone, and
proofs, are parts that later builds reuse (``kg.build.reuse.parts``).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.build import release_folder
from kg.build.graphs import imported_graphs
from kg.build.graphs.graph_writer import StagedGraph
from kg.build.import_closure import ImportGraph
from kg.build.load import data_lock, imported_tables
from kg.build.load import mapping as table_mapping
from kg.build.load.loader import LoadReport
from kg.build.load.mapping import TableMapping
from kg.build.release_id import inputs_of, release_id
from kg.build.reuse.parts import PARTS, PartCache
from kg.build.stages import Stages
from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.rdf.vocabulary import GRAPHS, Vocabulary
from kg.release.manifest import BuildRun, Inputs, StageReport
from kg.release.release import Release, Releases

STAGES = ("read", "infer", "check", "load", "assess", "describe", "index", "dump", "prove", "graphs", "publish")


@dataclass(frozen=True)
class BuildResult:
    """The result of a build; ``is_new`` is false where the release was there already."""

    release: Release
    is_new: bool
    warnings: tuple[CuratedProblem, ...] = ()
    tables: tuple[LoadReport, ...] = ()


class ProgressListener:
    """Receives the progress of a build; this one ignores it."""

    def started(self, stage: str) -> None:
        """A stage begins."""

    def reading(self, file: str, rows: int) -> None:
        """Rows of a table were read."""

    def done(self, progress: StageReport) -> None:
        """A stage has ended."""


def build(
    curated: Path,
    data_dir: Path,
    base_iri: str,
    watcher: ProgressListener | None = None,
    proof: bool = True,
    all_table_rows: bool = False,
    importing: TableMapping | None = None,
    from_scratch: bool = False,
    parts: Path | None = None,
    importing_graphs: Sequence[StagedGraph] = (),
) -> BuildResult:
    """Builds the release of the given inputs and makes it current; does nothing if it exists already.

    Args:
        curated: folder with the curated files.
        data_dir: folder of releases; created if missing.
        base_iri: IRI from which all IRIs of the graph are made, with a slash at its end.
        watcher: receives the progress.
        proof: whether HermiT proves that the curated graph is consistent; without it a build is seconds shorter.
        all_table_rows: also load the rows of tables that their mappings leave out (6 million triples for USDA SR28).
        importing: a staged table that comes to those of the curated folder and those imported before, or replaces one;
            it is installed together with the release.
        from_scratch: whether to reuse nothing of earlier builds.
        parts: folder of what builds reuse; by default in the data folder.
        importing_graphs: staged graphs that come to those imported before, or replace them, as ``importing`` does.

    Raises:
        VitkError: the data folder can't be written, or the disk is full.
        CuratedFileError: curated files that can't be read or break rules.
    """
    releases, imports = Releases(data_dir), ImportGraph()

    def prepare() -> tuple[list[TableMapping], list[StagedGraph], Inputs, str]:
        food_tables = tables_of(curated, data_dir, importing)
        graphs = imported_graphs.imported_graphs(data_dir, importing_graphs)
        inputs = inputs_of(
            curated,
            base_iri,
            proof=proof,
            mappings=food_tables,
            all_table_rows=all_table_rows,
            imports=imports,
            graphs=graphs,
        )
        return food_tables, graphs, inputs, release_id(inputs)

    if importing is None and not importing_graphs:
        # Without the lock, a file may vanish while another process imports or forgets; below it is read again.
        with contextlib.suppress(VitkError, OSError):
            *_, new_id = prepare()
            if (existing := releases.get(new_id)) and (serving := releases.current()) and serving.id == new_id:
                return BuildResult(existing, is_new=False)
    with data_lock.locked(data_dir):
        # Another process may have imported or removed a table while this one waited.
        imported_tables.recover(data_dir)
        imported_graphs.recover(data_dir)
        food_tables, graphs, inputs, new_id = prepare()

        @contextlib.contextmanager
        def installed() -> Iterator[None]:
            with (
                imported_tables.installed(data_dir, importing),
                imported_graphs.installed(data_dir, importing_graphs),
            ):
                yield

        if existing := releases.get(new_id):
            with installed():
                release_folder.point_to(releases, new_id)
            return BuildResult(existing, is_new=False)
        vocabulary, listener = Vocabulary(base_iri), watcher or ProgressListener()
        with (
            release_folder.making(releases, new_id) as folder,
            PartCache.opened(parts or data_dir / PARTS, from_scratch=from_scratch) as cache,
        ):
            stages = Stages(curated, folder, inputs, new_id, food_tables, vocabulary, cache, imports, listener.reading)
            stages.imported = graphs
            return _run(stages, releases, listener, installed)


def tables_of(curated: Path, data_dir: Path, importing: TableMapping | None = None) -> list[TableMapping]:
    """The tables that a build reads: those of the curated folder and those that were imported.

    Raises:
        CuratedFileError: a mapping that can't be read, or an imported table with the name of a curated one or a graph.
    """
    shipped = table_mapping.load_mappings(curated)
    taken = set(GRAPHS)
    for mapping in shipped:
        if mapping.name in taken:
            raise _taken(mapping)
        taken.add(mapping.name)
    imported = {mapping.name: mapping for mapping in imported_tables.imported_mappings(data_dir)}
    if importing:
        imported[importing.name] = importing
    for mapping in imported.values():
        if mapping.name in taken:
            raise _taken(mapping)
    return [*shipped, *imported.values()]


def _taken(mapping: TableMapping) -> CuratedFileError:
    message = f"the name {mapping.name!r} is taken; choose another"
    return CuratedFileError([CuratedProblem(mapping.path, None, "mapping", message)])


def _run(
    stages: Stages,
    releases: Releases,
    watcher: ProgressListener,
    installed: Callable[[], contextlib.AbstractContextManager[None]],
) -> BuildResult:
    done: list[StageReport] = []
    started = datetime.now(UTC)

    @contextlib.contextmanager
    def stage(name: str) -> Iterator[list[str]]:
        watcher.started(name)
        start, outcome = time.monotonic(), [""]
        yield outcome
        done.append(StageReport(name, outcome[0], time.monotonic() - start))
        watcher.done(done[-1])

    with stages:
        for name in STAGES[:-1]:
            with stage(name) as outcome:
                outcome[0] = getattr(stages, name)()
    with stage(STAGES[-1]) as outcome:
        serving = releases.current()
        predecessor = serving.id if serving else ""
        build_run = BuildRun(started.isoformat(timespec="seconds"), tuple(done), predecessor)
        manifest = stages.manifest(build_run)
        with installed():
            release_folder.publish(stages.folder, releases, manifest)
        outcome[0] = f"release {manifest.id}"
    release = releases.get(manifest.id)
    assert release is not None
    return BuildResult(release, is_new=True, warnings=stages.warnings, tables=stages.tables)
