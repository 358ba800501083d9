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
