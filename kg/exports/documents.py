"""One document for each proposition and export, and one file of all propositions for each export."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.exports import biolink, nanopub, va_spec
from kg.exports.source import ExportSource
from kg.files.written import write
from kg.propositions.index import PropositionSummary
from kg.rdf.formats import BIOLINK, NANOPUB, VA_SPEC, Format

# Parts of ``vitk export``, with the suffix of their files.
PARTS = {"va-spec": "jsonl", "biolink": "jsonl", "nanopubs": "trig"}


def formats(summary: PropositionSummary) -> tuple[Format, ...]:
    """Returns the exports that a proposition has."""
    return (VA_SPEC, BIOLINK, NANOPUB) if biolink.is_stated(summary) else (VA_SPEC, NANOPUB)


def document(source: ExportSource, iri: str, fmt: Format) -> bytes | None:
    """Returns a proposition in an export; ``None`` if the IRI is not a proposition or has no such export."""
    exported = source.of(iri)
    if exported is None:
        return None
    if fmt.name == NANOPUB.name:
        return nanopub.nanopublication(source, exported)
    make = va_spec.statement if fmt.name == VA_SPEC.name else biolink.association
    found = make(source, exported)
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n" if found else None


def export(source: ExportSource, part: str, target: Path) -> None:
    """Writes all propositions to a file, one in each line for the exports in JSON.

    Args:
        source: reads the propositions.
        part: one of ``PARTS``.
        target: the file to write, with the suffix of the part.

    Raises:
        VitkError: the file cannot be written.
    """
    if part == "nanopubs":
        content = nanopub.nanopublications(source)
    else:
        make = va_spec.statement if part == "va-spec" else biolink.association
        content = _lines(make(source, exported) for exported in source.all())
    write(target, content)


def _lines(found: Iterable[dict[str, Any] | None]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in found if one)
