"""A release is read with its own rules, queries and identifier patterns."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.catalogue import catalogue
from kg.claims.claim_index import ClaimIndex
from kg.claims.explain import explain_in_words
from kg.errors import CuratedFileError, VitkError
from kg.reader import compatibility
from kg.reader.identifiers import identifiers_for
from kg.reader.reader import Reader
from kg.release.release import Release, Releases
from kg.settings import Settings
from tests.support import minimal_curated
from tests.support.copied_tree import copy_tree, run_python
from tests.support.paths import BASE, ROOT

BUILD = """
import sys
from pathlib import Path
from kg.build import pipeline

pipeline.build(Path(sys.argv[1]), Path(sys.argv[2]), "https://w3id.org/vitk/", proof=False)
"""
RULE = "08-supplies-broader-forms"
NATTO = """
id:natto a vitk:Food ;
    rdfs:label "natto"@en ;
    dcterms:description "Fermented soybeans."@en ;
    vitk:supplies id:phylloquinone .
"""


def curated_with_own_pattern(folder: Path) -> Path:
    """A curated folder whose CHEBI identifiers lead to a page of the curator's choice."""
    curated = minimal_curated.write(folder)
    header = "prefix\tiri_start\tpattern\tpage\n"
    pattern = "CHEBI\thttp://purl.obolibrary.org/obo/CHEBI_\t18067|\\d{6}\thttps://example.org/chebi/{id}\n"
    (curated / "identifier-patterns.tsv").write_text(header + pattern, "utf-8")
    with (curated / "mappings.sssom.tsv").open("r+", encoding="utf-8") as file:
        columns = file.read().splitlines()[-1].split("\t")
        given = {
            "subject_id": "id:phylloquinone",
            "predicate_id": "skos:exactMatch",
            "object_id": "CHEBI:18067",
            "mapping_justification": "semapv:ManualMappingCuration",
        }
        file.write("\t".join(given.get(column, "") for column in columns) + "\n")
    return curated


@pytest.fixture(scope="module")
def old_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of another version of vitk, one of whose rules says its axiom in other words."""
    folder = tmp_path_factory.mktemp("old")
    tree = copy_tree(folder / "tree")
    rule = tree / "ontology" / "rules" / f"{RULE}.rq"
    _, _, body = rule.read_text("utf-8").partition("\n")
    rule.write_text(f"# axiom: as it was once\n{body}", "utf-8")
    curated = curated_with_own_pattern(folder / "curated")
    with (curated / "entities" / "entities.ttl").open("a", encoding="utf-8") as file:
        file.write(NATTO)
    run_python(tree, BUILD, curated, folder / "data")
    return Releases(folder / "data").require_current()


@pytest.fixture
def copy(old_release: Release, tmp_path: Path) -> Release:
    """A copy of the release that a test may break."""
    return Release(Path(shutil.copytree(old_release.path, tmp_path / old_release.id)), old_release.document)


@pytest.fixture(scope="module")
def own_client(old_release: Release) -> Iterator[FlaskClient]:
    from kg.engine.factory import engine_for
    from server.app import create_app

    settings, reader = Settings(query_workers=1), Reader(old_release)
    engine = engine_for(settings, old_release)
    assert engine.wait_until_ready(120)
    yield create_app(settings, reader, engine).test_client()
    engine.close()


def test_a_release_explains_by_its_own_rule_after_the_rule_of_the_package_changed(old_release: Release) -> None:
    assert "as it was once" not in (ROOT / "ontology" / "rules" / f"{RULE}.rq").read_text("utf-8")
    reader = Reader(old_release)
    lines = explain_in_words(reader, ClaimIndex(reader), "id:natto", "vitk:supplies", "id:vitamin-k")
    assert lines[0].endswith(f"[by rule {RULE}: as it was once]")


def test_identifiers_link_by_the_pattern_of_the_curator(old_release: Release) -> None:
    (found,) = identifiers_for(Reader(old_release), BASE + "id/phylloquinone")
    assert found.page == "https://example.org/chebi/18067"


def test_the_page_of_an_entity_links_by_the_pattern_of_the_curator(own_client: FlaskClient) -> None:
    page = own_client.get("/page/phylloquinone")
    assert page.status_code == 200
    assert 'href="https://example.org/chebi/18067"' in page.text


def test_the_build_checks_identifiers_by_the_pattern_of_the_curator(tmp_path: Path) -> None:
    curated = curated_with_own_pattern(tmp_path / "curated")
    mappings = curated / "mappings.sssom.tsv"
    mappings.write_text(mappings.read_text("utf-8").replace("CHEBI:18067", "CHEBI:44245"), "utf-8")
    with pytest.raises(CuratedFileError, match="CHEBI:44245 does not look like an identifier of CHEBI"):
        pipeline.build(curated, tmp_path / "data", BASE, proof=False)


def test_a_pattern_that_is_not_a_regular_expression_is_reported_with_its_line(tmp_path: Path) -> None:
    curated = curated_with_own_pattern(tmp_path / "curated")
    patterns = curated / "identifier-patterns.tsv"
    patterns.write_text(patterns.read_text("utf-8").replace("18067|", "("), "utf-8")
    with pytest.raises(CuratedFileError, match=r"identifier-patterns\.tsv:2: .*is not a regular expression"):
        pipeline.build(curated, tmp_path / "data", BASE, proof=False)


def test_the_catalogue_is_that_of_the_release(copy: Release) -> None:
    path = copy.queries / "foods-by-form.rq"
    path.write_text(path.read_text("utf-8").replace("# title: ", "# title: Once: ", 1), "utf-8")
    assert Reader(copy).catalogue["foods-by-form"].title.startswith("Once: ")


def drop(path: Path) -> None:
    path.unlink()


def rename_column(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("?graph", "?holder"), "utf-8")


def rename_parameter(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text.replace("parameter: subject", "parameter: about").replace("$subject", "$about"), "utf-8")


def break_header(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("# title: ", "# heading: ", 1), "utf-8")


@pytest.mark.parametrize("change", [drop, rename_column, rename_parameter, break_header])
def test_a_release_whose_catalogue_lacks_what_code_runs_is_not_read(
    change: Callable[[Path], None], copy: Release
) -> None:
    change(copy.queries / "pages" / "graphs-of.rq")
    assert not compatibility.is_readable(copy)
    expected = (
        f"Release {copy.id} was built by an incompatible version of vitk: its catalogue has no pages/graphs-of as this "
        "version runs it; vitk build makes one that this version reads."
    )
    with pytest.raises(VitkError) as refused:
        Reader(copy)
    assert str(refused.value) == expected


def test_public_queries_that_code_names_are_required_of_a_release() -> None:
    # Those also name a page or a graph, and code does not run the query.
    homonyms = {"claims"}
    public = {path.stem for path in catalogue.FOLDER.glob("*.rq")}
    files = [
        path for folder in ("kg", "server") for path in (ROOT / folder).rglob("*.py") if path.name != "compatibility.py"
    ]
    named = {
        node.value
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert (named & public) - homonyms == compatibility.PUBLIC_QUERIES
