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

# Java starts for most of these, and reasons over all data.
pytestmark = pytest.mark.system

VOCABULARY = Vocabulary(BASE)
# Members of these follow from ontology and curated things alone. What counteracts a drug does not: rules 11 and 11b read
# propositions, which the proof leaves out; tests on the rules stand below.
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


VITAMIN_K_ANTAGONISTS = {"warfarin", "acenocoumarol", "phenprocoumon", "fluindione", "vitamin-k-antagonist"}


@pytest.mark.parametrize("substance", ["vitamin-k", "phylloquinone", "vitamin-k2", "menaquinone-7", "menaquinone-4"])
def test_vitamin_k_and_its_forms_counteract_every_antagonist_and_no_other_drug(
    curated_store: tuple[Store, turtle.ParsedSources], substance: str
) -> None:
    pairs = pairs_by_rules(curated_store[0], "counteracts")
    assert {drug for one, drug in pairs if one == substance} == VITAMIN_K_ANTAGONISTS


def test_foods_may_counteract_antagonists_by_k1_and_by_k2_and_never_factor_xa_inhibitors(
    curated_store: tuple[Store, turtle.ParsedSources],
) -> None:
    store = curated_store[0]
    warned, supplied = pairs_by_rules(store, "mayCounteract"), pairs_by_rules(store, "supplies")
    assert {drug for _, drug in warned} == VITAMIN_K_ANTAGONISTS
    assert {"rivaroxaban", "apixaban", "factor-xa-inhibitors"}.isdisjoint(drug for _, drug in warned)
    for form in ("menaquinone-7", "menaquinone-4", "vitamin-k"):
        foods = {food for food, substance in supplied if substance == form}
        assert foods
        assert {(food, drug) for food in foods for drug in VITAMIN_K_ANTAGONISTS} <= warned


RULES_ON_DRUGS = """@prefix vitk: <ontology#> .
@prefix id: <id/> .
id:group a vitk:DrugGroup . id:tablet vitk:isKindOf id:group .
id:one a vitk:InteractionProposition ; vitk:predicate vitk:weakensEffectOf ; vitk:subject id:k ; vitk:object id:group .
id:two a vitk:InteractionProposition ; vitk:predicate vitk:changesEffectOf ; vitk:subject id:d ; vitk:object id:group .
id:form vitk:isFormOf id:k . id:leaf vitk:supplies id:form .
"""


def test_an_interaction_with_a_group_of_drugs_reaches_its_members_and_the_forms_of_the_substance() -> None:
    store = Store()
    graph = NamedNode(VOCABULARY.graph("entities"))
    store.load(RULES_ON_DRUGS.encode(), format=RdfFormat.TURTLE, base_iri=BASE, to_graph=graph)
    rules.infer(store, VOCABULARY)
    drugs = ("group", "tablet")
    assert pairs_by_rules(store, "counteracts") == {(one, drug) for one in ("k", "form") for drug in drugs}
    assert pairs_by_rules(store, "mayCounteract") == {("leaf", drug) for drug in drugs}


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
    assert "DisjointClasses(" not in message
    assert re.search(rf"{re.escape(str(curated))}\S*:\d+", message), message


def test_minimal_data_without_a_planted_contradiction_are_consistent(tmp_path: Path) -> None:
    owl_proof.prove(*read_and_inferred(minimal_curated.write(tmp_path / "curated")))


def test_a_proof_runs_in_the_root_folder_where_services_and_containers_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
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
