"""Puts all tables into a store, with their part of the side index, their counts and their dumps.

All of it follows from the rows, the context (``kg.build.tables.context``) and the classes of the ontology, so it is a
part that later builds reuse. What else a release contains is added to a copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from kg.build.describe import origins
from kg.build.describe.origins import OriginCount
from kg.build.describe.partitions import Partitions
from kg.build.dump import dumps
from kg.build.index import side_index
from kg.build.index.facets import Class
from kg.build.load.store_writer import StoreWriter
from kg.build.reuse.parts import PartCache
from kg.build.tables.context import Context, subject_starts
from kg.build.tables.rows import TableRows
from kg.catalogue.catalogue import Catalogue, with_prologue

_STORE, _INDEX, _DUMPS, _COUNTS = "store", "index", "dumps", "counts.json"
_COUNTING = (
    *("counts-by-graph-and-property", "counts-by-graph-and-class", "repeated-triples", "repeated-members"),
    "counts-by-origin",
)
_LABELS = "SELECT ?table ?label { ?table a vitk:FoodCompositionTable ; rdfs:label ?label } ORDER BY ?table ?label"


@dataclass(frozen=True)
class TableGraphs:
    """The graphs of all tables.

    Attributes:
        folder: of the part.
        tables: the loaded tables.
        graphs: the graph of each.
        starts: how the IRI of every subject in these graphs begins.
    """

    folder: Path
    tables: tuple[TableRows, ...]
    graphs: tuple[NamedNode, ...]
    starts: tuple[str, ...]

    @property
    def store(self) -> Path:
        """The store, to be copied: the graphs, the context, and what rules infer from single rows."""
        return self.folder / _STORE

    @property
    def index(self) -> Path:
        """The folder of the side index of the tables."""
        return self.folder / _INDEX

    @property
    def dumps(self) -> Path:
        """The folder of the dumps of the graphs."""
        return self.folder / _DUMPS

    @property
    def names(self) -> list[str]:
        """The names of the graphs."""
        return [table.mapping.name for table in self.tables]

    @cached_property
    def partitions(self) -> Partitions:
        """The counts of the graphs."""
        return Partitions.from_json(self._counts["partitions"])

    @cached_property
    def origins(self) -> list[OriginCount]:
        """Amounts of vitamin K by table, form and origin."""
        return [(table, form, origin, count) for table, form, origin, count in self._counts["origins"]]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of the tables, by IRI."""
        return dict(self._counts["labels"])

    def inferred(self) -> list[Quad]:
        """What rules infer from single rows, as quads of ``graph/inferred``."""
        return [quad for table in self.tables for quad in table.inferred()]

    @cached_property
    def _counts(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / _COUNTS).read_text("utf-8")))


def collect(
    tables: Sequence[TableRows],
    context: Context,
    catalogue: Catalogue,
    tree: Mapping[str, Class],
    cache: PartCache,
    inputs: Mapping[str, str],
    is_small: bool,
) -> TableGraphs:
    """Puts loaded tables together, or takes them from an earlier build.

    Args:
        tables: the loaded tables.
        context: what rows depend on.
        catalogue: which has the queries.
        tree: the classes of the ontology by IRI.
        cache: where the result is.
        inputs: digests and versions of everything else on which the result depends.
        is_small: whether to keep a copy in memory while the store is small.
    """
    vocabulary = catalogue.vocabulary
    graphs = tuple(NamedNode(vocabulary.graph(table.mapping.name)) for table in tables)

    def make(folder: Path) -> None:
        writer = StoreWriter(folder / _STORE, is_small=is_small)
        writer.extend(context.quads)
        for table, graph in zip(tables, graphs, strict=True):
            writer.add_graph(graph)
            for chunk in table.chunks():
                writer.load(chunk, graph)
            writer.extend(table.inferred())
        store = writer.reopen_for_queries()
        names = [table.mapping.name for table in tables]
        with ThreadPoolExecutor(1) as beside:
            settled = beside.submit(writer.optimise)
            (folder / _INDEX).mkdir()
            side_index.begin(store, catalogue, names, tree, folder / _INDEX)
            counts = {
                "partitions": Partitions.count(store, catalogue, names).to_json(),
                "origins": origins.count(store, catalogue),
                "labels": _labels(store, catalogue),
            }
            (folder / _COUNTS).write_text(json.dumps(counts), "utf-8")
            dumps.write_graphs(store, graphs, folder / _DUMPS, vocabulary.prefixes)
            settled.result()

    queries = [catalogue[f"pages/{name}"].text for name in (*side_index.QUERIES, *_COUNTING)]
    classes = {iri: [found.label, found.meaning, found.is_defined, sorted(found.above)] for iri, found in tree.items()}
    depends_on = {
        **inputs,
        "tables": " ".join(table.folder.name for table in tables),
        "context": context.digest,
        "queries": _digest(queries),
        "classes": _digest(classes),
        "is_small": str(is_small),
    }
    folder = cache.part("tables", depends_on, make)
    return TableGraphs(folder, tuple(tables), graphs, subject_starts([t.mapping for t in tables], vocabulary))


def _labels(store: Store, catalogue: Catalogue) -> dict[str, str]:
    found = store.query(with_prologue(_LABELS, catalogue.vocabulary), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {row["table"].value: row["label"].value for row in found}


def _digest(document: object) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
