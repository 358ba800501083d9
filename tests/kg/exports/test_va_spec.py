"""Statements of GA4GH VA-Spec, field by field as version 1.1.0 has them.

The fields are those of schema/va-spec/json in github.com/ga4gh/va-spec (commit 1b310205c7d0) and of gkm-core 1.3.0;
the reference implementation, ga4gh.va_spec 0.5.0a7, accepted all statements when the export was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kg.claims.claim_index import ClaimIndex
from kg.exports import va_spec
from kg.exports.source import ExportSource
from kg.reader.reader import Reader

ENTITY = {"id", "type", "name", "description", "aliases", "extensions"}
INFORMATION = ENTITY | {"specifiedBy", "contributions", "reportedIn"}
# By class: the fields that it may have, and those that it must have.
FIELDS = {
    "Statement": (
        INFORMATION | {"proposition", "direction", "strength", "quality", "score", "classification", "hasEvidence"}
        | {"hasEvidenceLines"},
        {"type", "proposition", "direction"},
    ),
    "EvidenceLine": (
        INFORMATION | {"targetProposition", "hasEvidenceItems", "hasEvidenceLines", "directionOfEvidenceProvided"}
        | {"strengthOfEvidenceProvided", "qualityOfEvidenceProvided", "scoreOfEvidenceProvided", "evidenceOutcome"},
        {"type", "directionOfEvidenceProvided"},
    ),
    "Method": (ENTITY | {"methodType", "reportedIn"}, {"type"}),
    "Document": (ENTITY | {"documentType", "title", "urls", "doi", "pmid"}, {"type"}),
    "MappableConcept": (ENTITY | {"conceptType", "primaryCoding", "mappings"}, {"type"}),
    "ConceptSet": (ENTITY | {"concepts", "membershipOperator"}, {"type", "concepts", "membershipOperator"}),
}  # fmt: skip
CODING = ({"id", "extensions", "name", "system", "systemVersion", "code", "iris"}, {"system", "code"})
RELATIONS = {"closeMatch", "exactMatch", "broadMatch", "narrowMatch", "relatedMatch"}
DIRECTIONS = {"supports", "neutral", "disputes"}


@pytest.fixture(scope="module")
def source(reader: Reader) -> ExportSource:
    return ExportSource(reader, ClaimIndex(reader).propositions)


@pytest.fixture(scope="module")
def statements(source: ExportSource) -> list[dict[str, Any]]:
    return [va_spec.statement(source, exported) for exported in source.all()]


def typed(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a document that has a type, outermost first."""
    if isinstance(value, dict):
        if "type" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from typed(one)


def of(source: ExportSource, name: str) -> dict[str, Any]:
    exported = source.of(source.vocabulary.entity_iri(name))
    assert exported
    return va_spec.statement(source, exported)


def extension(document: dict[str, Any], name: str) -> Any:
    return next((one["value"] for one in document["extensions"] if one["name"] == name), None)


@pytest.mark.system
def test_every_field_is_one_of_its_class_and_none_is_missing(statements: list[dict[str, Any]]) -> None:
    assert len(statements) > 300
    for statement in statements:
        assert statement["type"] == "Statement"
        for one in typed(statement):
            if one["type"] not in FIELDS:
                assert one is statement["proposition"]
                continue
            allowed, required = FIELDS[one["type"]]
            assert required <= one.keys() <= allowed, one
            assert all(found.keys() == {"name", "value"} for found in one.get("extensions", ()))


def test_a_proposition_has_subject_predicate_object_and_its_qualifiers(statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        proposition = statement["proposition"]
        assert isinstance(proposition["predicate"], str)
        rest = proposition.keys() - ENTITY - {"predicate"}
        assert {"subject", "object"} <= rest
        assert all(name.endswith("Qualifier") for name in rest - {"subject", "object"})
        assert {proposition[name]["type"] for name in rest} <= {"MappableConcept", "ConceptSet"}
    assert any("populationQualifier" in one["proposition"] for one in statements)


def test_concepts_have_a_name_and_codings_are_complete(statements: list[dict[str, Any]]) -> None:
    for concept in (one for one in typed(statements) if one["type"] == "MappableConcept"):
        assert concept["name"]
        mappings = concept.get("mappings", [])
        assert all(mapping.keys() == {"coding", "relation"} for mapping in mappings)
        assert {mapping["relation"] for mapping in mappings} <= RELATIONS
        for coding in [concept["primaryCoding"], *(mapping["coding"] for mapping in mappings)]:
            assert CODING[1] <= coding.keys() <= CODING[0]
            assert re.fullmatch(r"\S+( \S+)*", coding["code"])


def test_directions_are_those_of_the_assessment_and_open_matters_are_neutral(
    source: ExportSource, statements: list[dict[str, Any]]
) -> None:
    expected = {"for": "supports", "against": "disputes"}
    for statement in statements:
        side = str(extension(statement, "assessedDirection")).rpartition("#")[2]
        assert statement["direction"] == expected.get(side, "neutral")
        assert ("strength" in statement) == (side in expected)
        lines = statement.get("hasEvidenceLines", [])
        assert {one["directionOfEvidenceProvided"] for one in lines} <= DIRECTIONS
    mixed = of(source, "proposition-k2-lowers-fracture")
    assert mixed["direction"] == "neutral"
    assert str(extension(mixed, "assessedDirection")).endswith("#mixed")
    assert extension(mixed, "certainty")


def test_strength_is_a_certainty_with_the_code_of_hl7_that_is_closest(statements: list[dict[str, Any]]) -> None:
    codes = {
        (one["strength"]["name"], one["strength"]["mappings"][0]["coding"]["code"])
        for one in statements
        if "strength" in one
    }
    assert codes == {(name, name.replace(" ", "-")) for name, _ in codes}
    assert {code for _, code in codes} <= {"high", "moderate", "low", "very-low"}


def test_evidence_lines_are_those_that_decide_with_the_publication_of_their_study(source: ExportSource) -> None:
    exported = source.of(source.vocabulary.entity_iri("proposition-k2-lowers-fracture"))
    assert exported
    statement = va_spec.statement(source, exported)
    deciding, lines = exported.assessment.deciding, statement["hasEvidenceLines"]
    assert [one["id"] for one in lines] == [one.application.iri for one in deciding]
    assert [one["hasEvidenceItems"] for one in lines] == [[one.result.iri] for one in deciding]
    assert {one["targetProposition"] for one in lines} == {statement["proposition"]["id"]}
    documents = [document for line in lines for document in line["reportedIn"]]
    assert "10.1007/s00198-019-04949-0" in {document.get("doi") for document in documents}
    set_aside = extension(statement, "evidenceSetAside")
    assert {one["line"] for one in set_aside} == {one.line.iri for one in exported.assessment.set_aside}
    assert all(one["reasons"] for one in set_aside)


def test_dois_have_the_pattern_that_documents_require(statements: list[dict[str, Any]]) -> None:
    documents = [one for one in typed(statements) if one["type"] == "Document"]
    assert sum(bool(document.keys() & {"doi", "pmid", "urls"}) for document in documents) > 0.75 * len(documents)
    for document in documents:
        assert document["name"]
        assert re.match(r"10.(\d+)(\.\d+)*/[\w\-\.]+", document.get("doi", "10.1/x"))
        assert all(url.startswith("https://") for url in document.get("urls", []))
