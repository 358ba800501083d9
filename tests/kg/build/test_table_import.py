"""A table of one's own: what comes in, what is set aside with line and reason, and what stops the import."""

from __future__ import annotations

import csv
import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import pipeline
from kg.build.load import imported_tables
from kg.build.load import mapping as table_mapping
from kg.build.load.csv_rows import RowCounts, TableFile
from kg.catalogue.catalogue import with_prologue
from kg.cli import commands
from kg.errors import VitkError
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from kg.release.release import Releases
from tests.support import minimal_curated
from tests.support.paths import BASE

MAPPING = """
name = "mine"
title = "A table of my own"

[codes.units]
"µg" = "unit:MicroGM"

[[tables]]
file = "table.csv"
key = ["code"]

[[tables.entities]]
about = "id:mine-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = { text = "name", language = "en", required = true }

[[tables.entities]]
about = "id:measurement-mine-{code}-k1"
types = ["vitk:Measurement"]
of = { "vitk:hasMeasurement" = "id:mine-{code}" }
when = { k1 = "*" }
[tables.entities.properties]
"vitk:ofAnalyte" = { entity = "id:phylloquinone" }
"vitk:minimumAmount" = { number = "k1", required = true }
"vitk:maximumAmount" = { number = "k1", required = true }
"vitk:unit" = { code = "unit", in = "units" }
"vitk:referenceAmount" = { always = 100.0 }
"vitk:referenceUnit" = { entity = "unit:GM" }
"vitk:numberOfDataPoints" = { integer = "n" }
"""
CITABLE = """@prefix id: <id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix fabio: <http://purl.org/spar/fabio/> .

id:source-a a fabio:WebPage ; dcterms:title "A" .
id:source-b a fabio:WebPage ; dcterms:title "B" .
"""
HEADER = "code,name,k1,unit,n\n"
GOOD = HEADER + 'a,Nettle soup,12.5,µg,3\nb,"Leaf, of ""rocket""",108.6,µg,\nc,Salt,,,\n'


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = minimal_curated.write(tmp_path_factory.mktemp("import") / "curated")
    (folder / "entities" / "cited.ttl").write_text(CITABLE, "utf-8")
    return folder


@pytest.fixture
def bring(curated: Path, tmp_path: Path) -> Callable[..., pipeline.BuildResult]:
    """Imports a table as ``vitk import`` does, without HermiT's proof."""

    def run(table: str | bytes, mapping: str = MAPPING, name: str = "table.csv") -> pipeline.BuildResult:
        folder = tmp_path / "given"
        folder.mkdir(exist_ok=True)
        (folder / "mapping.toml").write_text(mapping, "utf-8")
        (folder / name).write_bytes(table.encode() if isinstance(table, str) else table)
        with imported_tables.stage_import(tmp_path / "data", folder / "mapping.toml", folder / name) as importing:
            return pipeline.build(curated, tmp_path / "data", BASE, proof=False, importing=importing)

    return run


def test_a_table_is_counted_found_and_computed_with(bring: Callable[..., pipeline.BuildResult], tmp_path: Path) -> None:
    built = bring(GOOD)
    (counted,) = built.tables[0].files
    assert (counted.read, counted.taken, counted.left_out, counted.rejected) == (3, 3, 0, [])
    reader = Reader(built.release)
    assert reader.search.find("nettle soup")[0].iri == BASE + "id/mine-a"
    assert reader.exists(BASE + "id/vitamin-k"), "what was there before is still there"
    found = reader.select(
        with_prologue(
            "SELECT ?n ?x { GRAPH graph:mine { ?f vitk:hasMeasurement ?m ; rdfs:label ?n } ?m vitk:microgramsPer100Grams ?x } ORDER BY ?x",
            Vocabulary(BASE),
        )
    )
    assert [(row["n"].value, row["x"].value) for row in found] == [
        ("Nettle soup", "12.5"),
        ('Leaf, of "rocket"', "108.6"),
    ]
    assert [mapping.name for mapping in imported_tables.imported_mappings(tmp_path / "data")] == ["mine"]


@pytest.mark.system
def test_an_imported_table_outlives_the_next_build_and_can_be_forgotten(
    bring: Callable[..., pipeline.BuildResult], curated: Path, tmp_path: Path
) -> None:
    first = bring(GOOD).release.id
    assert pipeline.build(curated, tmp_path / "data", BASE, proof=False).release.id == first
    done = CliRunner().invoke(commands, ["forget", "mine", "--data-dir", str(tmp_path / "data")])
    assert done.exit_code == 0
    assert pipeline.build(curated, tmp_path / "data", BASE, proof=False).release.id != first
    assert "none" in CliRunner().invoke(commands, ["forget", "mine", "--data-dir", str(tmp_path / "data")]).stderr


