"""The quads that two releases do not share, from their dumps.

Blank nodes have canonical labels in dumps, so equal graphs have equal lines. Equal graphs have equal bytes and cost
no more than their decompression.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from kg.errors import VitkError
from kg.release.release import Release

_PIECE = 1 << 22
_GZIP = 31


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
    before, after = _graphs(old), _graphs(new)
    added: list[bytes] = []
    removed: list[bytes] = []
    for graph in sorted(before.keys() | after.keys()):
        # Taken out, so that no more than is needed stays in memory.
        earlier, later = before.pop(graph, b""), after.pop(graph, b"")
        if graph in but or earlier == later:
            continue
        lines, others = set(earlier.split(b"\n")), set(later.split(b"\n"))
        added += others - lines - {b""}
        removed += lines - others - {b""}
    return ChangedQuads(tuple(sorted(added)), tuple(sorted(removed)))


def parsed(lines: tuple[bytes, ...]) -> Iterator[Quad]:
    """Yields lines as quads."""
    for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS):
        assert isinstance(quad, Quad)
        yield quad


def _graphs(release: Release) -> dict[str, bytes]:
    """The N-Quads of a release by the IRI of their graph."""
    found: dict[str, list[bytes]] = {}
    try:
        for part in _members(release.dump):
            first, last = part[: part.find(b"\n")], part[part.rstrip(b"\n").rfind(b"\n") + 1 :].rstrip(b"\n")
            if _graph_of(first) == _graph_of(last):
                found.setdefault(_graph_of(first), []).append(part)
            else:
                # A release of an earlier version, whose graphs are mixed.
                for line in part.splitlines(keepends=True):
                    found.setdefault(_graph_of(line.rstrip(b"\n")), []).append(line)
    except (OSError, EOFError, zlib.error) as error:
        raise release.damaged(error) from error
    return {graph: b"".join(parts) for graph, parts in found.items()}


def _graph_of(line: bytes) -> str:
    name = line.removesuffix(b" .").rpartition(b" ")[2]
    return name[1:-1].decode()


def _members(path: Path) -> Iterator[bytes]:
    """Yields what the members of a gzip file contain; a release has one for each graph."""
    with path.open("rb") as file:
        rest = file.read(_PIECE)
        while rest:
            member = zlib.decompressobj(_GZIP)
            parts = [member.decompress(rest)]
            while not member.eof:
                if not (piece := file.read(_PIECE)):
                    raise EOFError("the dump is cut off")
                parts.append(member.decompress(piece))
            rest = member.unused_data or file.read(_PIECE)
            if content := b"".join(parts):
                yield content


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
