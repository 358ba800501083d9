"""Mistakes in mappings of tables: reported with file and line before a row is read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.build.check import mapping_names
from kg.build.check.names_and_shapes import problems_of
from kg.build.load import mapping as table_mapping
from kg.build.read import turtle
from kg.build.read.turtle import ParsedSources
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import Vocabulary
from tests.support import minimal_curated
from tests.support.paths import BASE

MAPPING = """name = "mine"
title = "A table of my own"

[codes.units]
"µg" = "unit:MicroGM"

[[entities]]
about = "id:my-table"
types = ["vitk:FoodCompositionTable"]
[entities.properties]
"rdfs:label" = { always = "my table", language = "en" }

[[tables]]
file = "table.csv"
key = ["code"]

[[tables.entities]]
about = "id:mine-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = { text = "name", language = "en" }
"vitk:inTable" = { entity = "id:my-table" }
"vitk:isMadeFrom" = { entity = "id:mine-{base}" }

[[tables.entities]]
about = "id:measurement-mine-{code}"
types = ["vitk:Measurement"]
of = { "vitk:hasMeasurement" = "id:mine-{code}" }
[tables.entities.properties]
"vitk:ofAnalyte" = { entity = "id:phylloquinone" }
"vitk:maximumAmount" = { number = "k1" }
"vitk:unit" = { code = "unit", in = "units" }
"vitk:referenceAmount" = { always = 100.0 }
"vitk:referenceUnit" = { entity = "unit:GM" }
"vitk:numberOfDataPoints" = { integer = "n" }
"vitk:isBelowDetection" = { always = true, when = { k1 = "<" } }
"""
OTHER = MAPPING.replace('"mine"', '"other"').replace("my-table", "other-table").replace("mine-{", "other-{")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> ParsedSources:
    curated = minimal_curated.write(tmp_path_factory.mktemp("mappings") / "curated")
    return turtle.read(curated, Vocabulary(BASE))


def problems(folder: Path, sources: ParsedSources, *mappings: str | bytes) -> list[CuratedProblem]:
    """The problems of mappings, read and checked together."""
    paths = [folder / f"{number}.toml" for number, _ in enumerate(mappings)]
    for path, text in zip(paths, mappings, strict=True):
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        mapping_names.check([table_mapping.read_mapping(path) for path in paths], sources)
    except CuratedFileError as error:
        return error.problems
    return []


# What is written instead of what, the line that is named, and what is said.
MISTAKES = {
    "an unknown property": ('"vitk:inTable"', '"vitk:inTabel"', 22, "vitk:inTabel is not a property of the ontology; did you mean vitk:inTable?"),
    "an unknown property that refers": ('"vitk:hasMeasurement"', '"vitk:hasMeasurment"', 28, "did you mean vitk:hasMeasurement?"),
    "an unknown class": ('["vitk:Food"]', '["vitk:Foood"]', 19, "vitk:Foood is not a class of the ontology; did you mean vitk:Food?"),
    "an unknown entity": ("id:phylloquinone", "id:phylloquinon", 30, "did you mean id:phylloquinone?"),
    "an unknown unit": ("unit:GM", "unit:NoSuchUnit", 34, "unit:NoSuchUnit is not defined"),
    "an unknown unit as a code": ("unit:MicroGM", "unit:NoSuchUnit", 5, "unit:NoSuchUnit is not defined"),
    "rows that nothing describes": ("id:mine-{base}", "id:theirs-{base}", 23, "is not an entity that a mapping describes"),
    "an entity of the curated files": ('about = "id:mine-{code}"', 'about = "id:phylloquinone"', 18, "is an entity of the curated files"),
    "a measurement of a curated entity": ('"vitk:hasMeasurement" = "id:mine-{code}"', '"vitk:hasMeasurement" = "id:phylloquinone"', 28, "is not an entity that this mapping describes"),
    "a term of the ontology": ('about = "id:mine-{code}"', 'about = "vitk:mine-{code}"', 18, "start with id:"),
    "an entity of the Web": ('about = "id:mine-{code}"', 'about = "http://example.org/{code}"', 18, "must start with a prefix"),
    "a name that no server could resolve": ("mine-{code}", "mine/{code}", 18, "cannot be requested from a server"),
    "no types": ('types = ["vitk:Food"]\n', "", 18, "has no types"),
    "a whole number for a decimal": ("always = 100.0", "always = 100", 33, "vitk:referenceAmount: needs a decimal"),
    "a text for a decimal": ('number = "k1"', 'text = "k1"', 31, "vitk:maximumAmount: needs a decimal"),
    "a decimal for a whole number": ('integer = "n"', 'number = "n"', 35, "needs a whole number"),
    "a text for true": ("always = true", 'always = "yes"', 36, "needs true or false"),
    "a text for an entity": ('entity = "id:phylloquinone"', 'text = "analyte"', 30, "the value of vitk:ofAnalyte is an entity"),
    "an entity for a number": ('number = "k1"', 'entity = "id:phylloquinone"', 31, "is a text or number and not an entity"),
    "a label without a language": ('text = "name", language = "en"', 'text = "name"', 11, "rdfs:label: needs a language"),
    "a language tag with spaces": ('"name", language = "en"', '"name", language = "english US"', 21, "is not a language tag"),
    "a language tag with an underscore": ('"name", language = "en"', '"name", language = "en_US"', 21, "did you mean en-US?"),
    "not a number": ("always = 100.0", "always = nan", 33, "not a number that can be computed with"),
    "infinity": ("always = 100.0", "always = inf", 33, "not a number that can be computed with"),
    "a negative amount": ("always = 100.0", "always = -100.0", 33, "a negative amount"),
    "too small a number": ("always = 100.0", "always = 1e-30", 33, "more than 18 decimal places"),
    "a delimiter that is none": ('key = ["code"]', 'key = ["code"]\ndelimiter = ";;"', 16, "must be a comma, semicolon, tab or bar"),
    "a code without codes": (', in = "units"', "", 32, "a code needs the codes that translate it"),
    "two labels in one language": ('{ text = "name", language = "en" }', '[{ text = "name", language = "en" }, { text = "long", language = "en" }]', 11, "rdfs:label has two values"),
    "groups by nothing": ('key = ["code"]', 'key = ["code"]\nhaving = { k1 = "*" }', 16, "'having' needs by"),
    "deep nesting": ('key = ["code"]', "key = " + "[" * 3000, None, "[TOML syntax]"),
    "a number of thousands of digits": ("always = 100.0", "always = " + "9" * 5000, None, "[TOML syntax]"),
    "not TOML": ("[[tables]]", "[[tables]", 13, "[TOML syntax]"),
    "no file": ('file = "table.csv"', 'file = "./"', 14, "must be a table in the folder of the mapping"),
    "a control character": ('file = "table.csv"', 'file = "a\\u0000b"', None, "has a character that XML cannot contain (U+0000)"),
    "a control character in the title": ("title = \"", "title = \"\\u0001", None, "has a character that XML cannot contain (U+0001)"),
    "a name that is too long for a folder": ('name = "', 'name = "' + "x" * 400, 1, "must consist of up to 100"),
    "no entities": ('key = ["code"]\n', 'key = ["code"]\n[[tables]]\nfile = "b.csv"\nkey = ["code"]\n', 14, "[[tables.entities]] is missing"),
    "an unknown key": ('key = ["code"]', 'keys = ["code"]', 15, "unknown key 'keys'"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_reported_with_file_and_line(case: str, sources: ParsedSources, tmp_path: Path) -> None:
    right, wrong, line, expected = MISTAKES[case]
    assert right in MAPPING
    found = [each for each in problems(tmp_path, sources, MAPPING.replace(right, wrong, 1)) if expected in str(each)]
    assert [(problem.path, problem.line) for problem in found] == [(tmp_path / "0.toml", line)]


def test_two_tables_never_describe_the_same_entities(sources: ParsedSources, tmp_path: Path) -> None:
    assert problems(tmp_path, sources, MAPPING, OTHER) == []
    found = problems(tmp_path, sources, MAPPING, OTHER.replace('"id:other-{', '"id:mine-x-{'))
    assert [problem.path.name for problem in found] == ["0.toml", "1.toml"]
    assert "such IRIs are those of the table mine" in str(found[1])


def test_a_table_may_refer_to_rows_of_another(sources: ParsedSources, tmp_path: Path) -> None:
    assert problems(tmp_path, sources, MAPPING, OTHER.replace("id:other-{base}", "id:mine-{base}")) == []


# Files that say the same.
SAME = {
    "byte order mark": ("\ufeff" + MAPPING).encode(),
    "line ends of Windows": MAPPING.replace("\n", "\r\n").encode(),
    "line ends of old Macs": MAPPING.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("case", SAME)
def test_a_mapping_is_read_whatever_editor_wrote_it(case: str, sources: ParsedSources, tmp_path: Path) -> None:
    assert problems(tmp_path, sources, SAME[case]) == []


def test_a_mapping_that_is_not_utf8_is_reported_with_its_line(sources: ParsedSources, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, sources, MAPPING.encode("latin-1"))
    assert (problem.line, problem.rule) == (5, "encoding")


CODES = '[codes.units]\nfile = "codes.csv"\nkey = "code"\nvalue = "unit:{unit}"\n'
# A file of codes, and what is said of it; "" if it is read.
CODE_FILES = {
    "byte order mark": ("\ufeffcode,unit\nµg,MicroGM\n", ""),
    "white space and blank lines": ("code,unit\r\n\r\n µg , MicroGM \r\n,\r\n", ""),
    "a code twice": ("code,unit\nµg,MicroGM\nµg,MicroGM\n", ""),
    "a code with two values": ("code,unit\nµg,MicroGM\nµg,MilliGM\n", "has the code 'µg' with two values"),
    "no column of codes": ("kode,unit\nµg,MicroGM\n", "cannot be read"),
    "an unknown unit": ("code,unit\nµg,Microgram\n", "unit:Microgram is not defined"),
    "a code without a value": ("code,unit\nµg\n", "is not defined"),
}  # fmt: skip


@pytest.mark.parametrize("case", CODE_FILES)
def test_files_of_codes_are_read_as_tables_are(case: str, sources: ParsedSources, tmp_path: Path) -> None:
    content, expected = CODE_FILES[case]
    (tmp_path / "codes.csv").write_text(content, "utf-8", newline="")
    found = problems(tmp_path, sources, MAPPING.replace('[codes.units]\n"µg" = "unit:MicroGM"\n', CODES))
    assert [expected in str(problem) for problem in found] == ([True] if expected else [])


def test_check_reads_mappings_and_tsv_files_as_well_as_turtle(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    mapping, mappings = tmp_path / "mine.toml", tmp_path / "mine.sssom.tsv"
    mapping.write_text(MAPPING.replace("id:phylloquinone", "id:phylloquinon"), "utf-8")
    shutil.copy(curated / "mappings.sssom.tsv", mappings)
    with mappings.open("a", encoding="utf-8") as file:
        file.write("id:nobody\tnobody\tskos:exactMatch\tCHEBI:1\t\tsemapv:ManualMappingCuration\t\t\n")
    for path, expected in ((mapping, "did you mean id:phylloquinone?"), (mappings, "id:nobody is not an entity")):
        (problem,) = problems_of([path], curated, BASE)
        assert expected in problem.message
        assert problem.line
