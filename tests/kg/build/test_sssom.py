"""Identifiers in other databases: one file, every row checked."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from kg.build.read import sssom
from kg.errors import CuratedFileError
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from tests.support.paths import BASE, CURATED

VOCABULARY = Vocabulary(BASE)


def rows() -> list[dict[str, str]]:
    lines = (CURATED / sssom.MAPPINGS).read_text("utf-8").splitlines()
    body = [line for line in lines if not line.startswith("#")]
    return list(csv.DictReader(body, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_there_are_at_least_650_distinct_mappings_of_entities_that_exist(reader: Reader) -> None:
    pairs = {(row["subject_id"], row["object_id"]) for row in rows()}
    assert len(pairs) >= 650
    for subject in {row["subject_id"] for row in rows()}:
        assert reader.exists(VOCABULARY.entity_iri(subject.removeprefix("id:"))), subject


def test_every_mapping_is_in_the_graph(reader: Reader) -> None:
    found = reader.select(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT (COUNT(*) AS ?n) { ?thing ?mapping ?outside "
        "VALUES ?mapping { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch } }"
    )
    assert int(found[0]["n"].value) == len(
        {(row["subject_id"], row["predicate_id"], row["object_id"]) for row in rows()}
    )


def test_left_out_identifiers_have_a_reason() -> None:
    lines = (CURATED / "mappings-left-out.tsv").read_text("utf-8").splitlines()[1:]
    assert lines
    assert all(line.split("\t")[-1].strip() for line in lines)


def test_no_identity_is_claimed_with_outside_entities(reader: Reader) -> None:
    assert not reader.ask("ASK { ?a <http://www.w3.org/2002/07/owl#sameAs> ?b }")


PLANTED = {
    "no underscore in ChEBI": ("CHEBI:44245", "CHEBI:CHEBI44245", "does not look like"),
    "UniProt with a letter too few": ("UniProtKB:P02818", "UniProtKB:P0281", "does not look like"),
    "Wikidata without Q": ("wikidata:Q27120546", "wikidata:27120546", "does not look like"),
    "a colon twice": ("MESH:D015675", "MESH:MESH:D015675", "does not look like"),
    "an unknown prefix": ("MESH:D015675", "MESHH:D015675", "is not in identifier-patterns.tsv"),
    "an unknown predicate": ("skos:exactMatch\tCHEBI:44245", "skos:sameMatch\tCHEBI:44245", "is not a mapping property"),
    "sameAs": ("skos:exactMatch\tCHEBI:44245", "owl:sameAs\tCHEBI:44245", "is not a mapping property"),
    "two things for one": ("CHEBI:44245", "CHEBI:78277", "both match CHEBI:78277 exactly"),
    "a foreign subject": ("id:menaquinone-7\tmenaquinone-7\tskos:exactMatch\tCHEBI", "wd:menaquinone-7\tmenaquinone-7\tskos:exactMatch\tCHEBI", "write id:name"),
    "no justification": ("semapv:ManualMappingCuration", "", "mapping_justification is empty"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLANTED)
def test_a_wrong_identifier_is_caught_with_its_line(kind: str, tmp_path: Path) -> None:
    right, wrong, expected = PLANTED[kind]
    for name in (sssom.MAPPINGS, sssom.PATTERNS):
        shutil.copy(CURATED / name, tmp_path / name)
    path = tmp_path / sssom.MAPPINGS
    header, _, body = path.read_text("utf-8").partition("\nsubject_id\t")
    assert right in body
    path.write_text(header + "\nsubject_id\t" + body.replace(right, wrong, 1), "utf-8")
    with pytest.raises(CuratedFileError, match=expected) as caught:
        sssom.read(tmp_path, VOCABULARY)
    assert all(problem.line for problem in caught.value.problems)


PATTERNS = "prefix\tiri_start\tpattern\tpage\nCHEBI\thttp://purl.obolibrary.org/obo/CHEBI_\t\\d+\t\nMESH\thttp://id.nlm.nih.gov/mesh/\tD\\d+\t\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
ROW = "id:warfarin\tskos:exactMatch\tCHEBI:10033\tsemapv:ManualMappingCuration"
TRIPLE = ("id/warfarin", "exactMatch", "http://purl.obolibrary.org/obo/CHEBI_10033")


def read(folder: Path, mappings: str | bytes, patterns: str = PATTERNS) -> set[tuple[str, str, str]]:
    """The mapping triples of a file, without the base and the namespace of SKOS."""
    (folder / sssom.PATTERNS).write_text(patterns, "utf-8")
    (folder / sssom.MAPPINGS).write_bytes(mappings.encode() if isinstance(mappings, str) else mappings)
    quads = sssom.read(folder, VOCABULARY, known={BASE + "id/warfarin", BASE + "id/natto"})
    return {
        (str(quad.subject)[1:-1].removeprefix(BASE), quad.predicate.value.rpartition("#")[2], str(quad.object)[1:-1])
        for quad in quads
        if quad.predicate.value.endswith("Match")
    }  # fmt: skip


# Files that say the same: one exact match, whatever else SSSOM allows in them.
SAME = {
    "no optional column": f"{COLUMNS}\n{ROW}\n",
    "columns in another order, one unknown": "x\tobject_id\tmapping_justification\tpredicate_id\tsubject_id\n?\tCHEBI:10033\tsemapv:M\tskos:exactMatch\tid:warfarin\n",
    "an empty column at the end": f"{COLUMNS}\t\n{ROW}\t\n",
    "an empty modifier": f"{COLUMNS}\tpredicate_modifier\n{ROW}\t\n",
    "a denied mapping beside it": f"{COLUMNS}\tpredicate_modifier\n{ROW}\t\n{ROW.replace('warfarin', 'natto')}\tNot\n",
    "no term was found": f"{COLUMNS}\n{ROW}\nid:natto\tskos:exactMatch\tsssom:NoTermFound\tsemapv:M\n",
    "without the prefix of SKOS": f"{COLUMNS}\n{ROW.replace('skos:', '')}\n",
    "safe CURIEs": f"{COLUMNS}\n{ROW.replace('CHEBI:10033', '[CHEBI:10033]').replace('id:warfarin', '[id:warfarin]')}\n",
    "IRIs": f"{COLUMNS}\n{ROW.replace('CHEBI:', 'http://purl.obolibrary.org/obo/CHEBI_').replace('id:', BASE + 'id/')}\n",
    **{
        f"prefixes {name}": f'{preamble}{COLUMNS}\n{ROW.replace("CHEBI:", "c:").replace("id:", "v:")}\n'.replace("\n", end)
        for name, preamble, end in (
            ("in braces", f"#curie_map: {{c: 'http://purl.obolibrary.org/obo/CHEBI_', v: {BASE}id/}}\n", "\n"),
            ("in braces over lines", f'#curie_map: {{\n#  "c": "http://purl.obolibrary.org/obo/CHEBI_",\n#  v: {BASE}id/\n#}}\n', "\n"),
            ("with a quoted key", f"#'curie_map':\n#  'v': {BASE}id/\n#  c: http://purl.obolibrary.org/obo/CHEBI_\n", "\r\n"),
            ("among comments", f"#curie_map: # ours\n#  # mine\n#\n#  v: {BASE}id/ # x\n#  c: http://purl.obolibrary.org/obo/CHEBI_\n", "\n"),
            ("from a spreadsheet", f'"#curie_map:"\t\n"#  v: {BASE}id/"\t\n"#  c: ""http://purl.obolibrary.org/obo/CHEBI_"""\t\n', "\r"),
            ("before another key", f"# curie_map:\n#   v: {BASE}id/\n#   c: http://purl.obolibrary.org/obo/CHEBI_\n# v: https://example.org/\n", "\n"),
        )
    },
    "unused columns of one name": f"{COLUMNS}\tx\tx\n{ROW}\t1\t2\n",
    "a prefix of its own": f'# curie_map:\n#   c: "http://purl.obolibrary.org/obo/CHEBI_"\n#   v: {BASE}id/\n{COLUMNS}\n{ROW.replace("CHEBI:", "c:").replace("id:", "v:")}\n',
    "quoted cells": f"{COLUMNS}\tcomment\n" + "\t".join(f'"{cell}"' for cell in [*ROW.split("\t"), 'two\nlines, ""quoted""']) + "\n",
    "byte order mark": f"\ufeff{COLUMNS}\n{ROW}\n",
    "CRLF": f"#x\r\n{COLUMNS}\r\n{ROW}\r\n",
    "CR": f"{COLUMNS}\r{ROW}\r",
    "blank lines": f"\n{COLUMNS}\n\n\t\t\t\n{ROW}\n\n",
    "a short row": f"{COLUMNS}\tobject_label\tcomment\n{ROW}\n",
    "signs that end no line": f"{COLUMNS}\tcomment\n{ROW}\ta\u2028b\x0bc\x0cd\x85e\n",
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_whatever_sssom_allows_is_read(case: str, tmp_path: Path) -> None:
    assert read(tmp_path, SAME[case]) == {TRIPLE}


