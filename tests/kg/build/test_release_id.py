"""The id of a release: it changes with what can change the release, and with nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg.build.import_closure import ImportGraph
from tests.support import minimal_curated
from tests.support.copied_tree import copy_tree, run_python
from tests.support.paths import CURATED, ROOT

BUILD = """
import sys
from pathlib import Path
from kg.build import pipeline

pipeline.build(Path(sys.argv[1]), Path(sys.argv[2]), "https://w3id.org/vitk/", proof=True)
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "kg"))
"""
# Appends a newline to each file in turn, and takes it back.
EDIT = """
import json, sys
from pathlib import Path
from kg.build import release_id
from kg.build.load.mapping import load_mappings

def id_now(base="https://w3id.org/vitk/", proof=True, all_table_rows=False):
    curated = Path("curated")
    inputs = release_id.inputs_of(
        curated, base, proof=proof, mappings=load_mappings(curated), all_table_rows=all_table_rows
    )
    return release_id.release_id(inputs)

def id_after_editing(name):
    path = Path(name)
    before = path.read_bytes()
    path.write_bytes(before + b"\\n")
    try:
        return id_now()
    finally:
        path.write_bytes(before)

ids = {name: id_after_editing(name) for name in json.loads(sys.argv[1])}
ids |= {"": id_now(), "base": id_now("https://example.org/k/"), "proof": id_now(proof=False),
        "rows": id_now(all_table_rows=True)}
print(json.dumps(ids))
"""
IN = (
    "ontology/vitk.ttl", "ontology/shapes.ttl", "ontology/rules/11-counteracts-what-it-weakens.rq", "kg/queries/foods-by-form.rq",
    "kg/queries/pages/entity-data.rq", "kg/build/dump/dumps.py", "kg/build/import_closure.py", "kg/rdf/vocabulary.py",
    "kg/release/manifest.py", "kg/build/infer/owl_proof.py", "curated/entities/entities.ttl", "curated/mappings.sssom.tsv",
    "curated/identifier-patterns.tsv", "curated/composition/ciqual-2020.toml",
    "curated/composition/ciqual-2020/groups.csv",
)  # fmt: skip
OUT = (
    "kg/cli.py", "kg/diet/totals.py", "kg/claims/explain.py", "kg/reader/reader.py", "kg/reader/compatibility.py",
    "server/app.py", "server/cli/serve.py", "server/templates/base.html", "ontology/alignment/ro.ttl",
    "curated/mappings-left-out.tsv",
)  # fmt: skip


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.system
def test_the_digested_code_is_the_code_that_a_build_loads(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    loaded = set(run_python(ROOT, BUILD, curated, tmp_path / "data").split())
    closure = {module_of(path): path for path in ImportGraph().closure("kg.build.pipeline")}
    assert loaded - closure.keys() == set(), "loaded by the build, and not in the id"
    unused = {name for name, path in closure.items() if name not in loaded and path.name != "__init__.py"}
    assert unused == set(), "in the id, and not loaded by the build"


@pytest.fixture(scope="module")
def ids(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The id of a copied tree after an edit, by the file that was edited; "" is the id of the tree as it is."""
    tree = copy_tree(tmp_path_factory.mktemp("tree"))
    curated = minimal_curated.write(tree / "curated")
    shutil.copy(CURATED / "mappings-left-out.tsv", curated)
    (curated / "composition").mkdir()
    shutil.copytree(CURATED / "composition" / "ciqual-2020", curated / "composition" / "ciqual-2020")
    shutil.copy(CURATED / "composition" / "ciqual-2020.toml", curated / "composition")
    found = json.loads(run_python(tree, EDIT, json.dumps([*IN, *OUT])))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("changed", [*IN, "base", "proof", "rows"])
def test_what_can_change_a_release_changes_its_id(changed: str, ids: dict[str, str]) -> None:
    assert ids[changed] != ids[""]


@pytest.mark.parametrize("edited", OUT)
def test_what_cannot_change_a_release_leaves_its_id(edited: str, ids: dict[str, str]) -> None:
    assert ids[edited] == ids[""]
