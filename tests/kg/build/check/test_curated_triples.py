"""Mistakes in single triples stop a build before anything reasons with them, each with file, line and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import pipeline
from kg.build.check.names_and_shapes import problems_of
from kg.build.read import turtle
from kg.errors import CuratedFileError
from kg.rdf.vocabulary import Vocabulary
from tests.support import minimal_curated
from tests.support.paths import BASE

HEAD = """@prefix id: <id/> .
@prefix vitk: <ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FOOD = 'a vitk:Food ;\n    rdfs:label "zz"@en ;\n    dcterms:description "A food."@en'
FIRST = HEAD.count("\n") + 1
# What a file says after the prefixes; at which of these lines the mistake is, and what is said of it.
MISTAKES = {
    "a decimal comma": (f'id:z {FOOD} ;\n    vitk:minimumAmount "63,0"^^xsd:decimal .', 4, "'63,0' cannot be computed with as xsd:decimal"),
    "too many decimal places": (f"id:z {FOOD} ;\n    vitk:minimumAmount 0.33333333333333333333 .", 4, "cannot be computed with"),
    "too large a decimal": (f"id:z {FOOD} ;\n    vitk:minimumAmount 900000000000000000000.0 .", 4, "cannot be computed with"),
    "too large an integer": (f"id:z {FOOD} ;\n    vitk:numberOfDataPoints 9999999999999999999 .", 4, "cannot be computed with"),
    "a day that is none": (f'id:z {FOOD} ;\n    dcterms:date "2020-02-30"^^xsd:date .', 4, "cannot be computed with as xsd:date"),
    "yes as a boolean": (f'id:z {FOOD} ;\n    owl:deprecated "yes"^^xsd:boolean .', 4, "cannot be computed with as xsd:boolean"),
    "a datatype of others": (f'id:z {FOOD} ;\n    dcterms:date "x"^^<http://example.org/t> .', 4, "cannot be computed with as http://example.org/t"),
    "an import": ("id:z owl:imports <http://127.0.0.1:1/nothing.owl> .", 1, "owl:imports: curated files import nothing"),
    "an import by another name": ("id:z <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:1/> .", 1, "owl:imports"),
    "an ontology": ("<> a owl:Ontology .", 1, "<> is not an entity"),
    "an unknown property": (f"id:z {FOOD} ;\n    vitk:nosuch 1 .", 4, "vitk:nosuch is not a property of the ontology"),
    "a misspelt property of others": ('id:z a vitk:Food ;\n    rdfs:lable "zz"@en .', 2, "rdfs:lable is not a property"),
    "a property of nobody": (f"id:z {FOOD} ;\n    <http://example.org/p> 1 .", 4, "http://example.org/p is not a property"),
    "sameAs": (f"id:z {FOOD} ;\n    owl:sameAs id:phylloquinone .", 4, "owl:sameAs is not a property"),
    "a class as a property": (f"id:z {FOOD} ;\n    vitk:Protein id:phylloquinone .", 4, "vitk:Protein is not a property"),
    "an unknown class": ("id:z a vitk:Foood .", 1, "vitk:Foood is not a class of the ontology; did you mean vitk:Food?"),
    "an entity as a class": ("id:z a id:phylloquinone .", 1, "id:phylloquinone is not a class"),
    "a class of others": ("id:z a <https://schema.org/Food> .", 1, "https://schema.org/Food is not a class"),
    "a text for an entity": (f'id:z {FOOD} ;\n    vitk:isMadeFrom "soybean" .', 4, "the value of vitk:isMadeFrom is an entity"),
    "an entity for a number": (f"id:z {FOOD} ;\n    vitk:minimumAmount id:phylloquinone .", 4, "is a text or number and not an entity"),
    "an unknown entity in a blank node": (f"id:z {FOOD} ;\n    vitk:isMadeFrom [ a vitk:Food ;\n        vitk:isMadeFrom id:soy ] .", 5, "id:soy is not defined"),
    "a slash in a name": (f"<id/z/b> {FOOD} .", 1, "cannot be requested from a server; write id:z%2Fb"),
    "an accent in a name": (f"id:é1 {FOOD} .", 1, "write id:%C3%A91"),
    "a plus in a name": (f"id:a\\+b {FOOD} .", 1, "write id:a%2Bb"),
    "a colon in a name": (f"id:a:b {FOOD} .", 1, "write id:a%3Ab"),
    "needless escapes in a name": (f"id:%61 {FOOD} .", 1, "write id:a"),
    "small letters in an escape": (f"id:a%2fb {FOOD} .", 1, "write id:a%2Fb"),
    "bytes that are not UTF-8 in a name": (f"id:a%E9 {FOOD} .", 1, "not UTF-8"),
    "no name": (f"<id/> {FOOD} .", 1, "is a step in a path"),
    "two full stops as a name": (f"id:%2E%2E {FOOD} .", 1, "write id:.."),
    "an entity outside of id:": (f"<things/z> {FOOD} .", 1, "<things/z> is not an entity"),
    "a control character": (f'id:z {FOOD} ;\n    vitk:footnote "a\x0bb" .', 4, "the value of vitk:footnote has a character that XML cannot contain (U+000B)"),
    "a term of the ontology": (f"vitk:Nope {FOOD} .", 1, "<ontology#Nope> is not an entity"),
    "a blank node": (f"id:z {FOOD} .\n\n[] a vitk:Foood .", 5, "vitk:Foood is not a class"),
    "an entity without a name": (f"id:z {FOOD} ;\n    vitk:isMadeFrom [ a vitk:Food ] .", 4, "a blank node, to which nothing can link"),
    "a collection": (f"id:z {FOOD} ;\n    vitk:isMadeFrom ( id:phylloquinone ) .", 4, "a blank node, to which nothing can link"),
    "a triple about a triple": (f"id:z {FOOD} ;\n    vitk:isMadeFrom <<( id:z a vitk:Food )>> .", 4, "triples about triples"),
}  # fmt: skip


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return minimal_curated.write(tmp_path_factory.mktemp("triples") / "curated")


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_reported_with_file_line_and_rule(case: str, curated: Path, tmp_path: Path) -> None:
    text, line, expected = MISTAKES[case]
    path = tmp_path / "mine.ttl"
    path.write_text(HEAD + text + "\n", "utf-8")
    found = [problem for problem in problems_of([path], curated, BASE) if expected in problem.message]
    assert [(problem.path, problem.line) for problem in found] == [(path, FIRST + line - 1)]


