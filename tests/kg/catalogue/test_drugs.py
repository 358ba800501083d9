"""What is said of one drug never appears under the name of another that acts otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kg.catalogue.catalogue import Query
from kg.reader.reader import Reader

# All of them act on the enzyme that recycles vitamin K.
ANTAGONISTS = {"warfarin", "phenprocoumon", "acenocoumarol", "fluindione", "vitamin-k-antagonist"}
# Groups to which they belong.
ABOVE = {"anticoagulant", "medication"}


def drugs(reader: Reader) -> list[str]:
    below = reader.types_below(reader.vocabulary.term("Drug"))
    return [hit.iri for hit in reader.search.of_types(below, 0, 100)[1]]


def queries_on_a_drug(reader: Reader) -> Iterator[tuple[Query, str]]:
    """Every public query that takes a drug, with the name of the parameter."""
    for query in reader.catalogue.public():
        for parameter in query.parameters:
            classes = {reader.vocabulary.expand(one) for one in parameter.classes}
            kinds = {"Drug", "Substance", "Material", "Topic"}
            if not query.is_graph and classes & {reader.vocabulary.term(kind) for kind in kinds}:
                yield query, parameter.name


def rows_of(reader: Reader, query: Query, name: str, iri: str) -> list[dict[str, str]]:
    rows = reader.run(query.name, {**reader.catalogue.example_values(query), name: iri})
    return [{column: term.value for column, term in row.items()} for row in rows]


def named_by(reader: Reader, row: dict[str, str]) -> set[str]:
    """What a row names, and what the claims, propositions, studies and results in it are about."""
    roles = [reader.vocabulary.term(role) for role in ("subject", "object", "studiedSubstance", "exposure")]
    entities = [value for value in row.values() if value.startswith(reader.vocabulary.entities)]
    return {*row.values(), *(term.value for iri in entities for role in roles for term in reader.values(iri, role))}


@pytest.mark.system
def test_no_query_on_another_drug_speaks_of_warfarin(reader: Reader) -> None:
    """Unless the row names both, as an interaction of the one with the other does."""
    others = [iri for iri in drugs(reader) if iri.rpartition("/")[2] not in ANTAGONISTS | ABOVE]
    found = list(queries_on_a_drug(reader))
    assert len(others) >= 8
    assert {"interactions", "what-to-know-about-a-drug", "claims"} <= {query.name for query, _ in found}
    above = {reader.vocabulary.entity_iri(name) for name in ABOVE}
    for query, name in found:
        for iri in others:
            kinds = {term.value for term in reader.values(iri, reader.vocabulary.term("isKindOf"))} - above
            for row in rows_of(reader, query, name, iri):
                if re.search(r"\bwarfarin\b", " ".join(row.values()), re.IGNORECASE):
                    assert {iri, *kinds} & named_by(reader, row), (query.name, iri, row)


def test_what_is_said_to_people_on_warfarin_is_not_said_to_others(reader: Reader) -> None:
    query = reader.catalogue["what-to-know-about-a-drug"]
    for drug in ("phenprocoumon", "acenocoumarol"):
        for row in rows_of(reader, query, "drug", reader.vocabulary.entity_iri(drug)):
            if row["statedOfName"] == "people on anticoagulants":
                assert "warfarin" not in row["statement"].casefold(), (drug, row)
    warfarin = rows_of(reader, query, "drug", reader.vocabulary.entity_iri("warfarin"))
    assert any("People on warfarin" in row["statement"] for row in warfarin)


@pytest.mark.parametrize("drug", sorted(ANTAGONISTS))
def test_advice_for_people_on_a_vitamin_k_antagonist_is_found_with_each_of_them(reader: Reader, drug: str) -> None:
    query = reader.catalogue["what-to-know-about-a-drug"]
    rows = rows_of(reader, query, "drug", reader.vocabulary.entity_iri(drug))
    assert "keep vitamin K intake constant" in {row.get("guidanceName") for row in rows}
    assert {"people on anticoagulants", "vitamin K antagonist"} <= {row["statedOfName"] for row in rows}
    # What is stated of one drug is not given as stated of its neighbour.
    assert {row["statedOfName"] for row in rows} & (ANTAGONISTS - {"vitamin-k-antagonist"}) <= {drug}


@pytest.mark.parametrize("drug", sorted(ANTAGONISTS))
def test_what_weakens_a_vitamin_k_antagonist_is_found_with_each_of_them(reader: Reader, drug: str) -> None:
    rows = rows_of(reader, reader.catalogue["interactions"], "with", reader.vocabulary.entity_iri(drug))
    assert any("weaken the effect of anticoagulants" in row["statement"] for row in rows)
    if drug != "vitamin-k-antagonist":
        foods = reader.catalogue["foods-that-may-counteract-a-drug"]
        assert len(rows_of(reader, foods, "drug", reader.vocabulary.entity_iri(drug))) > 20