# What a row holds, and why it is set aside; the row before and after it are taken.
SET_ASIDE = {
    "duplicate key": ("a,Nettle again,1,µg,", "duplicate key: code a"),
    "negative amount": ("x,X,-3,µg,", "k1: '-3' is a negative amount"),
    "not a number": ("x,X,1.2.3,µg,", "k1: '1.2.3' is not a number"),
    "decimal comma": ('x,X,"1,5",µg,', "k1: '1,5' is not a number"),
    "not a whole number": ("x,X,1,µg,2.5", "n: '2.5' is not a whole number"),
    "unknown unit": ("x,X,1,furlong,", "unit: 'furlong' is not in the codes units"),
    "no name": ("x,,1,µg,", "has no value"),
    "nothing to name it by": (",X,1,µg,", "a cell of an IRI template is empty"),
    "too few cells": ("x,X,1", "3 cells, but the header has 5"),
    "too many cells": ("x,X,1,µg,2,3", "6 cells, but the header has 5"),
}  # fmt: skip


@pytest.mark.system
@pytest.mark.parametrize("kind", SET_ASIDE)
def test_a_bad_row_is_set_aside_with_line_and_reason_and_the_others_are_taken(
    kind: str, bring: Callable[..., pipeline.BuildResult]
) -> None:
    row, reason = SET_ASIDE[kind]
    built = bring(f"{HEADER}a,Nettle,1,µg,\n{row}\nz,Zest,2,µg,\n")
    (counted,) = built.tables[0].files
    assert (counted.read, counted.taken, len(counted.rejected)) == (3, 2, 1)
    assert counted.rejected[0].line == 3
    assert reason in counted.rejected[0].reason
    with built.release.rejected.open(encoding="utf-8", newline="") as file:
        (rejected_row,) = csv.DictReader(file)
    assert (rejected_row["table"], rejected_row["line"]) == ("mine", "3")
    assert reason in rejected_row["reason"]
    assert not Reader(built.release).exists(BASE + "id/measurement-mine-x-k1")


LATIN = (HEADER + "a,Crème,1,µg,\n").encode("latin-1")
# What is given, under which mapping, and what is said; nothing of it is taken.
STOPPED = {
    "wrong encoding": (LATIN, MAPPING, "not UTF-8"),
    "missing column": ("code,name,unit,n\na,A,µg,1\n", MAPPING, "columns are missing: k1"),
    "column twice": ("code,name,k1,k1,unit,n\n", MAPPING, "columns are repeated in the header: k1"),
    "empty file": ("", MAPPING, "the file is empty"),
    "open quotation mark": (HEADER + 'a,"Nettle,1,µg,\n', MAPPING, "is the file truncated?"),
    "cut-off compression": (gzip.compress((GOOD * 500).encode())[:-60], MAPPING, "truncated"),
    "too few rows": (GOOD, MAPPING.replace('key = ["code"]', 'key = ["code"]\nrows = 4'), "has 3 rows, but the mapping states 4"),
    "no tables": (GOOD, 'name = "mine"\ntitle = "Mine"\n', "[[tables]] is missing"),
    "unknown key": (GOOD, MAPPING.replace("types", "type", 1), "unknown key 'type'"),
    "unknown kind of value": (GOOD, MAPPING.replace("{ text =", "{ words ="), "needs exactly one of"),
    "not TOML": (GOOD, MAPPING + "\n[[", "mapping.toml"),
    "taken name": (GOOD, MAPPING.replace('"mine"', '"claims"'), "the name 'claims' is taken"),
    "bad name": (GOOD, MAPPING.replace('"mine"', '"../mine"'), "lower-case letters, digits and hyphens"),
    "names of others": (GOOD, MAPPING.replace('"id:mine-{code}"', '"id:{code}"', 1), "must start with a prefix and a name"),
    "unknown codes": (GOOD, MAPPING.replace('in = "units"', 'in = "unit"'), "unknown codes 'unit'"),
    "split text": (GOOD, MAPPING.replace('language = "en"', 'split = " "', 1), "split applies to code only"),
    "outside of its folder": (GOOD, MAPPING.replace('"table.csv"', '"../../table.csv"'), "a table in the folder of the mapping"),
}  # fmt: skip


@pytest.mark.system
@pytest.mark.parametrize("kind", STOPPED)
def test_a_table_that_cannot_be_read_stops_the_import_and_the_former_release_serves(
    kind: str, bring: Callable[..., pipeline.BuildResult], tmp_path: Path, curated: Path
) -> None:
    table, mapping, expected = STOPPED[kind]
    before = pipeline.build(curated, tmp_path / "data", BASE, proof=False).release.id
    with pytest.raises(VitkError) as caught:
        bring(table, mapping)
    assert expected in str(caught.value)
    assert str(tmp_path) in str(caught.value), "the file is named"
    serving = Releases(tmp_path / "data").current()
    assert serving is not None
    assert serving.id == before
    assert imported_tables.imported_mappings(tmp_path / "data") == []
    assert list((tmp_path / "data" / "tables").glob("*")) == []


