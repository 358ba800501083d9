"""Loads one table into a part: its triples and what rules infer from its rows, as compressed files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.build.load.csv_rows import RejectedRow, RowCounts
from kg.build.load.loader import Loader, LoadReport
from kg.build.load.mapping import TableMapping
from kg.build.reuse.parts import PartCache
from kg.build.tables.context import Context, digest_of
from kg.rdf.vocabulary import Vocabulary

_TRIPLES, _INFERRED, _REPORT = "rows.nt.gz", "inferred.nq.gz", "report.json"
_PIECE = 12_000_000


@dataclass(frozen=True)
class TableRows:
    """A loaded table: its mapping, and the folder of its part."""

    mapping: TableMapping
    folder: Path

    def chunks(self) -> Iterator[bytes]:
        """Yields the triples as N-Triples, some megabytes at a time; a triple may occur twice."""
        with gzip.open(self.folder / _TRIPLES) as file:
            while piece := file.read(_PIECE):
                yield piece + file.readline()

    def inferred(self) -> list[Quad]:
        """What rules infer from single rows, as quads of ``graph/inferred``."""
        with gzip.open(self.folder / _INFERRED) as file:
            return [quad for quad in parse(file.read(), format=RdfFormat.N_QUADS) if isinstance(quad, Quad)]

    def report(self) -> LoadReport:
        """How many rows were read, taken and rejected."""
        folder = self.mapping.path.parent
        counts = [
            RowCounts(
                folder / file["file"],
                file["read"],
                file["taken"],
                [RejectedRow(folder / file["file"], line, reason) for line, reason in file["rejected"]],
            )
            for file in json.loads((self.folder / _REPORT).read_text("utf-8"))
        ]
        return LoadReport(self.mapping.name, self.mapping.title, tuple(counts))


def load(
    mapping: TableMapping,
    context: Context,
    vocabulary: Vocabulary,
    cache: PartCache,
    inputs: Mapping[str, str],
    all_rows: bool,
    on_rows: Callable[[str, int], None],
) -> TableRows:
    """Loads a table, or takes it from an earlier build.

    Args:
        mapping: the mapping of the table.
        context: what rows depend on.
        vocabulary: the vocabulary of the release.
        cache: where loaded tables are.
        inputs: digests of the mapping with its files, and of everything else but the context.
        all_rows: also load the rows that the mapping leaves out.
        on_rows: called repeatedly with the name of a file and the number of rows read so far.

    Raises:
        CuratedFileError: a file does not match its mapping. Single invalid rows are only rejected.
    """
    foreign = context.foreign_to(mapping, vocabulary)

    def make(folder: Path) -> None:
        # The fastest level: a part is read once or twice, and not sent to anybody.
        with gzip.open(folder / _TRIPLES, "wb", 1) as triples, gzip.open(folder / _INFERRED, "wb", 1) as inferred:
            loader = Loader(_Writer(triples, inferred), context.store(), vocabulary, on_rows, foreign)
            report = loader.load(mapping, all_rows)
        files = [
            {
                "file": counted.path.relative_to(mapping.path.parent).as_posix(),
                "read": counted.read,
                "taken": counted.taken,
                "rejected": [(row.line, row.reason) for row in counted.rejected],
            }
            for counted in report.files
        ]
        (folder / _REPORT).write_text(json.dumps(files), "utf-8")

    inputs = {**inputs, "context": context.digest, "foreign": digest_of(foreign), "all_rows": str(all_rows)}
    return TableRows(mapping, cache.part(f"table-{mapping.name}", inputs, make))


class _Writer:
    """Writes what a loader gives to two files."""

    def __init__(self, triples: gzip.GzipFile, inferred: gzip.GzipFile) -> None:
        self._triples, self._inferred = triples, inferred

    def add_graph(self, graph: NamedNode) -> None:
        """Does nothing: the part is of one graph."""

    def load(self, triples: bytes, graph: NamedNode) -> None:  # noqa: ARG002 - there is one graph
        """Writes N-Triples."""
        self._triples.write(triples)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Writes what rules infer."""
        self._inferred.writelines(f"{quad} .\n".encode() for quad in sorted(quads, key=str))

    def finish(self) -> None:
        """Does nothing: everything is written at once."""
