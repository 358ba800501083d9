"""The stages of a build, in the order of ``kg.build.pipeline``; each returns its outcome in words.

All graphs but those of tables are in memory, and their quads are added to a copy of the store of the tables at the end.
Shapes and the proof run beside the other stages. What they find comes first: later stages presuppose it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from types import TracebackType

from pyoxigraph import NamedNode, Quad, Store

from kg.build import blank_nodes, release_folder
from kg.build.assess import assess, triples
from kg.build.assess.reading.read_facts import read_contents, read_facts
from kg.build.check import catalogue_queries, fairness, mapping_names, names_and_shapes
from kg.build.check.known_names import KnownNames
from kg.build.check.shape_check import ShapeCheck
from kg.build.describe import imported, linksets, metadata, origins
from kg.build.describe.partitions import Partitions
from kg.build.dump import dumps
from kg.build.graphs import imported_graphs
from kg.build.graphs.graph_writer import StagedGraph
from kg.build.import_closure import ImportGraph
from kg.build.index import facets, side_index
from kg.build.index.search import NoRoomError
from kg.build.infer import proof, rules
from kg.build.load.loader import LoadReport
from kg.build.load.mapping import TableMapping
from kg.build.read import sssom, turtle
from kg.build.release_id import code_digest, digest_of_files
from kg.build.reuse.parts import PartCache, clone_store
from kg.build.tables import context, references, rows, table_graphs
from kg.build.tables.table_graphs import TableGraphs
from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.errors import CuratedProblem
from kg.rdf.vocabulary import GRAPHS, RDFS_LABEL, Vocabulary
from kg.reader import prepared
from kg.release.manifest import BuildRun, Counts, Dump, Inputs, Manifest


class Stages:
    """The stages of one build; what a stage makes is there for the next ones.

    Args:
        curated: folder with the curated files.
        folder: of the release, while it is made.
        inputs: what the release depends on.
        release_id: of the release.
        mappings: of the food tables.
        vocabulary: of the release.
        cache: of the parts of earlier builds.
        imports: the imports of vitk's code, as far as they were read before.
        on_rows: called repeatedly with the name of a file and the number of rows read so far.
    """

    warnings: tuple[CuratedProblem, ...] = ()
    tables: tuple[LoadReport, ...] = ()
    imported: Sequence[StagedGraph] = ()

    def __init__(
        self,
        curated: Path,
        folder: Path,
        inputs: Inputs,
        release_id: str,
        mappings: list[TableMapping],
        vocabulary: Vocabulary,
        cache: PartCache,
        imports: ImportGraph,
        on_rows: Callable[[str, int], None],
    ) -> None:
        self._curated, self.folder, self._inputs, self._id = curated, folder, inputs, release_id
        self._mappings, self._vocabulary, self._cache = mappings, vocabulary, cache
        self._imports, self._on_rows = imports, on_rows
        self._starts = tuple(vocabulary.expand(start) for mapping in mappings for start in mapping.starts())
        # All graphs but those of tables.
        self._store = Store()
        self._ended = contextlib.ExitStack()
        self._beside = self._ended.enter_context(ThreadPoolExecutor(3))
        self._checked: Future[tuple[CuratedProblem, ...]] | None = None

    def __enter__(self) -> Stages:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._ended:
            if isinstance(error, Exception) and self._checked:
                self._checked.result()

    def read(self) -> str:
        """Reads curated files into memory."""
        release_folder.copy_inputs(self._curated, self.folder)
        for graph in GRAPHS:
            self._store.add_graph(NamedNode(self._vocabulary.graph(graph)))
        self._catalogue = Catalogue(self._vocabulary)
        self._read = turtle.read(self._curated, self._vocabulary)
        mapped = sssom.read(self._curated, self._vocabulary, self._read.origins)
        self._store.extend([*self._read.quads, *mapped])
        return f"{len(self._store):,} triples from {len(self._read.files)} files"

    def infer(self) -> str:
        """Checks names, then runs the rules on curated files."""
        names_and_shapes.names(self._read, self._starts)
        mapping_names.check(self._mappings, self._read)
        added = rules.infer(self._store, self._vocabulary)
        return f"{added:,} triples by {len(rules.rules())} rules"

    def check(self) -> str:
        """Checks the catalogue; starts to check shapes, and to prove that there is no contradiction."""
        fairness.check(self._store, self._vocabulary)
        missing = catalogue_queries.check(self._store, self._catalogue)
        shapes = ShapeCheck(self._store, self._vocabulary.base)
        self._ended.callback(shapes.end)
        # A copy: later stages add what is not part of the proof.
        proven = Store()
        proven.extend(self._store if self._inputs.proof else ())

        def checked() -> tuple[CuratedProblem, ...]:
            warnings = names_and_shapes.in_files(shapes.results(), self._read)
            # Reasoners presuppose what was checked: on anything else they fail without a file and line.
            if self._inputs.proof:
                versions = {"code": code_digest("kg.build.infer.proof", self._imports), **self._inputs.tools}
                proof.prove(proven, self._read, self._cache, versions)
            return (*missing, *warnings)

        self._checked = self._beside.submit(checked)
        return f"{len(self._read.origins):,} subjects, {len(self._catalogue.all())} queries"

    def load(self) -> str:
        """Loads the rows of tables, or takes them from an earlier build; infers what follows from several tables."""
        self._tables = self._loaded_tables()
        self.tables = tuple(table.report() for table in self._tables.tables)
        release_folder.write_rejected(self.tables, self.folder)
        clone_store(self._tables.store, self.folder / "store")
        self._on_disk = Store(str(self.folder / "store"))
        self._with_rows = references.with_rows(
            self._store, self._on_disk, self._tables.graphs, self._tables.starts, self._vocabulary
        )
        self._add_inferred(self._tables.inferred())
        self._add_inferred(rules.infer_over_tables(self._with_rows, self._vocabulary))
        names_and_shapes.references(self._with_rows, self._read, self._starts)
        return f"{sum(table.rows for table in self.tables):,} rows of {len(self.tables)} food tables"

    def assess(self) -> str:
        """Assesses propositions and claims."""
        facts = read_facts(self._store, self._vocabulary)
        found = assess.assess(facts, read_contents(self._with_rows, self._vocabulary))
        self._store.extend(triples.quads(facts, found, self._vocabulary))
        return f"{len(found.by_proposition):,} propositions, {len(found.standings):,} claims"

    def describe(self) -> str:
        """Counts what there is, and describes the dataset; with this, all graphs are complete."""
        own = [graph for graph in GRAPHS if graph != "metadata"]
        partitions = Partitions.count(self._store, self._catalogue, own).followed_by(
            self._tables.partitions, self._store, self._on_disk, self._tables.starts
        )
        counted = [*self._tables.origins, *origins.count(self._store, self._catalogue)]
        self._counts, description = metadata.describe(
            self._store,
            self._catalogue,
            self._id,
            self._inputs,
            partitions,
            origins.in_words(counted, self._labels | self._tables.labels),
        )
        linked = linksets.describe(self._store, self._catalogue, self._curated)
        quads = [*description, *linked, *imported.describe(self.imported, self._vocabulary)]
        self._store.extend(metadata.with_totals(quads, self._counts.triples, self._vocabulary))
        self._store = blank_nodes.with_canonical_labels(self._store)
        # What is complete is written while the side index is made.
        self._stored = self._beside.submit(self._write_store)
        self._dumped = self._beside.submit(self._write_dumps)
        members = sum(count.count for count in self._counts.entities)
        return f"{members:,} entities of {len(self._counts.entities)} classes"

    def index(self) -> str:
        """Writes the side index and the completion file."""
        folder, added = self._tables.index, self._store
        # Then rows of the index cannot be made from tables alone.
        if references.are_described(self._read.origins, self._on_disk, self._tables.graphs, self._tables.starts):
            folder, added = self._index_of_all(), Store()
        try:
            indexed = self._write_index(folder, added)
        except NoRoomError:
            indexed = self._write_index(self._index_of_all(), Store())
        self._stored.result()
        return f"{indexed:,} entities searchable, {len(self._on_disk):,} triples stored"

    def dump(self) -> str:
        """Waits for the files to download."""
        dumped = self._dumped.result()
        return f"{sum(dump.bytes for dump in dumped) / 1e6:.1f} MB in {len(dumped)} compressed files"

    def prove(self) -> str:
        """Waits for what the shapes and the proof find."""
        assert self._checked
        self.warnings = self._checked.result()
        proven = "; HermiT: consistent" if self._inputs.proof else ""
        return f"shapes: {len(self.warnings)} warnings{proven}"

    def graphs(self) -> str:
        """Puts imported graphs beside those of the release, whose store is complete and closed with this."""
        del self._on_disk
        return imported_graphs.in_release(self.imported, self.folder, clone_store)

    def manifest(self, run: BuildRun) -> Manifest:
        """What the release says of itself."""
        return Manifest(
            id=self._id,
            inputs=self._inputs,
            counts=self._counts,
            tables=tuple(table.summary for table in self.tables),
            dumps=tuple(self._dumped.result()),
            build=run,
            graphs=tuple(staged.graph for staged in self.imported),
        )

    _catalogue: Catalogue
    _read: turtle.ParsedSources
    _tables: TableGraphs
    _on_disk: Store
    _with_rows: Store
    _counts: Counts
    _stored: Future[None]
    _dumped: Future[list[Dump]]

    @cached_property
    def _tree(self) -> dict[str, facets.Class]:
        ontology = Store()
        graph = NamedNode(self._vocabulary.graph("ontology"))
        ontology.extend(self._store.quads_for_pattern(None, None, None, graph))
        return facets.classes(ontology, self._catalogue)

    @property
    def _labels(self) -> dict[str, str]:
        found = self._store.quads_for_pattern(None, NamedNode(RDFS_LABEL), None)
        return {quad.subject.value: quad.object.value for quad in found}  # type: ignore[union-attr]

    def _loaded_tables(self) -> TableGraphs:
        depends_on = context.of(self._store, KnownNames(self._read).entities, self._vocabulary)
        all_rows = self._inputs.all_table_rows
        inputs = {
            "base_iri": self._vocabulary.base,
            "code": code_digest("kg.build.tables.table_graphs", self._imports),
            "rules": digest_of_files(rules.rules_for_tables(), rules.RULES_FOLDER),
            **self._inputs.tools,
        }
        tables = [
            rows.load(
                mapping,
                depends_on,
                self._vocabulary,
                self._cache,
                {**inputs, "table": self._inputs.tables[mapping.name]},
                all_rows,
                self._on_rows,
            )
            for mapping in self._mappings
        ]
        return table_graphs.collect(
            tables, depends_on, self._catalogue, self._tree, self._cache, inputs, is_small=not all_rows
        )

    def _add_inferred(self, quads: list[Quad]) -> None:
        self._store.extend(quads)
        self._with_rows.extend(quads)

    def _write_store(self) -> None:
        for graph in self._store.named_graphs():
            self._on_disk.add_graph(graph)
        self._on_disk.bulk_extend(self._store)
        self._on_disk.flush()
        prepared.write(EmbeddedEngine(self._on_disk), self._catalogue, self.folder / "prepared.json")

    def _write_dumps(self) -> list[Dump]:
        tables = {graph.value: self._tables.dumps for graph in self._tables.graphs}
        return dumps.write_all(self._store, tables, self._counts.triples, self.folder, self._vocabulary.prefixes)

    def _index_of_all(self) -> Path:
        self._stored.result()
        folder = self.folder / ".index"
        folder.mkdir()
        side_index.begin(self._on_disk, self._catalogue, self._tables.names, self._tree, folder)
        return folder

    def _write_index(self, folder: Path, added: Store) -> int:
        index, completions = self.folder / "search.sqlite", self.folder / "completion.json"
        indexed = side_index.finish(folder, added, self._store, self._catalogue, self._tree, index, completions)
        shutil.rmtree(self.folder / ".index", ignore_errors=True)
        return indexed
