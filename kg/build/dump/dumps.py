"""Writes a release as compressed files to download; the N-Quads also load into memory fast.

Each graph is compressed on its own, and the files of all graphs are those of single graphs one after another:
compressed files in a row are a compressed file, N-Quads after N-Quads are N-Quads, Turtle after Turtle is Turtle, and
JSON-LD takes commas. So the graph of a table is written once, and reused by later builds.

The engine writes to disk and not through Python, which takes a third of the time and no memory. Equal inputs give
equal files, byte for byte: the engine writes triples in an order that follows from that in which they came, blank nodes
have canonical labels (``kg.build.blank_nodes``), and gzip records no time and no file name.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import NamedNode, RdfFormat, Store

from kg.release.manifest import Dump
from kg.release.release import DUMP, DUMPS

# A release of more quads is offered as N-Quads alone: the other files would take minutes.
MAX_QUADS = 5_000_000
_PIECE = 1 << 20
_NQUADS, _TURTLE, _JSONLD = ".nq.gz", ".ttl.gz", ".jsonld.gz"


def write_all(
    store: Store, others: Mapping[str, Path], quads: int, folder: Path, prefixes: Mapping[str, str]
) -> list[Dump]:
    """Writes all files of a release.

    Args:
        store: with some of the graphs.
        others: folders with the files of the other graphs, by IRI.
        quads: how many there are in the release.
        folder: of the release.
        prefixes: of Turtle.
    """
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    own = folder / ".dumps"
    write_graphs(store, graphs, own, prefixes)
    dumped = assemble({**{graph.value: own for graph in graphs}, **others}, quads, folder)
    shutil.rmtree(own)
    return dumped


def write_graphs(store: Store, graphs: Iterable[NamedNode], folder: Path, prefixes: Mapping[str, str]) -> None:
    """Writes the files of some graphs, each in all formats, or as N-Quads alone if there are very many quads.

    Args:
        store: with the graphs.
        graphs: to write.
        folder: for the files, which are named like the graphs; created if missing.
        prefixes: of Turtle.
    """
    folder.mkdir(exist_ok=True)
    is_small = len(store) <= MAX_QUADS
    for graph in graphs:
        path = folder / _name(graph.value)
        _write(store, graph, path.with_name(path.name + _NQUADS), RdfFormat.N_TRIPLES)
        if is_small:
            _write(store, graph, path.with_name(path.name + _TURTLE), RdfFormat.TURTLE, prefixes)
            _write(store, graph, path.with_name(path.name + _JSONLD), RdfFormat.JSON_LD)


def assemble(graphs: Mapping[str, Path], quads: int, folder: Path) -> list[Dump]:
    """Writes all files of a release: N-Quads, JSON-LD, Turtle of each graph and of all together.

    Args:
        graphs: the folder with the files of each graph, by its IRI.
        quads: how many there are in the release; with more than ``MAX_QUADS``, there are only N-Quads.
        folder: of the release.
    """
    (folder / DUMPS).mkdir()
    in_order = [(iri, graphs[iri] / _name(iri)) for iri in sorted(graphs)]
    nquads = {iri: path.with_name(path.name + _NQUADS) for iri, path in in_order}
    joined = _join([*nquads.values()], folder / DUMP, "vitk.nq.gz", "nq")
    dumps = [replace(joined, parts={iri: path.stat().st_size for iri, path in nquads.items()})]
    if quads > MAX_QUADS:
        return dumps
    jsonld = [path.with_name(path.name + _JSONLD) for _, path in in_order]
    dumps.append(_join(jsonld, folder / DUMPS / "vitk.jsonld.gz", "vitk.jsonld.gz", "jsonld", (b"[", b",", b"]")))
    turtle = [path.with_name(path.name + _TURTLE) for _, path in in_order]
    dumps.append(_join(turtle, folder / DUMPS / "vitk.ttl.gz", "vitk.ttl.gz", "ttl"))
    for (iri, _), source in zip(in_order, turtle, strict=True):
        path = folder / DUMPS / f"graph-{source.name}"
        shutil.copyfile(source, path)
        dumps.append(_describe(path, path.name, "ttl", iri))
    return dumps


def _name(iri: str) -> str:
    return iri.rpartition("/")[2]


def _write(
    store: Store, graph: NamedNode, path: Path, fmt: RdfFormat, prefixes: Mapping[str, str] | None = None
) -> None:
    plain = path.with_suffix("")
    store.dump(str(plain), format=fmt, from_graph=graph, prefixes=dict(prefixes) if prefixes else None)
    with plain.open("rb") as source, path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as target:
        if fmt == RdfFormat.N_TRIPLES:
            target.writelines(_in_graph(source, graph))
        elif fmt == RdfFormat.JSON_LD:
            target.write(f'{{"@id":{json.dumps(graph.value)},"@graph":'.encode())
            shutil.copyfileobj(source, target, _PIECE)
            target.write(b"}")
        else:
            shutil.copyfileobj(source, target, _PIECE)
    plain.unlink()


def _in_graph(triples: BinaryIO, graph: NamedNode) -> Iterator[bytes]:
    """N-Triples as N-Quads: in both, each line ends with a full stop, and no literal contains a line end."""
    end = f" {graph} .\n".encode()
    while piece := triples.read(_PIECE):
        yield (piece + triples.readline()).replace(b" .\n", end)


def _join(
    sources: list[Path], path: Path, name: str, fmt: str, around: tuple[bytes, bytes, bytes] | None = None
) -> Dump:
    """Writes files one after another; ``around`` is what comes before, between and behind them."""
    with path.open("wb") as target:
        for place, source in enumerate(sources):
            if around:
                target.write(gzip.compress(around[min(place, 1)], mtime=0))
            with source.open("rb") as file:
                shutil.copyfileobj(file, target, _PIECE)
        if around:
            target.write(gzip.compress(around[2], mtime=0))
    return _describe(path, name, fmt, "")


def _describe(path: Path, name: str, fmt: str, graph: str) -> Dump:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Dump(name, fmt, graph, path.stat().st_size, digest)
