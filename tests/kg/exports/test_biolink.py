"""Associations of Biolink 4.4.4: what they state is never more than the assessment."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pyoxigraph import Store

from kg.claims.claim_index import ClaimIndex
from kg.exports import biolink
from kg.exports.source import ExportedProposition, ExportSource
from kg.reader.reader import Reader
from tests.support.paths import BASE, ROOT

# Slots of the class association and qualifiers, from biolink-model.yaml 4.4.4.
SLOTS = (
    {"id", "category", "subject", "predicate", "object", "negated", "knowledge_level", "agent_type", "has_evidence"}
    | {"publications", "original_subject", "original_predicate", "original_object", "update_date"}
    | {"description", "has_confidence_level", "qualified_predicate", "object_aspect_qualifier"}
    | {"object_direction_qualifier", "subject_direction_qualifier", "population_context_qualifier"}
)
REQUIRED = {"subject", "predicate", "object", "negated", "knowledge_level", "agent_type"}
# Predicates that are not deprecated there.
PREDICATES = {
    *("associated_with", "associated_with_decreased_likelihood_of", "associated_with_increased_likelihood_of"),
    *("positively_correlated_with", "affects_likelihood_of", "affects", "causes", "produces", "has_food_component"),
    *("has_metabolite", "has_phenotype", "model_of", "treats_or_applied_or_studied_to_treat", "interacts_with"),
    *("directly_physically_interacts_with", "located_in"),
}
CURIE_OR_IRI = re.compile(r"[A-Za-z][\w.]*:\S+")


@pytest.fixture(scope="module")
def source(reader: Reader) -> ExportSource:
    return ExportSource(reader, ClaimIndex(reader).propositions)


@pytest.fixture(scope="module")
def propositions(source: ExportSource) -> list[ExportedProposition]:
    return list(source.all())


@pytest.fixture(scope="module")
def associations(source: ExportSource, propositions: list[ExportedProposition]) -> dict[str, dict[str, Any]]:
    found = {exported.iri: biolink.association(source, exported) for exported in propositions}
    return {iri.rpartition("/")[2]: edge for iri, edge in found.items() if edge}


@pytest.mark.system
def test_associations_have_the_slots_and_values_of_the_model(associations: dict[str, dict[str, Any]]) -> None:
    assert len(associations) > 30
    for edge in associations.values():
        assert REQUIRED <= edge.keys() <= SLOTS
        assert edge["category"] == ["biolink:Association"]
        assert edge["predicate"].removeprefix("biolink:") in PREDICATES
        assert edge["knowledge_level"] in {"knowledge_assertion", "statistical_association"}
        assert edge["agent_type"] == "automated_agent"
        assert edge.get("qualified_predicate", "biolink:causes") == "biolink:causes"
        for name in ("object_direction_qualifier", "subject_direction_qualifier"):
            assert edge.get(name, "increased") in {"increased", "decreased"}
        assert all(CURIE_OR_IRI.fullmatch(edge[name]) for name in ("subject", "object"))
        assert all(re.match(r"(PMID:\d+|doi:10\.)", one) for one in edge["publications"])


def test_only_what_is_decided_is_stated_and_what_is_refuted_is_negated(
    propositions: list[ExportedProposition], associations: dict[str, dict[str, Any]]
) -> None:
    for exported in propositions:
        edge = associations.get(exported.iri.rpartition("/")[2])
        assert (edge is not None) == biolink.is_stated(exported.summary)
        if edge:
            assert edge["negated"] == (exported.summary.side == "against")
            assert exported.summary.side in ("for", "against")
            assert edge["has_evidence"] == [one.line.iri for one in exported.assessment.deciding]
    assert "proposition-k2-lowers-fracture" not in associations
    assert {edge["negated"] for edge in associations.values()} == {True, False}


def test_a_denied_amount_is_not_written_as_a_denied_food_component(
    propositions: list[ExportedProposition], associations: dict[str, dict[str, Any]]
) -> None:
    against = [
        exported.iri.rpartition("/")[2]
        for exported in propositions
        if exported.summary.side == "against" and "level" in exported.qualifiers
    ]
    assert against
    assert not set(against) & associations.keys()


def test_a_lack_is_not_written_as_its_substance(associations: dict[str, dict[str, Any]]) -> None:
    edge = associations["proposition-lack-of-k-causes-bleeding"]
    assert (edge["subject_direction_qualifier"], edge["object_direction_qualifier"]) == ("decreased", "increased")


def test_entities_have_identifiers_that_biolink_knows(associations: dict[str, dict[str, Any]]) -> None:
    edge = associations["proposition-k2-activates-osteocalcin"]
    assert (edge["subject"], edge["object"]) == ("CHEBI:16374", "UniProtKB:P02818")
    assert edge["original_object"] == f"{BASE}id/osteocalcin"


def test_predicates_agree_with_the_alignment() -> None:
    store = Store()
    store.load(path=ROOT / "ontology" / "alignment" / "biolink.ttl", base_iri=BASE)
    start = f"{BASE}ontology#"
    aligned = {(quad.subject.value.removeprefix(start), quad.predicate.value.rpartition("#")[2],
                quad.object.value.rpartition("/")[2]) for quad in store}  # fmt: skip
    for name, qualified in (biolink.AS_MUCH | biolink.LESS).items():
        is_qualified = len(qualified) > 1 or name in biolink.LESS
        closeness = "broadMatch" if is_qualified else "closeMatch"
        assert (name, closeness, qualified["predicate"]) in aligned, name
