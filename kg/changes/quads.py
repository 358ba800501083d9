"""The quads that two releases do not share, from their dumps.

Blank nodes have canonical labels in dumps, so equal graphs have equal lines, and equal bytes when they are compressed:
only graphs that differ are decompressed.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from kg.errors import VitkError
from kg.release.release import Release


@dataclass(frozen=True)
class ChangedQuads:
    """Lines of N-Quads that only one of two releases has, sorted."""

    added: tuple[bytes, ...]
    removed: tuple[bytes, ...]


def changed_quads(old: Release, new: Release, but: frozenset[str] = frozenset()) -> ChangedQuads:
    """Compares two releases.

    Args:
        old: the earlier release.
        new: the later release.
        but: IRIs of graphs to leave out.

    Raises:
        VitkError: a dump cannot be read.
    """
    before, after = _places(old), _places(new)
    added: list[bytes] = []
    removed: list[bytes] = []
    for graph in sorted((before.keys() | after.keys()) - but):
        earlier, later = _part(old, before.get(graph)), _part(new, after.get(graph))
        if earlier != later:
            lines, others = _lines(old, earlier), _lines(new, later)
            added += others - lines
            removed += lines - others
    return ChangedQuads(tuple(sorted(added)), tuple(sorted(removed)))


def parsed(lines: tuple[bytes, ...]) -> Iterator[Quad]:
    """Yields lines as quads."""
    for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS):
        assert isinstance(quad, Quad)
        yield quad


def _places(release: Release) -> dict[str, tuple[int, int]]:
    """Where the compressed N-Quads of each graph are in the dump, by its IRI: first byte and size."""
    (parts,) = (dump.parts for dump in release.manifest.dumps if release.download(dump.name) == release.dump)
    ends = [*accumulate(parts.values(), initial=0)]
    return {graph: (start, size) for (graph, size), start in zip(parts.items(), ends, strict=False)}


def _part(release: Release, place: tuple[int, int] | None) -> bytes:
    if place is None:
        return b""
    try:
        with release.dump.open("rb") as file:
            file.seek(place[0])
            return file.read(place[1])
    except OSError as error:
        raise release.damaged(error) from error


def _lines(release: Release, compressed: bytes) -> set[bytes]:
    try:
        return set(gzip.decompress(compressed).split(b"\n")) - {b""}
    except (OSError, EOFError, zlib.error) as error:
        raise release.damaged(error) from error


def patch(changed: ChangedQuads, previous: str, release: str, base_iri: str) -> Iterator[bytes]:
    """Yields the lines of an RDF Patch that turns the earlier release into the later one.

    Format: RDF Patch of Apache Jena (https://afs.github.io/rdf-delta/rdf-patch.html).

    Args:
        changed: all quads that changed.
        previous: id of the earlier release.
        release: id of the later release.
        base_iri: base of vitk's IRIs.
    """
    yield f"H id {NamedNode(f'{base_iri}dataset/release/{release}')} .\n".encode()
    yield f"H prev {NamedNode(f'{base_iri}dataset/release/{previous}')} .\n".encode()
    yield b"TX .\n"
    for letter, lines in ((b"D ", changed.removed), (b"A ", changed.added)):
        for line in lines:
            yield letter + _as_system_nodes(line) + b"\n"
    yield b"TC .\n"


def _as_system_nodes(line: bytes) -> bytes:
    """Blank nodes as the patch format writes them, so that a label means the same node in all its lines."""
    if b"_:" not in line:
        return line
    (quad,) = parsed((line,))
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    words = [f"<_:{term.value}>" if isinstance(term, BlankNode) else str(term) for term in terms]
    return (" ".join(words) + " .").encode()


def require(release: Release | None, wanted: str) -> Release:
    """Returns a release that was asked for.

    Raises:
        VitkError: it is not there.
    """
    if release is None:
        raise VitkError(f"There is no release {wanted!r}; vitk releases lists those that are retained.")
    return release
