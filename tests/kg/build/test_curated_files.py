"""Curated files as curators find them: in canonical order, in UTF-8, with the right micro sign, every number sourced."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build.check.canonical_order import canonical
from kg.cli import commands
from kg.reader.reader import Reader
from tests.support.paths import CURATED, ROOT

FILES = sorted(CURATED.rglob("*.ttl"))


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(CURATED).as_posix() for path in FILES])
def test_a_file_is_in_canonical_order_with_the_right_signs(path: Path) -> None:
    text = path.read_text("utf-8")
    assert canonical(text) == text, f"run: vitk check --fix {path.relative_to(ROOT)}"
    assert "\u03bc" not in text, "the micro sign is U+00B5"
    assert "<br" not in text
    assert text.endswith(".\n")


@pytest.mark.system
def test_check_finds_nothing_in_the_repository(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["check", str(CURATED / "claims" / "20-foods.ttl")])
    assert done.output == "No problems found.\n"


def test_check_tells_line_and_rule_of_a_file_of_ones_own_and_fix_orders_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        "@prefix vitk: <ontology#> .\n@prefix id: <id/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        'id:mine a vitk:Food ;\n    vitk:isMadeFrom id:soybeen ;\n    rdfs:label "mine"@en .\n',
        "utf-8",
    )
    done = CliRunner().invoke(commands, ["check", "--fix", str(path)])
    assert done.exit_code == 1
    assert f"{path}:7: id:soybeen is not defined" in done.output
    assert "did you mean id:soybean?" in done.output
    assert path.read_text("utf-8").index("rdfs:label") < path.read_text("utf-8").index("vitk:isMadeFrom")


# The thing that holds a number, and where its source is at most two steps away.
NUMBERS = {
    "claims": ("vitk:Claim", "dcterms:source|vitk:citesStudy"),
    "regimens": ("vitk:DosageRegimen", "^vitk:regimen/(dcterms:source|vitk:citesStudy)|^vitk:studiedRegimen"),
    "results": ("vitk:StudyResult", "^vitk:hasResult"),
    "measurements": ("vitk:Measurement", "vitk:citesStudy|dcterms:source"),
    "intakes": ("vitk:ReferenceIntake", "vitk:citesStudy"),
}


@pytest.mark.system
@pytest.mark.parametrize("kind", NUMBERS)
def test_every_amount_dose_time_and_effect_size_has_a_source_within_two_steps(kind: str, reader: Reader) -> None:
    from kg.catalogue.catalogue import with_prologue

    of_class, path = NUMBERS[kind]
    holders = f"""SELECT DISTINCT ?holder {{
        ?holder a {of_class} ; ?number ?value .
        VALUES ?number {{ vitk:minimumAmount vitk:maximumAmount vitk:effectSize vitk:pValue vitk:lowerConfidenceLimit }} }}"""
    sourced = f"SELECT DISTINCT ?holder {{ ?holder a {of_class} ; {path} ?source }}"
    found = {row["holder"].value for row in reader.select(with_prologue(holders, reader.vocabulary))}
    with_source = {row["holder"].value for row in reader.select(with_prologue(sourced, reader.vocabulary))}
    assert found
    assert found - with_source == set()


def test_nothing_is_defined_in_two_places() -> None:
    blocks = [re.findall(r"^(id:\S+) a ", path.read_text("utf-8"), re.MULTILINE) for path in FILES]
    defined = [name for names in blocks for name in names]
    assert sorted({name for name in defined if defined.count(name) > 1}) == []
