"""``vitk check --fix`` orders properties and changes nothing else: not one triple, and not one comment."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from kg.build.check import canonical_order
from kg.build.check.canonical_order import canonical
from kg.build.read.turtle_tokens import tokens
from kg.cli import commands
from kg.errors import CuratedFileError, VitkError
from tests.kg.build.check.random_turtle import RandomTurtle
from tests.support.paths import BASE

HEAD = """@prefix id: <id/> .
@prefix vitk: <ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .

"""
# What a curator wrote, and what it becomes.
ORDERED = {
    "a full stop at the end of a line of text": (
        'id:m a vitk:Food ;\n    vitk:isMadeFrom id:soybean ;\n    rdfs:label """A paste.\nIt is salted."""@en .\n',
        'id:m a vitk:Food ;\n    rdfs:label """A paste.\nIt is salted."""@en ;\n    vitk:isMadeFrom id:soybean .\n',
    ),
    "a comment behind a property moves with it": (
        'id:m a vitk:Food ; # paste.\n    vitk:isMadeFrom id:soybean ; # fermented;\n    rdfs:label "m"@en .\n',
        'id:m a vitk:Food ; # paste.\n    rdfs:label "m"@en ;\n    vitk:isMadeFrom id:soybean . # fermented;\n',
    ),
    "a comment above a property moves with it": (
        'id:m a vitk:Food ;\n    # of what?\n    vitk:isMadeFrom id:soybean ;\n    rdfs:label "m"@en .\n',
        'id:m a vitk:Food ;\n    rdfs:label "m"@en ;\n    # of what?\n    vitk:isMadeFrom id:soybean .\n',
    ),
    "the line of the full stop keeps its comment": (
        'id:m a vitk:Food ;\n    vitk:isMadeFrom id:soybean ; # one\n    rdfs:label "m"@en . # two\n',
        'id:m a vitk:Food ;\n    rdfs:label "m"@en ;\n    # one\n    vitk:isMadeFrom id:soybean . # two\n',
    ),
    "syntax inside of a string": (
        'id:m a vitk:Food ;\n    vitk:isMadeFrom id:soybean ;\n    rdfs:label "x ; # y .", """\n    a:b ."""@en .\n',
        'id:m a vitk:Food ;\n    rdfs:label "x ; # y .", """\n    a:b ."""@en ;\n    vitk:isMadeFrom id:soybean .\n',
    ),
    "a type that is not first": (
        'id:m rdfs:label "m"@en ;\n    a vitk:Food .\n',
        'id:m a vitk:Food ;\n    rdfs:label "m"@en .\n',
    ),
    "a block on one line": (
        'id:m a vitk:Food ; vitk:isMadeFrom id:soybean ; rdfs:label "m"@en .\n',
        'id:m a vitk:Food ; rdfs:label "m"@en ; vitk:isMadeFrom id:soybean .\n',
    ),
    "line ends of Windows": (
        'id:m a vitk:Food ;\r\n    vitk:isMadeFrom id:soybean ;\r\n    rdfs:label """a\r\nb"""@en .\r\n',
        'id:m a vitk:Food ;\r\n    rdfs:label """a\r\nb"""@en ;\r\n    vitk:isMadeFrom id:soybean .\r\n',
    ),
    "a comment of no property": (
        'id:m a vitk:Food ;\n    vitk:isMadeFrom id:soybean ;\n    rdfs:label "m"@en ;\n    # more to come\n    .\n',
        'id:m a vitk:Food ;\n    vitk:isMadeFrom id:soybean ;\n    rdfs:label "m"@en ;\n    # more to come\n    .\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ORDERED)
def test_a_block_is_ordered(case: str) -> None:
    before, after = ORDERED[case]
    assert canonical(HEAD + before) == HEAD + after
    assert canonical(HEAD + after) == HEAD + after


def meaning(content: bytes) -> tuple[Dataset, Counter[str]]:
    text = content.decode("utf-8-sig")
    triples = parse(text, format=RdfFormat.TURTLE, base_iri=BASE)
    graph = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return graph, Counter(token.text for token in tokens(text) if token.kind == "comment")


def check_files(folder: Path, count: int) -> None:
    files, changed = RandomTurtle(count), 0
    path = folder / "generated.ttl"
    for number in range(count):
        content = files.file()
        path.write_bytes(content)
        canonical_order.rewrite(path, BASE)
        after = path.read_bytes()
        assert meaning(after) == meaning(content), number
        canonical_order.rewrite(path, BASE)
        assert path.read_bytes() == after, number
        changed += after != content
    assert changed > count / 4
    assert [each.name for each in folder.iterdir()] == [path.name]


def test_generated_files_say_the_same_afterwards(tmp_path: Path) -> None:
    check_files(tmp_path, 200)


@pytest.mark.system
def test_thousands_of_generated_files_say_the_same_afterwards(tmp_path: Path) -> None:
    check_files(tmp_path, 2_000)


def test_a_file_that_would_not_say_the_same_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(HEAD + ORDERED["a block on one line"][0], "utf-8")
    content = path.read_bytes()
    monkeypatch.setattr(canonical_order, "canonical", lambda text: text.replace("soybean", "soy"))
    with pytest.raises(VitkError, match="it is unchanged"):
        canonical_order.rewrite(path, BASE)
    assert path.read_bytes() == content


# The content of a file, and what is said of it; the file stays as it is.
UNREADABLE = {
    "latin-1": (HEAD.encode() + b'id:m a vitk:Food ;\n    rdfs:label "cr\xe8me"@en .\n', ":7: not UTF-8"),
    "UTF-16": ("\ufeffid:m a vitk:Food .".encode("utf-16-le"), "not UTF-8 but UTF-16"),
    "a spreadsheet": (b"PK\x03\x04\xff\xfe", "a spreadsheet (.xlsx"),
    "an open string": (HEAD.encode() + b'id:m a vitk:Food ;\n    rdfs:label "m@en .\n', ":7: "),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_fixing_an_unreadable_file_reports_it_and_leaves_it_alone(case: str, tmp_path: Path) -> None:
    content, expected = UNREADABLE[case]
    path = tmp_path / "mine.ttl"
    path.write_bytes(content)
    done = CliRunner().invoke(commands, ["check", "--fix", str(path)])
    assert done.exit_code == 1
    assert expected in done.output
    assert path.read_bytes() == content


def test_a_folder_with_the_name_of_a_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CuratedFileError, match="cannot be read"):
        canonical_order.rewrite(tmp_path, BASE)
