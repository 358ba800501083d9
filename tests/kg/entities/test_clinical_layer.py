"""Drugs, conditions and proteins: each has a sourced relation to vitamin K, and what is said of a drug stays with it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from kg.build.infer import rules
from kg.build.read import turtle
from kg.catalogue.catalogue import with_prologue
from kg.rdf.vocabulary import Vocabulary
from tests.support.paths import BASE, CURATED

VOCABULARY = Vocabulary(BASE)
# Any condition whatsoever: all others are kinds of it.
STANDS_FOR_ALL = {"health-condition"}
# Vitamin K with its forms, status, cycle and antagonists, and the proteins that it or its cycle serves.
AROUND_VITAMIN_K = """
SELECT DISTINCT ?entity {
  { VALUES ?entity {
      id:vitamin-k id:vitamin-k-supplement id:vitamin-k-antagonist id:vitamin-k-deficiency id:vitamin-k-status
      id:low-vitamin-k-status id:vitamin-k-deficiency-bleeding id:gamma-carboxylation id:vitamin-k-cycle
      id:vitamin-k-dependent-proteins id:vkcfd id:ggcx id:vkorc1 } }
  UNION { ?entity vitk:isFormOf+ id:vitamin-k }
  UNION { ?entity vitk:hasComponent/vitk:isFormOf* id:vitamin-k }
  UNION { VALUES ?broader { id:vitamin-k-antagonist id:vitamin-k-deficiency-bleeding } ?entity vitk:isKindOf+ ?broader }
  UNION { ?entity vitk:isStateOf?/vitk:isCarboxylatedBy id:ggcx }
}"""
# What a source other than the article claims, what an evidence line bears on, and what a study found.
SOURCED = """
SELECT DISTINCT ?one ?other {
  { ?proposition vitk:subject ?one ; vitk:object ?other .
    { ?claim vitk:expresses ?proposition ; dcterms:source/dcterms:isPartOf+ ?source .
      ?source a vitk:ClaimSource . FILTER(?source != id:source-article) }
    UNION { ?line vitk:bearsOn ?proposition } }
  UNION { ?result vitk:exposure ?one ; vitk:resultFor ?other }
  UNION { ?study vitk:studiedSubstance ?one ; vitk:hasResult ?result . ?result vitk:resultFor ?other
          FILTER NOT EXISTS { ?result vitk:exposure ?exposure } }
}"""
# A group of drugs has what holds for it in common with its members, and a protein with its states. A term that only
# gathers others, such as "brain disease", has the relations of what it gathers.
SHARED = """
SELECT DISTINCT ?one ?other {
  { ?one vitk:isKindOf+ ?other . ?other a vitk:DrugGroup FILTER(?other != id:medication) }
  UNION { ?one vitk:isStateOf ?other }
  UNION { ?other vitk:isKindOf ?one }
}"""
CLINICAL = """
SELECT DISTINCT ?entity {
  VALUES ?class { vitk:Drug vitk:DrugGroup vitk:Treatment vitk:Condition vitk:Protein vitk:Enzyme vitk:Receptor vitk:ProteinState }
  ?entity a ?class FILTER NOT EXISTS { ?entity a vitk:Symptom }
}"""


@pytest.fixture(scope="module")
def store() -> Store:
    read = Store()
    read.extend(turtle.read(CURATED, VOCABULARY).quads)
    rules.infer(read, VOCABULARY)
    return read


def rows(store: Store, query: str) -> set[tuple[str, ...]]:
    found = store.query(with_prologue(query, VOCABULARY), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {tuple(local(str(term.value)) for term in row) for row in found}


def local(iri: str) -> str:
    return iri.removeprefix(VOCABULARY.entities).rpartition("#")[2]


def without_relation(store: Store) -> set[str]:
    """Drugs, conditions and proteins that no source, evidence line or study links with vitamin K."""
    around = {entity for (entity,) in rows(store, AROUND_VITAMIN_K)}
    pairs = rows(store, SOURCED)
    linked = {one for one, other in pairs if other in around} | {other for one, other in pairs if one in around}
    shared = {one for one, other in rows(store, SHARED) if other in linked}
    return {entity for (entity,) in rows(store, CLINICAL)} - linked - shared - STANDS_FOR_ALL


def test_every_drug_condition_and_protein_has_a_sourced_relation_to_vitamin_k(store: Store) -> None:
    assert without_relation(store) == set()


def test_a_new_drug_condition_or_protein_without_a_relation_fails_by_name() -> None:
    text = """@prefix vitk: <ontology#> . @prefix id: <id/> .
    id:new-drug a vitk:Drug . id:new-condition a vitk:Condition . id:new-protein a vitk:Enzyme .
    id:proposition-new a vitk:EffectProposition ; vitk:subject id:vitamin-k ; vitk:predicate vitk:treats ; vitk:object id:known .
    id:known a vitk:Condition . id:line-new vitk:bearsOn id:proposition-new ."""
    assert without_relation(loaded(text)) == {"new-drug", "new-condition", "new-protein"}


def loaded(text: str) -> Store:
    store = Store()
    graph = NamedNode(VOCABULARY.graph("entities"))
    store.load(text.encode(), format=RdfFormat.TURTLE, base_iri=BASE, to_graph=graph)
    rules.infer(store, VOCABULARY)
    return store


def test_every_drug_and_condition_names_the_source_of_its_description(store: Store) -> None:
    undescribed = """
    SELECT ?entity { VALUES ?class { vitk:Drug vitk:DrugGroup vitk:Treatment vitk:Condition } ?entity a ?class .
                    FILTER NOT EXISTS { ?entity a vitk:Symptom } FILTER NOT EXISTS { ?entity vitk:isDescribedBy ?source } }"""
    assert rows(store, undescribed) == set()


def test_a_relation_is_stated_by_a_source_other_than_the_article(store: Store) -> None:
    unsourced = """
    SELECT ?proposition { ?proposition vitk:statesRelation ?relation FILTER NOT EXISTS {
      ?claim vitk:expresses ?proposition ; vitk:polarity vitk:affirms ; vitk:fit vitk:exact ; vitk:hedge ?hedge ;
        dcterms:source/dcterms:isPartOf+ ?source .
      ?source a vitk:ClaimSource . FILTER(?source != id:source-article) FILTER(?hedge IN (vitk:states, vitk:can)) } }"""
    assert rows(store, unsourced) == set()


def test_no_relation_is_stated_that_a_source_contests(store: Store) -> None:
    contested = """
    SELECT ?proposition { ?proposition vitk:statesRelation ?relation . ?claim vitk:expresses ?proposition ; vitk:polarity ?against
      FILTER(?against != vitk:affirms) }"""
    assert rows(store, contested) == set()


def test_a_relation_stands_for_everybody_or_its_condition_names_the_people(store: Store) -> None:
    names_its_people = {"vitamin-k-deficiency-bleeding"}
    people = """
    SELECT DISTINCT ?condition { ?proposition vitk:statesRelation ?relation ; vitk:population ?people ; vitk:object ?condition }"""
    assert {condition for (condition,) in rows(store, people)} <= names_its_people


def related(store: Store, relation: str) -> set[tuple[str, ...]]:
    return rows(store, f"SELECT ?one ?other {{ ?one vitk:{relation} ?other }}")


@pytest.mark.parametrize(
    ("relation", "one", "other"),
    [
        ("canCause", "malabsorption", "vitamin-k-deficiency"),
        ("canCause", "warfarin", "vka-embryopathy"),
        ("canCause", "fluindione", "vka-embryopathy"),
        ("isRiskFactorFor", "phenprocoumon", "bleeding"),
        ("isRiskFactorFor", "apixaban", "bleeding"),
        ("isRiskFactorFor", "heparin", "bleeding"),
        ("isRiskFactorFor", "bariatric-surgery", "vitamin-k-deficiency"),
        ("isTreatmentFor", "vitamin-k", "vkcfd"),
        ("isProphylaxisAgainst", "vitamin-k", "vitamin-k-deficiency-bleeding"),
        ("isProphylaxisAgainst", "apixaban", "thrombosis"),
        ("isContraindicatedIn", "acenocoumarol", "pregnant-women"),
        ("isContraindicatedIn", "rivaroxaban", "pregnant-women"),
        ("hasVariantsCausing", "ggcx", "vkcfd1"),
        ("hasVariantsCausing", "matrix-gla-protein", "keutel-syndrome"),
    ],
)
def test_what_sources_state_stands_as_a_relation(store: Store, relation: str, one: str, other: str) -> None:
    assert (one, other) in related(store, relation)


def test_what_holds_for_a_group_is_inferred_for_its_members(store: Store) -> None:
    inferred = NamedNode(VOCABULARY.graph("inferred"))
    quads = store.quads_for_pattern(
        NamedNode(VOCABULARY.entities + "fluindione"), NamedNode(VOCABULARY.term("canCause")), None
    )
    assert {quad.graph_name for quad in quads} == {inferred}


def kinds(store: Store, group: str) -> set[str]:
    return {one for one, other in related(store, "isKindOf") if other == group}


def test_nothing_said_of_vitamin_k_antagonists_reaches_other_anticoagulants(store: Store) -> None:
    antagonists = kinds(store, "vitamin-k-antagonist") | {"vitamin-k-antagonist"}
    others = kinds(store, "anticoagulant") - antagonists
    assert {"apixaban", "rivaroxaban", "edoxaban", "dabigatran", "heparin"} <= others
    assert not others & named(related(store, "counteracts"))
    assert not others & named(related(store, "mayCounteract"))
    # What sources say of all anticoagulants, and of a drug itself.
    own = {("isRiskFactorFor", one, "bleeding") for one in others | {"anticoagulant"}}
    own |= {
        ("isContraindicatedIn", drug, people)
        for drug in ("rivaroxaban", "edoxaban")
        for people in ("pregnant-women", "breastfeeding-women")
    }
    for relation in ("canCause", "isRiskFactorFor", "isContraindicatedIn"):
        assert {(relation, *pair) for pair in related(store, relation) if pair[0] in others} <= own


def named(pairs: Iterable[tuple[str, ...]]) -> set[str]:
    return {other for _, other in pairs}


def test_a_contraindication_stays_with_the_drug_of_which_a_source_states_it(store: Store) -> None:
    exception = "pregnant-women-without-mechanical-valves"
    assert {one for one, other in related(store, "isContraindicatedIn") if other == exception} == {
        "warfarin",
        "fluindione",
    }
    reaction = "people-with-reaction-to-fluindione"
    assert {one for one, other in related(store, "isContraindicatedIn") if other == reaction} == {"fluindione"}


def test_a_relation_needs_a_claim_that_affirms_it() -> None:
    text = """@prefix vitk: <ontology#> . @prefix id: <id/> .
    id:yes vitk:statesRelation vitk:canCause ; vitk:subject id:a ; vitk:object id:b .
    id:claim-yes vitk:expresses id:yes ; vitk:polarity vitk:affirms ; vitk:fit vitk:exact ; vitk:hedge vitk:states .
    id:no vitk:statesRelation vitk:canCause ; vitk:subject id:c ; vitk:object id:d .
    id:claim-no vitk:expresses id:no ; vitk:polarity vitk:denies ; vitk:fit vitk:exact ; vitk:hedge vitk:states ."""
    assert related(loaded(text), "canCause") == {("a", "b")}


@pytest.mark.parametrize(
    ("fit", "hedge", "other"),
    [
        ("narrower", "states", ""),
        ("broader", "states", ""),
        ("exact", "may", ""),
        ("exact", "suggests", ""),
        ("exact", "states", "id:claim-other vitk:expresses id:one ; vitk:polarity vitk:denies ."),
        ("exact", "states", "id:claim-other vitk:expresses id:one ; vitk:polarity vitk:reportsInsufficientEvidence ."),
    ],
)
def test_a_claim_that_is_not_exact_not_sure_or_contested_gives_no_relation(fit: str, hedge: str, other: str) -> None:
    text = f"""@prefix vitk: <ontology#> . @prefix id: <id/> .
    id:one vitk:statesRelation vitk:canCause ; vitk:subject id:a ; vitk:object id:b .
    id:claim-one vitk:expresses id:one ; vitk:polarity vitk:affirms ; vitk:fit vitk:{fit} ; vitk:hedge vitk:{hedge} .
    {other}"""
    assert related(loaded(text), "canCause") == set()
