"""A release as an RO-Crate 1.1: its downloads in a folder, with a description of each file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from kg.errors import VitkError
from kg.files.written import write
from kg.rdf.formats import BY_NAME
from kg.rdf.vocabulary import DATA_LICENCE, DATA_LICENCE_NAME
from kg.reader.reader import Reader
from kg.release.manifest import Dump

METADATA = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.1"


def export(reader: Reader, target: Path) -> None:
    """Copies the downloads of a release into a folder and describes them there.

    Raises:
        VitkError: a file cannot be written.
    """
    release = reader.release
    for dump in release.manifest.dumps:
        path = release.download(dump.name)
        try:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path or release.path / dump.name, target / dump.name)
        except OSError as error:
            raise VitkError(f"{target / dump.name}: cannot be written: {error.strerror}.") from error
    write(target / METADATA, json.dumps(document(reader), ensure_ascii=False, indent=1).encode() + b"\n")


def document(reader: Reader) -> dict[str, Any]:
    """Returns the metadata document."""
    manifest, dataset = reader.release.manifest, reader.vocabulary.base + "dataset"
    files = [_file(dump, dataset) for dump in manifest.dumps]
    return {
        "@context": f"{_VERSION}/context",
        "@graph": [
            {
                "@id": METADATA,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _VERSION},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": "vitk: the knowledge graph of vitamin K",
                "description": (
                    f"Release {reader.release.id}: ontology, entities, claims of sources, evidence, assessments and "
                    "food tables. Food tables have the licences of their publishers, which the metadata graph states."
                ),
                "identifier": dataset,
                "version": reader.release.id,
                "datePublished": manifest.date,
                "license": {"@id": DATA_LICENCE},
                "creator": {"@id": "#contributors"},
                "hasPart": [{"@id": one["@id"]} for one in files],
            },
            {"@id": "#contributors", "@type": "Organization", "name": "the vitk contributors"},
            {"@id": DATA_LICENCE, "@type": "CreativeWork", "name": DATA_LICENCE_NAME, "url": DATA_LICENCE},
            *files,
        ],
    }


def _file(dump: Dump, dataset: str) -> dict[str, Any]:
    return {
        "@id": dump.name,
        "@type": "File",
        "name": f"{dump.graph or dataset}, {BY_NAME[dump.format].label}, compressed with gzip",
        "about": {"@id": dump.graph or dataset},
        "encodingFormat": ["application/gzip", BY_NAME[dump.format].media_type],
        "contentSize": str(dump.bytes),
        "sha256": dump.sha256,
    }
