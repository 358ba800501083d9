"""Equal inputs give equal files."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from kg.release.release import MANIFEST, Release, Releases
from tests.support import curated_subset
from tests.support.copied_tree import run_python
from tests.support.paths import CURATED, ROOT

# Several releases are built.
pytestmark = pytest.mark.system

BUILD = """
import sys
from pathlib import Path
from kg.build import pipeline

pipeline.build(Path(sys.argv[1]), Path(sys.argv[2]), "https://w3id.org/vitk/", proof=False)
"""
MAPPING, TABLE = "composition/bls-4.toml", "composition/stfc-japan-2020.toml"
ADDED = {
    "entities/foods.ttl": """
id:aaa a vitk:Food ; rdfs:label "aaa"@en ; dcterms:description "First in the list of names."@en .
id:zzz a vitk:Food ; rdfs:label "zzz"@en ; dcterms:description "Last in the list of names."@en .
""",
    "claims/20-foods.ttl": "# a comment is an input too\n",
}


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """Two releases of equal inputs from two folders, built by processes that hash strings differently.

    The first is built from nothing. The second follows builds of other inputs, of which it reuses what it can.
    """
    built = []
    for seed in ("1", "2"):
        folder = tmp_path_factory.mktemp(f"seed-{seed}")
        curated = curated_subset.cut(Path(shutil.copytree(CURATED, folder / "curated")))
        if seed == "2":
            history(folder / "data", curated, seed)
        run_python(ROOT, BUILD, curated, folder / "data", PYTHONHASHSEED=seed)
        built.append(Releases(folder / "data").require_current())
    return built[0], built[1]


def history(data: Path, curated: Path, seed: str) -> None:
    """Builds without a table and with another mapping, then with other curated files; takes all back."""
    table, mapping = curated / TABLE, curated / MAPPING
    aside, text = table.rename(table.with_suffix(".aside")), mapping.read_text("utf-8")
    mapping.write_text(text.replace('title = "', 'title = "The former ', 1), "utf-8")
    run_python(ROOT, BUILD, curated, data, PYTHONHASHSEED=seed)
    aside.rename(table)
    mapping.write_text(text, "utf-8")
    texts = {curated / name: (curated / name).read_text("utf-8") for name in ADDED}
    for path, added in zip(texts, ADDED.values(), strict=True):
        path.write_text(texts[path] + added, "utf-8")
    run_python(ROOT, BUILD, curated, data, PYTHONHASHSEED=seed)
    for path, text in texts.items():
        path.write_text(text, "utf-8")


def test_the_second_release_reuses_what_earlier_builds_made(twins: tuple[Release, Release]) -> None:
    def links(release: Release) -> list[int]:
        return [path.stat().st_nlink for path in release.store.glob("*.sst")]

    # The store of the tables and all its copies share files.
    assert [max(links(release)) for release in twins] == [2, 3]


def files_of(release: Release) -> dict[str, bytes]:
    paths = [path for path in release.path.rglob("*") if path.is_file() and release.store not in path.parents]
    return {path.relative_to(release.path).as_posix(): path.read_bytes() for path in paths}


def quads_of(release: Release) -> list[Quad]:
    with gzip.open(release.dump) as file:
        return [quad for quad in parse(file.read(), format=RdfFormat.N_QUADS) if isinstance(quad, Quad)]


def test_two_builds_of_equal_inputs_give_the_same_bytes(twins: tuple[Release, Release]) -> None:
    one, other = map(files_of, twins)
    assert one.keys() == other.keys()
    assert len([name for name in one if name.startswith("dumps/")]) >= 10
    assert [name for name in one if one[name] != other[name] and name != MANIFEST] == []


def test_the_manifest_differs_in_the_times_alone(twins: tuple[Release, Release]) -> None:
    one, other = (release.manifest for release in twins)
    assert one.dumps == other.dumps
    assert replace(one, build=other.build) == other


def test_labels_of_blank_nodes_are_those_of_rdfc_1_0_for_the_complete_graph(twins: tuple[Release, Release]) -> None:
    quads = quads_of(twins[0])
    canonical = Dataset(quads)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    labels = {node.value for quad in quads for node in (quad.subject, quad.object) if isinstance(node, BlankNode)}
    assert len(labels) > 100
    assert labels == {f"c14n{number}" for number in range(len(labels))}
    assert set(quads) == set(canonical)


def test_store_and_dump_have_the_same_labels(twins: tuple[Release, Release]) -> None:
    assert set(Store.read_only(str(twins[0].store))) == set(quads_of(twins[0]))