@pytest.mark.parametrize("name", ["z.b", "z%20b", "z%2Fb", "%C3%A91", "z.ttl", "a--b", "A_1"])
def test_a_name_that_can_be_requested_is_accepted(name: str, curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(f"{HEAD}id:{name} {FOOD} .\n", "utf-8")
    assert problems_of([path], curated, BASE) == []


# Files that read well although they are not written as curators write them.
UNUSUAL = {
    "nothing": "",
    "a comment": "# todo\n",
    "prefixes only": HEAD,
    "a prefix in capitals": f"@prefix EX1: <http://example.org/> .\n{HEAD}EX1:a rdfs:label 'x'@en .\n",
    "a subject on its own line": HEAD + "id:z\n" + FOOD + " .\n",
    "a byte order mark": "\ufeff" + HEAD + f"id:z {FOOD} .\n",
    "line ends of Windows": (HEAD + f"id:z {FOOD} .\n").replace("\n", "\r\n"),
    "line ends of old Macs": (HEAD + f"id:z {FOOD} .\n").replace("\n", "\r"),
    "prefixes as in SPARQL": HEAD.replace("@prefix", "PREFIX").replace(" .\n", "\n") + f"id:z {FOOD} .\n",
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSUAL)
def test_an_unusual_file_is_read(case: str, curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_bytes(UNUSUAL[case].encode())
    assert problems_of([path], curated, BASE) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_by_line_ends_alone(end: str, curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    described = FOOD.replace("A food.", "A\u2028 \x85 food.") + "; # \x0b \x0c"
    text = f"{HEAD}id:y {described}\n    .\n\nid:z a vitk:Foood .\n"
    path.write_bytes(text.replace("\n", end).encode())
    (problem,) = problems_of([path], curated, BASE)
    assert problem.line == FIRST + 5


def test_hidden_files_of_editors_are_left_out(curated: Path) -> None:
    hidden = (curated / "entities" / ".#mine.ttl", curated / "entities" / "._mine.ttl")
    hidden[0].symlink_to("somebody@host.1234")
    hidden[1].write_bytes(b"\x00\x05\x16\x07\x00")
    assert not {path.name for _, path in turtle.files_of(curated)} & {path.name for path in hidden}
    for path in hidden:
        path.unlink()


def test_a_folder_with_the_name_of_a_file_is_reported_by_the_build(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    (curated / "entities" / "folder.ttl").mkdir()
    with pytest.raises(CuratedFileError, match=r"folder\.ttl: is not a file"):
        pipeline.build(curated, tmp_path / "data", BASE, proof=False)


IMPOSSIBLE = {
    "nothing to refer to": ("1.0", "unit:MicroGM", "0.0", "above zero"),
    "more than itself": ("500.0", "unit:GM", "100.0", "more than the food itself weighs"),
    "more than itself in milligrams": ("100001.0", "unit:MilliGM", "100.0", "more than the food itself weighs"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_shapes_are_checked_before_reasoners_run(case: str, tmp_path: Path) -> None:
    amount, unit, reference, expected = IMPOSSIBLE[case]
    curated = minimal_curated.write(tmp_path / "curated")
    (curated / "entities" / "mine.ttl").write_text(
        f"{HEAD}id:z a vitk:Measurement ; rdfs:label 'm'@en ; vitk:ofAnalyte id:phylloquinone ;\n"
        f"    vitk:minimumAmount {amount} ; vitk:maximumAmount {amount} ; vitk:unit {unit} ;\n"
        f"    vitk:referenceAmount {reference} ; vitk:referenceUnit unit:GM .\n",
        "utf-8",
    )
    with pytest.raises(CuratedFileError) as caught:
        pipeline.build(curated, tmp_path / "data", BASE, proof=True)
    problems = [problem for problem in caught.value.problems if expected in problem.message]
    assert [problem.line for problem in problems] == [FIRST + (2 if reference == "0.0" else 1)]
    assert "OWL consistency" not in str(caught.value)


def test_places_are_found_only_when_somebody_asks(curated: Path) -> None:
    sources = turtle.read(curated, Vocabulary(BASE))
    assert "places" not in vars(sources)
    assert sources.locate(BASE + "id/phylloquinone")[1]


def test_a_check_that_another_file_stops_says_so(tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    broken = curated / "entities" / "broken.ttl"
    broken.write_text(f"{HEAD}id:x vitk:nosuch id:phylloquinone .\n", "utf-8")
    checked = tmp_path / "checked.ttl"
    checked.write_text(f"{HEAD}id:y a vitk:Food .\n", "utf-8")
    with pytest.raises(CuratedFileError, match="broken"):
        problems_of([checked], curated, BASE)