# Files that break a rule, the line that is named, and what is said of it.
BROKEN: dict[str, tuple[str | bytes, int, str]] = {
    "a missing column": (COLUMNS.replace("predicate_id\t", "") + f"\n{ROW}\n", 1, "predicate_id is missing"),
    "an empty file": ("", 1, "subject_id, predicate_id"),
    "a column twice": (f"{COLUMNS}\tobject_id\n{ROW}\t\n", 1, "object_id is there twice"),
    "a row that is too long": (f"{COLUMNS}\n\n{ROW}\tx\n", 3, "5 cells, but the header has 4"),
    "a row that is too short": (f"{COLUMNS}\nid:warfarin\tskos:exactMatch\n", 2, "object_id, mapping_justification is empty"),
    "a prefix in other letters": (f"{COLUMNS}\n{ROW.replace('CHEBI', 'chebi')}\n", 2, "did you mean CHEBI:?"),
    "commas for tabs": (f"{COLUMNS}\n{ROW}\n".replace("\t", ","), 1, "separate them with tabs"),
    "an unknown entity": (f"{COLUMNS}\n{ROW}\n{ROW.replace('warfarin', 'warfarine')}\n", 3, "id:warfarine is not an entity"),
    "exact twice, once without prefix": (f"{COLUMNS}\n{ROW}\n{ROW.replace('warfarin', 'natto').replace('skos:', '')}\n", 3, "both match CHEBI:10033 exactly"),
    "another modifier": (f"{COLUMNS}\tpredicate_modifier\n{ROW}\tMaybe\n", 2, "it is Not or empty"),
    "matched and denied": (f"{COLUMNS}\tpredicate_modifier\n{ROW}\tNot\n{ROW}\t\n", 3, "matched by one row and denied"),
    "a space in an identifier": (f"{COLUMNS}\n{ROW.replace('10033', '100 33')}\n", 2, "does not look like"),
    "digits that are not ASCII": (f"{COLUMNS}\n{ROW.replace('10033', '١٢')}\n", 2, "does not look like"),
    "a space in a name": (f"{COLUMNS}\n{ROW.replace('warfarin', 'warfarin sodium')}\n", 2, "not a valid name"),
    "an open quotation mark": (f'{COLUMNS}\n"{ROW}\n', 2, "quotation mark"),
    "latin-1": (f"{COLUMNS}\n{ROW}\n# µ\n".encode("latin-1"), 3, "not UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_reported_with_its_line(case: str, tmp_path: Path) -> None:
    content, line, expected = BROKEN[case]
    with pytest.raises(CuratedFileError) as caught:
        read(tmp_path, content)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (tmp_path / sssom.MAPPINGS, line)
    assert expected in problem.message


# Files of patterns that break a rule, the line that is named, and what is said of it.
BROKEN_PATTERNS = {
    "a pattern that is none": (PATTERNS.replace("D\\d+", "D(\\d+"), 3, "is not a regular expression"),
    "no column of patterns": ("prefix\tiri_start\nCHEBI\thttp://x/\n", 1, "pattern is missing"),
    "an empty cell": (PATTERNS.replace("D\\d+", ""), 3, "pattern is empty"),
    "a prefix twice": (PATTERNS.replace("MESH", "CHEBI"), 3, "the prefix CHEBI is there twice"),
    "a start that is no IRI": (PATTERNS.replace("http://id.nlm", "http://id nlm"), 3, "does not start a valid IRI"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_PATTERNS)
def test_a_broken_file_of_patterns_is_reported_with_its_line(case: str, tmp_path: Path) -> None:
    content, line, expected = BROKEN_PATTERNS[case]
    with pytest.raises(CuratedFileError) as caught:
        read(tmp_path, f"{COLUMNS}\n{ROW}\n", content)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (tmp_path / sssom.PATTERNS, line)
    assert expected in problem.message


def test_mappings_without_patterns_are_one_problem(tmp_path: Path) -> None:
    (tmp_path / sssom.MAPPINGS).write_text(f"{COLUMNS}\n{ROW}\n{ROW}\n", "utf-8")
    with pytest.raises(CuratedFileError, match=sssom.PATTERNS) as caught:
        sssom.read(tmp_path, VOCABULARY)
    assert len(caught.value.problems) == 1


def test_patterns_need_no_column_of_pages(tmp_path: Path) -> None:
    assert read(tmp_path, f"{COLUMNS}\n{ROW}\n", PATTERNS.replace("\tpage", "").replace("\t\n", "\n")) == {TRIPLE}
