"""Validates graphs that a user imports against SHACL shapes of the user."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from kg.build.check import shape_check
from kg.build.graphs import rdf_files
from kg.build.graphs.rdf_files import RdfFile
from kg.errors import VitkError
from kg.reports import log

_MAX_SHOWN = 20
# Triples of shapes are in no graph that is queried; the parser wants a name.
_SHAPES = "urn:vitk:shapes"


def check(staged_quads: Mapping[str, Path], shapes: Path) -> None:
    """Validates each graph alone; warnings are printed.

    Args:
        staged_quads: compressed N-Quads by the IRI of their graph.
        shapes: a file with SHACL shapes, in any format of RDF.

    Raises:
        VitkError: the shapes cannot be read, or a graph does not conform; the message names each violation.
    """
    file = RdfFile(shapes, shapes, rdf_files.format_of(shapes), _SHAPES, _SHAPES, "shapes")
    wanted = _ntriples([quad.triple for quad in rdf_files.quads_of(file)])
    for iri, path in staged_quads.items():
        with gzip.open(path) as quads:
            triples = [quad.triple for quad in parse(quads, format=RdfFormat.N_QUADS)]  # type: ignore[arg-type]
        # RDF 1.2 has triples inside of triples, which the validator does not read.
        plain = [triple for triple in triples if not isinstance(triple.object, Triple)]
        results = shape_check.validate(_ntriples(plain), iri, wanted)
        lines = [f"{_named(result.focus)}: {_about(result.path)}{result.message}" for result in results]
        for result, line in zip(results, lines, strict=True):
            if result.is_warning:
                log.write_line(f"vitk: warning: {line}")
        broken = [line for result, line in zip(results, lines, strict=True) if not result.is_warning]
        if broken:
            more = f"\n… and {len(broken) - _MAX_SHOWN} more" if len(broken) > _MAX_SHOWN else ""
            shown = "\n".join(broken[:_MAX_SHOWN])
            raise VitkError(f"{iri} does not conform to {shapes}, so nothing was imported:\n{shown}{more}")


def _ntriples(triples: list[Triple]) -> bytes:
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written


def _named(node: str) -> str:
    return str(NamedNode(node)) if ":" in node else f"_:{node}"


def _about(path: str) -> str:
    return f"<{path}> " if path else ""
