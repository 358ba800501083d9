"""A named graph as its dump contains it.

A graph that was loaded into memory has new labels of blank nodes in each process; the dump has the canonical ones.
"""

from __future__ import annotations

import gzip

from kg.rdf.formats import TURTLE
from kg.release.release import Release


def turtle(release: Release, graph: str) -> bytes | None:
    """Returns the Turtle dump of the graph with this IRI, or ``None`` if the release is too large to have one."""
    name = next((dump.name for dump in release.manifest.dumps if (dump.graph, dump.format) == (graph, TURTLE.name)), "")
    path = release.download(name)
    return gzip.decompress(path.read_bytes()) if path else None
