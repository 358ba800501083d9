"""Rows of tables: what spreadsheets export is read, what cannot be true is rejected with its line and reason."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.build.load import literals
from kg.build.load import mapping as table_mapping
from kg.build.load.csv_rows import RowCounts, TableFile
from kg.build.load.row_triples import RowTriples
from kg.errors import CuratedFileError
from kg.rdf.literals import problem_of_decimal, problem_of_integer
from kg.rdf.vocabulary import Vocabulary
from tests.support.paths import BASE

MAPPING = """
name = "mine"
title = "A table of my own"

[codes.units]
"µg" = "unit:MicroGM"
"mg" = "unit:MilliGM"
"g" = "unit:GM"

[[tables]]
file = "table.csv"
key = ["code"]

[[tables.entities]]
about = "id:mine-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = [{ text = "name", language = "en" }, { text = "nom", language = "fr" }]

[[tables.entities]]
about = "id:measurement-mine-{code}"
types = ["vitk:Measurement"]
of = { "vitk:hasMeasurement" = "id:mine-{code}" }
when = { max = "*" }
[tables.entities.properties]
"vitk:ofAnalyte" = { entity = "id:phylloquinone" }
"vitk:minimumAmount" = { number = "min" }
"vitk:maximumAmount" = { number = "max" }
"vitk:unit" = { code = "unit", in = "units" }
"vitk:referenceAmount" = { number = "per" }
"vitk:referenceUnit" = { code = "perunit", in = "units" }
"""
HEADER = "code,name,nom,min,max,unit,per,perunit\n"
KALE = "a,Kale,,1.5,2.5,µg,100,g\n"


def load(
    folder: Path, table: str | bytes, mapping: str = MAPPING, foreign: frozenset[str] = frozenset()
) -> tuple[str, RowCounts]:
    """The triples of a table, and the counts of its rows."""
    (folder / "mapping.toml").write_text(mapping, "utf-8")
    (folder / "table.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    read = table_mapping.read_mapping(folder / "mapping.toml")
    file = TableFile(read.tables[0], folder / "table.csv")
    counted = RowCounts(file.path)
    statements = RowTriples(read, Vocabulary(BASE), frozenset(), foreign)
    return "".join(statements.of_rows(file, counted, all_rows=False)), counted


# Files that say the same: kale has 1.5 to 2.5 µg.
SAME = {
    "empty columns at the end": HEADER[:-1] + ",,\n" + KALE[:-1] + ",,\n",
    "more empty columns in rows than in the header": HEADER + KALE[:-1] + ",,,\n",
    "unused columns of one name": HEADER[:-1] + ",source,source\n" + KALE[:-1] + ",x,y\n",
    "blank lines": f"\n{HEADER}\n{KALE}\n\n",
    "lines of empty cells": f",,,\n{HEADER},,,,,,,\n{KALE} , ,,,,,,\n",
    "white space around cells": " code , name,nom ,min,max,unit,per,perunit\n a ,\u00a0Kale ,, 1.5,2.5\u00a0, µg,100 ,g\n",
    "everything quoted": "".join(f'"{line.replace(",", chr(34) + "," + chr(34))}"\n' for line in (HEADER[:-1], KALE[:-1])),
    "exponents": HEADER + KALE.replace("1.5", "1.5E+00").replace("2.5", "25e-1"),
    "a byte order mark": "\ufeff" + HEADER + KALE,
    "line ends of Windows": (HEADER + KALE).replace("\n", "\r\n"),
    "line ends of old Macs": (HEADER + KALE).replace("\n", "\r"),
    "no line end": HEADER + KALE[:-1],
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_what_spreadsheets_export_is_read(case: str, tmp_path: Path) -> None:
    triples, counted = load(tmp_path, SAME[case])
    assert (counted.read, counted.taken, counted.rejected) == (1, 1, [])
    assert triples == load(tmp_path, HEADER + KALE)[0]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_decimal_commas_are_read_where_the_mapping_says_so(delimiter: str, tmp_path: Path) -> None:
    signs = f'delimiter = "{delimiter}"\ndecimalChar = ","\n'.replace("\t", "\\t")
    mapping = MAPPING.replace('key = ["code"]\n', f'key = ["code"]\n{signs}')
    table = (HEADER + KALE).replace(",", delimiter).replace(".", ",")
    assert load(tmp_path, table, mapping)[0] == load(tmp_path, HEADER + KALE)[0]


def test_a_decimal_comma_is_no_thousands_separator(tmp_path: Path) -> None:
    mapping = MAPPING.replace('key = ["code"]\n', 'key = ["code"]\ndelimiter = ";"\ndecimalChar = ","\n')
    _, counted = load(tmp_path, HEADER.replace(",", ";") + "a;Kale;;1.500;2.500;µg;100;g\n", mapping)
    assert [row.reason for row in counted.rejected] == [
        "min: '1.500' is not a number; write it without separators of thousands"
    ]


# What a row says, and why it is rejected.
REJECTED = {
    "a minimum above the maximum": ("x,X,,90,50,µg,100,g", "the minimum 90 is above the maximum 50"),
    "a reference amount of zero": ("x,X,,5,5,µg,0,g", "the reference amount 0 is not above zero"),
    "no reference amount": ("x,X,,5,5,µg,,g", "per how much food?"),
    "no unit": ("x,X,,5,5,,100,g", "an amount without a unit (vitk:unit)"),
    "no unit of the reference": ("x,X,,5,5,µg,100,", "a reference amount without a unit"),
    "more than itself": ("x,X,,500,500,g,100,g", "500 g per 100 g is more than the food itself weighs"),
    "more than itself in another unit": ("x,X,,1,100001,mg,100,g", "more than the food itself weighs"),
    "no name in any language": ("x,,,5,5,µg,100,g", "rdfs:label has no value"),
    "too many decimal places": ("x,X,,0.33333333333333333333,1,µg,100,g", "more than 18 decimal places"),
    "too large": ("x,X,,1,900000000000000000000,µg,100,g", "too large to compute with"),
    "too large by its exponent": ("x,X,,1,1e99,µg,100,g", "too large to compute with"),
    "not a number": ("x,X,,NaN,1,µg,100,g", "min: 'NaN' is not a number"),
    "a decimal comma": ('x,X,,"1,5",2,µg,100,g', 'add decimalChar = "," to the mapping'),
    "a second row after trimming": ("a ,Kale,,1,1,µg,100,g", "duplicate key: code a"),
    "a control character": ("x,X\x0cY,,5,5,µg,100,g", "a cell has a character that XML cannot contain (U+000C)"),
    "a control character in a key": ("x\x00,X,,5,5,µg,100,g", "a cell of an IRI template has a character that XML cannot contain (U+0000)"),
    "a second row behind a byte order mark": ("\ufeffa,Kale,,1,1,µg,100,g", "duplicate key: code a"),
    "more cells than columns": ("x,X,,5,5,µg,100,g,more", "9 cells, but the header has 8"),
}  # fmt: skip


@pytest.mark.parametrize("case", REJECTED)
def test_a_row_that_cannot_be_true_is_rejected(case: str, tmp_path: Path) -> None:
    row, expected = REJECTED[case]
    triples, counted = load(tmp_path, f"{HEADER}{KALE}{row}\n")
    assert [(rejected.line, counted.taken) for rejected in counted.rejected] == [(3, 1)]
    assert expected in counted.rejected[0].reason
    assert triples == load(tmp_path, HEADER + KALE)[0]


TWO_KEYS = MAPPING.replace('key = ["code"]', 'key = ["code", "nom"]').replace("{code}", "{code}-{nom}")
# Two rows whose IRIs would be the same, under which mapping; the second one is rejected.
COLLIDING = {
    "cells with the separator": (TWO_KEYS, "1-2,A,3,1,1,µg,100,g\n1,B,2-3,1,1,µg,100,g\n"),
    "a key of which about has a part": (MAPPING.replace('key = ["code"]', 'key = ["code", "nom"]'), "a,A,x,1,1,µg,100,g\na,B,y,1,1,µg,100,g\n"),
    "nothing between the columns": (TWO_KEYS.replace("{code}-{nom}", "{code}{nom}"), "ab,A,c,1,1,µg,100,g\na,B,bc,1,1,µg,100,g\n"),
    "entities of two kinds": (MAPPING.replace("id:measurement-mine-{code}", "id:mine-{code}-k1"), "a,A,,1,1,µg,100,g\na-k1,B,,1,1,µg,100,g\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", COLLIDING)
def test_two_rows_never_describe_one_entity(case: str, tmp_path: Path) -> None:
    mapping, rows = COLLIDING[case]
    _, counted = load(tmp_path, HEADER + rows, mapping)
    assert [row.line for row in counted.rejected] == [3]
    assert "is the IRI of another row too" in counted.rejected[0].reason


def test_separators_in_cells_alone_are_no_collision(tmp_path: Path) -> None:
    _, counted = load(tmp_path, HEADER + "1-2,A,3,1,1,µg,100,g\n1-2,B,4,1,1,µg,100,g\n", TWO_KEYS)
    assert counted.rejected == []


def test_a_rejected_row_takes_no_name_from_others(tmp_path: Path) -> None:
    _, counted = load(tmp_path, HEADER + "1-2,A,3,9,1,µg,100,g\n1,B,2-3,1,1,µg,100,g\n", TWO_KEYS)
    assert [row.line for row in counted.rejected] == [2]


def test_a_row_never_describes_an_entity_of_the_curated_files(tmp_path: Path) -> None:
    mapping = MAPPING.replace("id:mine-{code}", "id:na{code}")
    _, counted = load(tmp_path, HEADER + KALE.replace("a,", "tto,", 1) + KALE, mapping, frozenset({BASE + "id/natto"}))
    assert [row.line for row in counted.rejected] == [2]
    assert "is an entity of the curated files" in counted.rejected[0].reason


# Files that cannot be read, the line that is named, and what is said of them.
UNREADABLE: dict[str, tuple[str | bytes, int | None, str]] = {
    "only blank lines": ("\n\n,,\n", 1, "the file is empty"),
    "a needed column twice": ("\n" + HEADER[:-1] + ",max\n", 2, "columns are repeated in the header: max"),
    "semicolons": ((HEADER + KALE).replace(",", ";"), 1, "add delimiter = ';' to the mapping"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe", None, "a spreadsheet (.xlsx"),
    "UTF-16": (("\ufeff" + HEADER).encode("utf-16-le"), 1, "not UTF-8 but UTF-16"),
    "an open quotation mark": (f'{HEADER}a,"Kale,,1,1,µg,100,g\n', 2, "is the file truncated?"),
    "a quotation mark inside a quoted cell": (f'{HEADER}a,"Kale" raw,,1,1,µg,100,g\n', 2, "not doubled?"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_reported_in_words(case: str, tmp_path: Path) -> None:
    content, line, expected = UNREADABLE[case]
    with pytest.raises(CuratedFileError) as caught:
        load(tmp_path, content)
    (problem,) = caught.value.problems
    assert expected in problem.message
    assert line is None or problem.line == line


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    triples, _ = load(tmp_path, HEADER + KALE.replace("Kale", "Kale" * 50_000))
    assert "Kale" * 50_000 in triples


def test_a_compressed_file_that_is_not_utf8_is_reported_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CuratedFileError, match=":3: not UTF-8"):
        load(tmp_path, gzip.compress((HEADER + KALE).encode() + "é".encode("latin-1")))


COMPUTABLE = [
    *("0", "1.5", "0.000000000000000001", "0.0000000000000000001", "0.0000000000000000000", "0.5000000000000000000000"),
    *("170141183460469231731.687303715884105727", "170141183460469231731.687303715884105728", "99999999999999999999"),
    *("900000000000000000000", "0.33333333333333333333", "00000000000000000000000000001.0"),
]


@pytest.mark.parametrize("number", COMPUTABLE)
def test_a_decimal_is_accepted_if_the_engine_computes_with_it(number: str) -> None:
    assert (problem_of_decimal(number) == "") == computes(number, "decimal")


@pytest.mark.parametrize("number", ["0", "00012", "9223372036854775807", "9223372036854775808"])
def test_a_whole_number_is_accepted_if_the_engine_computes_with_it(number: str) -> None:
    assert (problem_of_integer(number) == "") == computes(number, "integer")


def computes(number: str, datatype: str) -> bool:
    store = Store()
    node = NamedNode("urn:x")
    store.add(Quad(node, node, Literal(number, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#" + datatype))))
    return bool(store.query("ASK { ?s ?p ?n FILTER(?n >= 0) }"))


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        (("1 234", "1\u00a0234", "12\u202f345.6", "1'234", "1,234.5", "1.234,5"), "write it without separators of thousands"),
        (("1,5", ",5", "0,1"), 'add decimalChar = ","'),
        (("tr", "n.d.", "<0.1", "≤ 1", "–", "−5", "5*", "(5)", "N/A", "#DIV/0!", "٣", "½", "1_000", "5 µg", "5–7", "0x1"),
         "leave such a cell empty"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_said_with_what_would_help(cells: tuple[str, ...], hint: str) -> None:
    for cell in cells:
        with pytest.raises(ValueError, match="not a number; ") as caught:
            literals.decimal(cell)
        assert hint in str(caught.value), cell
