"""Loads tables into the store of a release, in chunks, so that memory use does not grow with the table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.build.infer import rules
from kg.build.load.csv_rows import RejectedRow, RowCounts, TableFile
from kg.build.load.mapping import TableMapping
from kg.build.load.row_triples import RowTriples
from kg.rdf.vocabulary import Vocabulary
from kg.release.manifest import FileRows, Table

# About 100,000 triples: larger chunks are hardly faster and take more memory.
_CHUNK_BYTES = 12_000_000
_STATEMENTS_FOR_RULES = 60_000


@dataclass(frozen=True)
class LoadReport:
    """The result of loading one table: its name, and the row counts of each of its files."""

    name: str
    title: str
    files: tuple[RowCounts, ...]

    @property
    def rows(self) -> int:
        """The number of rows read."""
        return sum(counted.read for counted in self.files)

    @property
    def rejected(self) -> list[RejectedRow]:
        """The rejected rows, file by file."""
        return [row for counted in self.files for row in counted.rejected]

    @property
    def summary(self) -> Table:
        """The counts for the manifest of a release."""
        return Table(
            self.name,
            self.title,
            tuple(FileRows(c.path.name, c.read, c.taken, c.left_out, len(c.rejected)) for c in self.files),
        )


class TripleWriter(Protocol):
    """Takes what a loader reads: a store that is being filled, or a file."""

    def add_graph(self, graph: NamedNode) -> None:
        """Adds a named graph, which exists even while it is empty."""

    def load(self, triples: bytes, graph: NamedNode) -> None:
        """Starts to add N-Triples to a graph."""

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads, in any order."""

    def finish(self) -> None:
        """Waits until all triples are added."""


class Loader:
    """Loads tables into a store or file.

    Args:
        store: what to fill.
        curated: a store in memory with what rules for rows read of the curated graphs and their inferences.
        vocabulary: the vocabulary of the release.
        on_rows: called repeatedly with the name of a file and the number of rows read so far.
        foreign: IRIs of the entities that curated files describe, and rows cannot.
    """

    def __init__(
        self,
        store: TripleWriter,
        curated: Store,
        vocabulary: Vocabulary,
        on_rows: Callable[[str, int], None],
        foreign: Collection[str] = frozenset(),
    ) -> None:
        self._foreign = foreign
        self._store, self._vocabulary, self._on_rows = store, vocabulary, on_rows
        self._reasoner = rules.TableReasoner(curated, vocabulary)

    def load(self, mapping: TableMapping, all_rows: bool = False) -> LoadReport:
        """Loads all files of a mapping into its own graph, and the inferences into ``graph/inferred``.

        Args:
            mapping: the mapping of the table.
            all_rows: also load the rows that the mapping leaves out.

        Raises:
            CuratedFileError: a file does not match its mapping. Single invalid rows are only rejected.
        """
        statements = RowTriples(mapping, self._vocabulary, self._reasoner.analytes, self._foreign)
        graph = NamedNode(self._vocabulary.graph(mapping.name))
        self._store.add_graph(graph)
        counts: list[RowCounts] = []
        for chunk in _chunks(self._lines(mapping, statements, counts, all_rows)):
            self._store.load(chunk, graph)
            if len(statements.for_rules) * 10 > _STATEMENTS_FOR_RULES:
                self._conclude(statements)
        self._conclude(statements)
        statements.subjects.close()
        return LoadReport(mapping.name, mapping.title, tuple(counts))

    def _lines(
        self, mapping: TableMapping, statements: RowTriples, counts: list[RowCounts], all_rows: bool
    ) -> Iterator[str]:
        yield statements.of_table()
        for table in mapping.tables:
            file = TableFile(table, mapping.path.parent / table.file)
            counted = RowCounts(file.path)
            counts.append(counted)
            for number, triples in enumerate(statements.of_rows(file, counted, all_rows)):
                if number % 5_000 == 0:
                    self._on_rows(file.path.name, counted.read)
                yield triples

    def _conclude(self, statements: RowTriples) -> None:
        triples = "".join(statements.for_rules).encode()
        statements.for_rules.clear()
        # Finish first: the rules need memory of their own.
        self._store.finish()
        self._store.extend(self._reasoner.conclude(quad.triple for quad in parse(triples, format=RdfFormat.N_TRIPLES)))


def _chunks(lines: Iterable[str]) -> Iterator[bytes]:
    chunk: list[str] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= _CHUNK_BYTES:
            yield "".join(chunk).encode()
            chunk, size = [], 0
    yield "".join(chunk).encode()
