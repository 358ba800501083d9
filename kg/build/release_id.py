"""What a release depends on, and the name that follows from it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pyoxigraph

import kg
from kg.build.import_closure import import_closure
from kg.build.load.mapping import TableMapping
from kg.build.read import turtle
from kg.catalogue import catalogue

_BUILD = "kg.build.pipeline"


def inputs_of(
    curated: Path, base_iri: str, *, proof: bool, mappings: Sequence[TableMapping], all_table_rows: bool
) -> dict[str, object]:
    """Everything that a release depends on, as digests and versions.

    Args:
        curated: folder with the curated files.
        base_iri: IRI from which all IRIs of the graph are made.
        proof: whether OWL reasoning is part of the build.
        mappings: the tables that are read.
        all_table_rows: whether the rows that mappings leave out are read too.

    Raises:
        VitkError: the folder holds no curated files.
    """
    packages = Path(kg.__file__).parent
    curated_files = [path for graph, path in turtle.files_of(curated) if graph != "ontology"]
    code = import_closure(_BUILD)
    rules = [path for pattern in ("*.ttl", "rules/*.rq") for path in sorted(turtle.ONTOLOGY_FOLDER.glob(pattern))]
    return {
        "base_iri": base_iri,
        "proof": proof,
        "curated": _digest([*curated_files, *sorted(curated.glob("*.tsv"))], curated),
        "ontology": _digest(rules, turtle.ONTOLOGY_FOLDER),
        "tables": {mapping.name: _digest(mapping.files(), mapping.path.parent) for mapping in mappings},
        "all_table_rows": all_table_rows,
        "queries": _digest(sorted(catalogue.FOLDER.rglob("*.rq")), catalogue.FOLDER),
        "code": _digest(code, packages),
        "vitk": kg.__version__,
        "pyoxigraph": pyoxigraph.__version__,
        "python": platform.python_version(),
        "rdflib": metadata.version("rdflib"),
        "owlready2": metadata.version("owlready2"),
    }


def release_id(inputs: dict[str, object]) -> str:
    """The name of a release: the start of the hash of its inputs."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:12]


def _digest(paths: list[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
