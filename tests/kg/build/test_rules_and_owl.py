"""OWL defines, HermiT proves, rules materialise: here they are held against each other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.build.infer import owl_consistency, owl_proof, rules
from kg.build.read import turtle
from kg.errors import CuratedFileError
from kg.rdf.vocabulary import Vocabulary
from tests.support import minimal_curated
from tests.support.curated_subset import without_tables
from tests.support.paths import BASE, CURATED

VOCABULARY = Vocabulary(BASE)
# Members of these follow from ontology and curated things alone.
CLASSES = ("LongChainMenaquinone", "ShortChainMenaquinone", "VitaminKDependentProtein", "VitaminKAntagonist",
           "VitaminK2Form", "SignificantVitaminK2Source")  # fmt: skip
CHAINS = ("supplies", "needs", "isFormOf", "isKindOf", "isPartOf")


def read_and_inferred(curated: Path) -> tuple[Store, turtle.ParsedSources]:
    read = turtle.read(curated, VOCABULARY)
    store = Store()
    store.extend(read.quads)
    rules.infer(store, VOCABULARY)
    return store, read


@pytest.fixture(scope="module")
def curated_store() -> tuple[Store, turtle.ParsedSources]:
    return read_and_inferred(CURATED)


def test_rules_and_hermit_find_the_same_members_and_every_pair(
    curated_store: tuple[Store, turtle.ParsedSources],
) -> None:
    store = curated_store[0]
    proof = owl_proof.prove(*curated_store, CLASSES, CHAINS)
    by_rules = {name: owl_proof.members_by_rules(store, VOCABULARY, name) for name in CLASSES}
    assert all(by_rules.values())
    assert proof.members == by_rules
    assert {name: proof.pairs[name] - pairs_by_rules(store, name) for name in CHAINS} == {
        name: set() for name in CHAINS
    }


def pairs_by_rules(store: Store, name: str) -> set[tuple[str, str]]:
    quads = store.quads_for_pattern(None, NamedNode(VOCABULARY.term(name)), None)
    entities = VOCABULARY.entities
    return {(q.subject.value.removeprefix(entities), q.object.value.removeprefix(entities)) for q in quads}  # type: ignore[union-attr]


def test_the_rules_add_nothing_when_run_again(curated_store: tuple[Store, turtle.ParsedSources]) -> None:
    assert rules.infer(curated_store[0], VOCABULARY) == 0


def test_the_ontology_and_all_curated_data_are_in_owl_2_dl(curated_store: tuple[Store, turtle.ParsedSources]) -> None:
    assert owl_consistency.profile_violations([quad.triple for quad in curated_store[1].quads]) == []


def test_the_profile_check_catches_what_is_not_owl_2_dl() -> None:
    text = "@prefix vitk: <ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . vitk:isFormOf a owl:FunctionalProperty ."
    ontology = (turtle.ONTOLOGY_FOLDER / "vitk.ttl").read_text("utf-8")
    triples = [*parse(ontology + text, format=RdfFormat.TURTLE, base_iri=BASE)]
    assert owl_consistency.profile_violations([quad.triple for quad in triples])


CONTRADICTIONS = {
    "a food that is a protein": "id:natto a vitk:Food , vitk:Protein .",
    "a food that is a condition": "id:natto a vitk:Food , vitk:Condition .",
    "two chain lengths": "id:phylloquinone vitk:isoprenoidUnitCount 4, 5 .",
    "a chain length in words": 'id:phylloquinone vitk:isoprenoidUnitCount "seven" .',
    "a symptom that is an enzyme": "id:bleeding vitk:hasSymptom id:ggcx .\nid:ggcx a vitk:Enzyme .",
}


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_a_contradiction_is_found_and_reported_with_file_and_axioms(kind: str, tmp_path: Path) -> None:
    curated = minimal_curated.write(tmp_path / "curated")
    path = curated / "entities" / "contradiction.ttl"
    path.write_text(f"@prefix vitk: <ontology#> .\n@prefix id: <id/> .\n{CONTRADICTIONS[kind]}\n", "utf-8")
    store, read = read_and_inferred(curated)
    with pytest.raises(CuratedFileError) as caught:
        owl_proof.prove(store, read)
    message = str(caught.value)
    assert "[OWL consistency]" in message
    assert re.search(rf"{re.escape(str(curated))}\S*:\d+", message), message


def test_minimal_data_without_a_planted_contradiction_are_consistent(tmp_path: Path) -> None:
    owl_proof.prove(*read_and_inferred(minimal_curated.write(tmp_path / "curated")))


def test_claims_and_evidence_are_consistent_with_the_ontology_and_a_planted_mistake_is_not(
    curated_store: tuple[Store, turtle.ParsedSources], tmp_path: Path
) -> None:
    assert owl_consistency.is_consistent(curated_store[0], VOCABULARY)
    curated = without_tables(Path(shutil.copytree(CURATED, tmp_path / "curated")))
    (curated / "claims" / "mistake.ttl").write_text(
        "@prefix vitk: <ontology#> .\n@prefix id: <id/> .\nid:claim-f001-1 a vitk:Food .\n", "utf-8"
    )
    store, read = read_and_inferred(curated)
    assert not owl_consistency.is_consistent(store, VOCABULARY)
    assert any("claim-f001-1" in str(problem) for problem in owl_proof.contradictions(read))