REFERENCES = """
[codes.references]
A = "id:source-a"
B = "id:source-b"
"B again" = "id:source-b"
"""
CITED = '"vitk:citesPublication" = { code = "n", in = "references", split = "; " }\n'


@pytest.mark.system
@pytest.mark.parametrize(
    ("cell", "cited"),
    [("", []), ("A", ["a"]), ("B; A", ["a", "b"]), ("B; B again", ["b"]), ("A; C", None), ("A;B", None)],
)
def test_a_cell_with_several_codes_has_a_value_for_each_and_an_unknown_one_rejects_the_row(
    cell: str, cited: list[str] | None, bring: Callable[..., pipeline.BuildResult]
) -> None:
    mapping = MAPPING.replace("[codes.units]", REFERENCES + "[codes.units]").replace(
        '"vitk:numberOfDataPoints" = { integer = "n" }\n', CITED
    )
    built = bring(f"{HEADER}a,Nettle,1,µg,{cell}\n", mapping)
    (counted,) = built.tables[0].files
    assert len(counted.rejected) == (cited is None)
    query = "SELECT ?p { id:measurement-mine-a-k1 vitk:citesPublication ?p } ORDER BY ?p"
    found = Reader(built.release).select(with_prologue(query, Vocabulary(BASE)))
    assert [row["p"].value.rpartition("-")[2] for row in found] == (cited or [])


def test_a_gzipped_table_is_read_as_a_plain_one(bring: Callable[..., pipeline.BuildResult]) -> None:
    assert bring(gzip.compress(GOOD.encode())).tables[0].files[0].taken == 3


@pytest.mark.system
@pytest.mark.parametrize("code", ["a b", "a/b", 'a"b', "a<b>", "ä", "a#b", "a?b", "a%20b", ".."])
def test_a_code_with_any_character_gives_an_iri_that_can_be_requested(
    code: str, bring: Callable[..., pipeline.BuildResult]
) -> None:
    cell = code.replace('"', '""')
    reader = Reader(bring(f'{HEADER}"{cell}",Odd,1,µg,\n').release)
    (hit,) = [hit for hit in reader.search.find("Odd") if hit.label == "Odd"]
    assert reader.exists(hit.iri)


def test_the_command_tells_counts_and_rejected_rows(curated: Path, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "table.csv").write_text(GOOD + "a,Nettle again,1,µg,\n", "utf-8")
    arguments = ["import", str(tmp_path / "mapping.toml"), str(tmp_path / "table.csv"), "--no-proof"]
    done = CliRunner().invoke(
        commands, [*arguments, "--data-dir", str(tmp_path / "data"), "--curated-dir", str(curated)]
    )
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    assert "4 rows read, 3 taken, 0 left out by the mapping, 1 rejected" in words
    assert "line 5: duplicate key: code a" in words
    assert "rejected.csv" in words


def test_what_a_rejected_row_said_is_not_reasoned_with(bring: Callable[..., pipeline.BuildResult]) -> None:
    built = bring(f"{HEADER}a,Nettle,50,µg,\nx,X,50,µg,many\n")
    reader = Reader(built.release)
    left = reader.select(with_prologue("SELECT ?p { id:measurement-mine-x-k1 ?p ?o }", Vocabulary(BASE)))
    assert left == []
    assert reader.exists(BASE + "id/measurement-mine-a-k1")


@pytest.mark.parametrize("name", ["..", "../data", ".", "", "/", "a/b"])
def test_only_an_imported_table_can_be_forgotten(name: str, tmp_path: Path) -> None:
    (tmp_path / "data" / "tables").mkdir(parents=True)
    with pytest.raises(VitkError, match="no imported table"):
        imported_tables.remove(tmp_path / "data", name)
    assert (tmp_path / "data" / "tables").is_dir()


def test_a_long_table_takes_no_more_memory_than_a_short_one_to_find_rows_that_stand_twice(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "table.csv").write_text(HEADER + "".join(f"code-{i % 49_999},A food,,,\n" for i in range(50_000)))
    mapping = table_mapping.read_mapping(tmp_path / "mapping.toml")
    counted = RowCounts(tmp_path / "table.csv")
    rows = TableFile(mapping.tables[0], counted.path).rows(counted)
    next(rows)
    tracemalloc.start()
    assert sum(1 for _ in rows) == 49_998
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(row.line, row.reason) for row in counted.rejected] == [(50_001, "duplicate key: code code-0")]
    assert peak < 1 << 20
