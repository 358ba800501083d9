"""What ``vitk export`` writes besides RDF and propositions; programs of others open all of it in the system tests."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import commands
from kg.exports import obograph, parts, ro_crate
from kg.exports.tables import csvw, tables
from kg.reader.reader import Reader
from tests.support.paths import BASE, CURATED


def run(reader: Reader, part: str, target: Path) -> tuple[int, str]:
    arguments = ["export", part, str(target), "--data-dir", str(reader.release.path.parents[1])]
    result = CliRunner().invoke(commands, arguments)
    return result.exit_code, result.output


def test_every_column_of_numbers_states_its_unit(small_reader: Reader, tmp_path: Path) -> None:
    csvw.export(small_reader, tmp_path)
    metadata = json.loads((tmp_path / csvw.METADATA).read_text("utf-8"))
    read = {table.name: table for table in tables.tables(small_reader)}
    assert [one["url"] for one in metadata["tables"]] == [f"{name}.csv" for name in read]
    for described, table in zip(metadata["tables"], read.values(), strict=True):
        with (tmp_path / described["url"]).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        columns = described["tableSchema"]["columns"]
        assert header == [column["name"] for column in columns] and len(rows) == len(table.rows) > 10
        for column in columns:
            is_number = column["datatype"] in ("decimal", "integer")
            assert is_number == column.get("dc:description", "").startswith("Unit: "), (table.name, column)


def test_the_obo_graph_has_every_class_with_its_definition(small_reader: Reader) -> None:
    (graph,) = obograph.document(small_reader)["graphs"]
    nodes = {node["id"]: node for node in graph["nodes"]}
    rows = small_reader.run("pages/classes", {})
    classes = {row["class"].value for row in rows}
    assert {iri for iri, node in nodes.items() if node["type"] == "CLASS"} == classes
    assert all(nodes[iri]["meta"]["definition"]["val"] for iri in classes)
    above = {(row["class"].value, row["above"].value) for row in rows if "above" in row}
    assert above == {(edge["sub"], edge["obj"]) for edge in graph["edges"] if edge["pred"] == "is_a"}


def test_the_crate_describes_what_is_in_its_folder(small_reader: Reader, tmp_path: Path) -> None:
    assert run(small_reader, "ro-crate", tmp_path / "crate")[0] == 0
    files = {path.name: path.stat().st_size for path in (tmp_path / "crate").iterdir()}
    described = json.loads((tmp_path / "crate" / ro_crate.METADATA).read_text("utf-8"))["@graph"]
    sizes = {one["@id"]: int(one["contentSize"]) for one in described if one["@type"] == "File"}
    assert {**sizes, ro_crate.METADATA: files[ro_crate.METADATA]} == files
    (root,) = [one for one in described if one["@id"] == "./"]
    assert root["identifier"] == BASE + "dataset" and root["version"] == small_reader.release.id


def test_mappings_are_the_curated_file(small_reader: Reader, tmp_path: Path) -> None:
    assert run(small_reader, "sssom", tmp_path / "m.tsv")[0] == 0
    assert (tmp_path / "m.tsv").read_bytes() == (CURATED / "mappings.sssom.tsv").read_bytes()


@pytest.mark.parametrize("part", [*parts.SUFFIXES, "sssom"])
def test_what_cannot_be_written_is_said(small_reader: Reader, tmp_path: Path, part: str) -> None:
    target = tmp_path / "there.ttl"
    target.write_text("mine", "utf-8")
    status, output = run(small_reader, part, target)
    assert status == 1 and str(target.name) in output
    assert target.read_text("utf-8") == "mine"
