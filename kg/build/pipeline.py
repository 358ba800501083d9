"""The recipe: read, infer, check, load, assess, describe, index, dump, publish.

A release is made beside the others and renamed into place as the last step but one; the last is one atomic change of
the pointer. A build that fails or is killed leaves the former release serving.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Store

from kg.build import blank_nodes, dumps, release_folder
from kg.build.assess import assess, triples
from kg.build.assess.read_facts import read_contents, read_facts
from kg.build.check import catalogue_queries, mapping_names, names_and_shapes
from kg.build.check.known_names import KnownNames
from kg.build.describe import linksets, metadata
from kg.build.index import backlink_counts, completion, food_ranking, search
from kg.build.infer import rules
from kg.build.load import data_lock, imported_tables, store_writer
from kg.build.load import mapping as table_mapping
from kg.build.load.loader import Loader, LoadReport
from kg.build.load.mapping import TableMapping
from kg.build.read import sssom, turtle
from kg.build.release_id import inputs_of, release_id
from kg.catalogue.catalogue import Catalogue
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import GRAPHS, Vocabulary
from kg.release.manifest import BuildRun, Inputs, Manifest, StageReport
from kg.release.release import Release, Releases

STAGES = ("read", "infer", "check", "load", "assess", "describe", "index", "dump", "publish")


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

    Raises:
        VitkError: the data folder can't be written, or the disk is full.
        CuratedFileError: curated files that can't be read or break rules.
    """
    releases = Releases(data_dir)

    def prepare() -> tuple[list[TableMapping], Inputs, str]:
        food_tables = tables_of(curated, data_dir, importing)
        inputs = inputs_of(curated, base_iri, proof=proof, mappings=food_tables, all_table_rows=all_table_rows)
        return food_tables, inputs, release_id(inputs)

    if importing is None:
        _, _, new_id = prepare()
        if (existing := releases.get(new_id)) and (serving := releases.current()) and serving.id == new_id:
            return BuildResult(existing, is_new=False)
    with data_lock.locked(data_dir):
        # Another process may have imported or removed a table while this one waited.
        imported_tables.recover(data_dir)
        food_tables, inputs, new_id = prepare()
        if existing := releases.get(new_id):
            with imported_tables.installed(data_dir, importing):
                release_folder.point_to(releases, new_id)
            return BuildResult(existing, is_new=False)
        vocabulary, listener = Vocabulary(base_iri), watcher or ProgressListener()
        with release_folder.making(releases, new_id) as folder:
            return _run(inputs, new_id, releases, folder, curated, food_tables, vocabulary, listener, importing)


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
    inputs: Inputs,
    release_id: str,
    releases: Releases,
    folder: Path,
    curated: Path,
    food_tables: list[TableMapping],
    vocabulary: Vocabulary,
    watcher: ProgressListener,
    importing: TableMapping | None,
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

    store = Store()
    for graph in GRAPHS:
        store.add_graph(NamedNode(vocabulary.graph(graph)))
    with stage("read") as outcome:
        release_folder.copy_inputs(curated, folder)
        catalogue = Catalogue(vocabulary)
        read = turtle.read(curated, vocabulary)
        store.extend([*read.quads, *sssom.read(curated, vocabulary, read.origins)])
        outcome[0] = f"{len(store):,} triples from {len(read.files)} files"
    with stage("infer") as outcome:
        starts = tuple(vocabulary.expand(start) for mapping in food_tables for start in mapping.starts())
        names_and_shapes.names(read, starts)
        mapping_names.check(food_tables, read)
        added = rules.infer(store, vocabulary)
        outcome[0] = f"{added:,} triples by {len(rules.rules())} rules"
    with stage("check") as outcome:
        warnings = [*catalogue_queries.check(store, catalogue), *names_and_shapes.shapes(store, read)]
        # Reasoners presuppose what was checked: on anything else they fail without a file and line.
        if inputs.proof:
            _prove(store, read)
        proven = "; HermiT: consistent" if inputs.proof else ""
        outcome[0] = f"{len(read.origins):,} subjects, {len(warnings)} warnings{proven}"
    with stage("load") as outcome:
        # Rows of tables have none.
        blank = blank_nodes.blank_nodes_of(store)
        all_rows = inputs.all_table_rows
        filling = _store_writer(store, folder / "store", is_small=not all_rows)
        loader = Loader(filling, store, vocabulary, watcher.reading, KnownNames(read).entities)
        tables = tuple(loader.load(mapping, all_rows) for mapping in food_tables)
        store = filling.reopen_for_queries()
        filling.extend(rules.infer_over_tables(store, vocabulary))
        release_folder.write_rejected(tables, folder)
        names_and_shapes.references(store, read, starts)
        outcome[0] = f"{sum(table.rows for table in tables):,} rows of {len(tables)} food tables"
    with stage("assess") as outcome:
        facts = read_facts(store, vocabulary)
        found = assess.assess(facts, read_contents(store, vocabulary))
        filling.extend(triples.quads(facts, found, vocabulary))
        outcome[0] = f"{len(found.by_proposition):,} propositions, {len(found.standings):,} claims"
    with stage("describe") as outcome:
        counts, description = metadata.describe(store, catalogue, release_id, inputs)
        linked = linksets.describe(store, catalogue, curated)
        filling.extend(metadata.with_totals([*description, *linked], store, vocabulary))
        blank_nodes.relabel(store, filling, blank | blank_nodes.blank_nodes_of(description))
        outcome[0] = f"{sum(count.count for count in counts.entities):,} entities of {len(counts.entities)} classes"
    with stage("index") as outcome, ThreadPoolExecutor(1) as beside:
        settled = beside.submit(filling.optimise)
        indexed = search.write(store, catalogue, folder / "search.sqlite")
        backlink_counts.write(store, catalogue, [table.name for table in tables], folder / "search.sqlite")
        food_ranking.write(store, catalogue, folder / "search.sqlite")
        completion.write(store, catalogue, folder / "completion.json")
        settled.result()
        outcome[0] = f"{indexed:,} entities searchable, {len(store):,} triples stored"
    with stage("dump") as outcome:
        dumped = dumps.write_all(store, folder, vocabulary.prefixes)
        outcome[0] = f"{sum(dump.bytes for dump in dumped) / 1e6:.1f} MB in {len(dumped)} compressed files"
    with stage("publish") as outcome:
        manifest = Manifest(
            id=release_id,
            inputs=inputs,
            counts=counts,
            tables=tuple(table.summary for table in tables),
            dumps=tuple(dumped),
            build=BuildRun(started.isoformat(timespec="seconds"), tuple(done)),
        )
        with imported_tables.installed(releases.data_dir, importing):
            release_folder.publish(folder, releases, manifest)
        outcome[0] = f"release {release_id}"
    del store, filling
    release = releases.get(release_id)
    assert release is not None
    return BuildResult(release, is_new=True, warnings=tuple(warnings), tables=tables)


def _prove(store: Store, read: turtle.ParsedSources) -> None:
    # Java's bridges are not loaded by builds that prove nothing.
    from kg.build.infer import owl_consistency, owl_proof

    with ThreadPoolExecutor(1) as beside:
        are_consistent = beside.submit(owl_consistency.is_consistent, store, read.vocabulary)
        owl_proof.prove(store, read)
        if not are_consistent.result():
            raise CuratedFileError(owl_proof.contradictions(read))


def _store_writer(curated: Store, path: Path, *, is_small: bool) -> store_writer.StoreWriter:
    filling = store_writer.StoreWriter(path, is_small=is_small)
    for graph in curated.named_graphs():
        assert isinstance(graph, NamedNode)
        filling.add_graph(graph)
    filling.extend(curated)
    return filling
