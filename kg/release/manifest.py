"""What a release says of itself in ``manifest.json``: written by the build, read by everybody else.

Equal inputs give an equal manifest but for ``build``, which alone holds times.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# Counts up when code begins to read of a release what earlier ones do not have.
FORMAT_VERSION = 5


@dataclass(frozen=True)
class Inputs:
    """Everything that a release depends on; its id is a digest of this.

    Attributes:
        base_iri: IRI from which all IRIs of the graph are made.
        proof: whether HermiT proved that the curated graph is consistent.
        all_table_rows: whether rows that mappings leave out were loaded too.
        digests: SHA-256, in hex, of the curated files, the ontology (with its rules and shapes), the catalogue and the
            code of the build.
        tables: SHA-256 of each food table with its mapping, by name.
        tools: versions of the software that a build runs, by name.
        graphs: SHA-256 of each imported graph with its description, by IRI.
    """

    base_iri: str
    proof: bool
    all_table_rows: bool
    digests: Mapping[str, str]
    tables: Mapping[str, str]
    tools: Mapping[str, str]
    graphs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """How many there are of something: its IRI, its label, the number."""

    iri: str
    label: str
    count: int


@dataclass(frozen=True)
class Counts:
    """What is in a release; ``graph/metadata`` is left out of all counts.

    Attributes:
        triples: in all graphs; a triple in two graphs counts twice.
        graphs: triples of each graph.
        entities: members of each class, the largest first.
        claims: claims of each section, source by source.
        origins: amounts of vitamin K in food tables, by table, form and origin.
    """

    triples: int
    graphs: tuple[Count, ...]
    entities: tuple[Count, ...]
    claims: tuple[Count, ...]
    origins: tuple[Count, ...]


@dataclass(frozen=True)
class FileRows:
    """Rows of one file of a table: read, loaded, left out by the mapping, rejected."""

    file: str
    read: int
    taken: int
    left_out: int
    rejected: int


@dataclass(frozen=True)
class Table:
    """A food table in the release, with the rows of its files."""

    name: str
    title: str
    files: tuple[FileRows, ...]


@dataclass(frozen=True)
class ImportedGraph:
    """A graph that a user imported beside those of vitk.

    Attributes:
        iri: its name.
        files: names of the files that it was read from.
        read: statements that were read.
        triples: different ones among them.
        subjects: different subjects.
        properties: different properties.
    """

    iri: str
    files: tuple[str, ...]
    read: int
    triples: int
    subjects: int
    properties: int


@dataclass(frozen=True)
class Dump:
    """A file to download.

    Attributes:
        name: of the file.
        format: suffix of its format before compression, such as ``ttl``.
        graph: IRI of the graph that it contains; "" for all graphs.
        bytes: its size.
        sha256: its checksum, in hex.
        parts: of N-Quads, the size of each graph's part by the graph's IRI, in their order in the file; each part is a
            compressed file in itself.
    """

    name: str
    format: str
    graph: str
    bytes: int
    sha256: str
    parts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StageReport:
    """What a stage of the build did: its name, its outcome in words, and its seconds."""

    stage: str
    outcome: str
    seconds: float


@dataclass(frozen=True)
class BuildRun:
    """When a release was built, as an ISO 8601 time in UTC, what each stage took, and which release was served then.

    ``predecessor`` is the id of that release, or "". It is not an input: equal inputs make equal releases everywhere.
    """

    started: str
    stages: tuple[StageReport, ...]
    predecessor: str = ""


@dataclass(frozen=True)
class Manifest:
    """A release in words and numbers; ``counts`` and ``dumps`` are without imported graphs."""

    id: str
    inputs: Inputs
    counts: Counts
    tables: tuple[Table, ...]
    dumps: tuple[Dump, ...]
    build: BuildRun
    graphs: tuple[ImportedGraph, ...] = ()

    @property
    def date(self) -> str:
        """The day on which the release was built: ``2026-01-31``."""
        return self.build.started[:10]

    def to_json(self) -> str:
        """The text of ``manifest.json``."""
        document = {"format_version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Manifest:
        """The manifest in a parsed ``manifest.json`` of this ``FORMAT_VERSION``.

        Raises:
            KeyError, TypeError: a part is missing, or is not as this version writes it.
        """
        counts, build = document["counts"], document["build"]
        return cls(
            id=document["id"],
            inputs=Inputs(**document["inputs"]),
            counts=Counts(
                counts["triples"], *(_counts(counts[name]) for name in ("graphs", "entities", "claims", "origins"))
            ),
            tables=tuple(
                Table(table["name"], table["title"], tuple(FileRows(**rows) for rows in table["files"]))
                for table in document["tables"]
            ),
            dumps=tuple(Dump(**dump) for dump in document["dumps"]),
            build=BuildRun(
                build["started"],
                tuple(StageReport(**stage) for stage in build["stages"]),
                build.get("predecessor", ""),
            ),
            graphs=tuple(
                ImportedGraph(**{**graph, "files": tuple(graph["files"])}) for graph in document.get("graphs", [])
            ),
        )


def _counts(rows: list[dict[str, Any]]) -> tuple[Count, ...]:
    return tuple(Count(**row) for row in rows)
