"""The recipe: read, infer, check, describe, index, publish.

A release is made beside the others and renamed into place as the last step but one; the last is one atomic change of
the pointer. A build that fails or is killed leaves the former release serving.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Store

from kg import catalogue as catalogue_module
from kg.build import checks, mappings, metadata, reasoning, search_index, sources
from kg.build.inputs import inputs_of, release_id
from kg.catalogue import Catalogue
from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.release import Release, Releases
from kg.vocabulary import GRAPHS, Vocabulary

STAGES = ("read", "infer", "check", "describe", "index", "publish")


@dataclass(frozen=True)
class Progress:
    """What a stage did: its name, what was counted in words, and its seconds."""

    stage: str
    outcome: str
    seconds: float


@dataclass(frozen=True)
class Built:
    """The result of a build; ``is_new`` is false where the release was there already."""

    release: Release
    is_new: bool
    warnings: tuple[CuratedProblem, ...] = ()


def _ignore(_: object) -> None:
    """A build that nobody watches."""


def build(
    curated: Path,
    data_dir: Path,
    base_iri: str,
    on_start: Callable[[str], None] = _ignore,
    on_done: Callable[[Progress], None] = _ignore,
    proof: bool = True,
) -> Built:
    """Builds the release of the given inputs and lets it serve; does nothing where it is there already.

    Args:
        curated: folder with the curated files.
        data_dir: folder in which releases are kept; made where it does not exist.
        base_iri: IRI from which all IRIs of the graph are made, with a slash at its end.
        on_start: called with the name of each stage before it runs.
        on_done: called with what each stage did.
        proof: whether HermiT proves that the graph is consistent; without it a build takes a second or two.

    Raises:
        VitkError: the data folder can't be written.
        CuratedFileError: curated files that can't be read or break rules.
    """
    inputs = inputs_of(curated, base_iri, proof)
    id = release_id(inputs)
    releases = Releases(data_dir)
    if (existing := releases.get(id)) and (serving := releases.current()) and serving.id == id:
        return Built(existing, is_new=False)
    with _locked(data_dir):
        _remove_leftovers(releases.folder)
        if existing := releases.get(id):
            _point_to(releases, id)
            return Built(existing, is_new=False)
        return _run(inputs, id, releases, curated, Vocabulary(base_iri), on_start, on_done)


def _run(
    inputs: dict[str, object],
    id: str,
    releases: Releases,
    curated: Path,
    vocabulary: Vocabulary,
    on_start: Callable[[str], None],
    on_done: Callable[[Progress], None],
) -> Built:
    done: list[Progress] = []
    started = datetime.now(UTC)

    @contextlib.contextmanager
    def stage(name: str) -> Iterator[list[str]]:
        on_start(name)
        start, outcome = time.monotonic(), [""]
        yield outcome
        done.append(Progress(name, outcome[0], time.monotonic() - start))
        on_done(done[-1])

    folder = releases.folder / f".building-{id}"
    folder.mkdir()
    store = Store()
    for graph in GRAPHS:
        store.add_graph(NamedNode(vocabulary.graph(graph)))
    with stage("read") as outcome:
        catalogue = Catalogue(vocabulary)
        read = sources.read(curated, vocabulary)
        store.extend([*read.quads, *mappings.read(curated, vocabulary)])
        outcome[0] = f"{len(store):,} triples from {len(read.files)} files"
    with stage("infer") as outcome:
        checks.names(read)
        added = reasoning.infer(store, vocabulary)
        if inputs["proof"]:
            _prove(store, read)
        proven = "; HermiT: consistent" if inputs["proof"] else ""
        outcome[0] = f"{added:,} triples by {len(reasoning.rules())} rules{proven}"
    with stage("check") as outcome:
        _check_queries(store, catalogue)
        warnings = checks.shapes(store, read)
        outcome[0] = f"{len(read.places):,} subjects, {len(warnings)} warnings"
    with stage("describe") as outcome:
        report = metadata.describe(store, catalogue, id, inputs)
        outcome[0] = f"{sum(count.count for count in report.things):,} things of {len(report.things)} kinds"
    with stage("index") as outcome:
        indexed = search_index.write(store, catalogue, folder / "search.sqlite")
        _write_store(store, folder / "store")
        outcome[0] = f"{indexed:,} things searchable, {len(store):,} triples stored"
    with stage("publish") as outcome:
        manifest = {
            "id": id,
            "built": started.isoformat(timespec="seconds"),
            "inputs": inputs,
            "counts": report.as_json(),
            "stages": [progress.__dict__ for progress in done],
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
        _publish(folder, releases, id)
        outcome[0] = f"release {id}"
    release = releases.get(id)
    assert release is not None
    return Built(release, is_new=True, warnings=tuple(warnings))


def _prove(store: Store, read: sources.Sources) -> None:
    # Java's bridges are not loaded by builds that prove nothing.
    from kg.build import consistency, owl

    owl.prove(store, read)
    if not consistency.is_consistent(store, read.vocabulary):
        raise CuratedFileError(owl.contradictions(read))


@contextlib.contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """One build at a time in a data folder; the second one waits for the first and then finds its release."""
    try:
        (data_dir / "releases").mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "build.lock").open("a")
    except OSError as error:
        raise VitkError(
            f"{data_dir}: the data folder can't be written: {error.strerror}. Choose another with --data-dir."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_leftovers(folder: Path) -> None:
    for leftover in folder.glob(".*"):
        shutil.rmtree(leftover)


def _check_queries(store: Store, catalogue: Catalogue) -> None:
    problems = []
    for query in catalogue.all():
        try:
            store.query(catalogue.example(query), use_default_graph_as_union=True)
        except SyntaxError as error:
            path = catalogue_module.FOLDER / f"{query.name}.rq"
            problems.append(CuratedProblem(path, None, "SPARQL syntax", str(error).splitlines()[0]))
    if problems:
        raise CuratedFileError(problems)


def _write_store(store: Store, path: Path) -> None:
    on_disk = Store(str(path))
    for graph in store.named_graphs():
        on_disk.add_graph(graph)
    on_disk.bulk_extend(store)
    on_disk.optimize()
    on_disk.flush()


def _publish(folder: Path, releases: Releases, id: str) -> None:
    folder.rename(releases.folder / id)
    _point_to(releases, id)
    releases.prune()


def _point_to(releases: Releases, id: str) -> None:
    beside = releases.pointer.with_name(".current")
    beside.write_text(id + "\n", "utf-8")
    with beside.open() as file:
        os.fsync(file.fileno())
    beside.replace(releases.pointer)
