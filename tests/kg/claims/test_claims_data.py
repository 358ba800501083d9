"""What stands beside the claims: contradictions, flaws, studies, lines, intakes, standings."""

from __future__ import annotations

import pytest

from kg.catalogue.catalogue import with_prologue
from kg.reader.reader import Reader

# Pairs of statements of the founding source that do not agree.
CONTRADICTIONS = [
    "F097 F098",
    "F031 F137",
    "F123 F137",
    "F124 F137",
    "F133 F126",
    "F002 F077",
    "F002 F078",
    "F061 F078",
    "F146 F078",
    "F034 F077",
    "F075 F076",
    "F091 F141",
    "F090 F142",
    "F090 F083",
    "F094 F007",
    "F050 F063",
    "F164 F128",
]


def values(reader: Reader, body: str) -> set[str]:
    rows = reader.select(with_prologue(body, reader.vocabulary))
    return {" ".join(term.value for term in row.values()) for row in rows}


def count(reader: Reader, body: str) -> int:
    return int(
        reader.select(with_prologue(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {body} }}", reader.vocabulary))[0]["n"].value
    )


@pytest.mark.parametrize("pair", CONTRADICTIONS)
def test_statements_that_do_not_agree_are_linked_both_ways(pair: str, reader: Reader) -> None:
    linked = values(
        reader,
        "SELECT ?a ?b { ?x vitk:contradicts ?y . ?x dcterms:identifier ?a . ?y dcterms:identifier ?b }",
    )
    one, other = pair.split()
    assert {f"{one} {other}", f"{other} {one}"} <= linked


def test_all_seventeen_flawed_items_are_flaws_of_claims(reader: Reader) -> None:
    items = values(reader, "SELECT ?item { ?claim vitk:hasFlaw ?flaw . ?flaw dcterms:identifier ?item }")
    assert {item[0] for item in items} == set("abcdefghijklmnopq")


def test_a_flaw_is_corrected_from_a_study_or_says_that_no_usable_source_was_found(reader: Reader) -> None:
    flaws = values(reader, "SELECT ?flaw { ?flaw a vitk:Flaw }")
    corrected = values(reader, "SELECT ?flaw { ?flaw vitk:correctedBy/vitk:citesStudy ?study }")
    shown_claims = values(
        reader,
        'SELECT ?flaw { ?flaw a vitk:Flaw ; dcterms:description ?why FILTER(CONTAINS(LCASE(?why), "no usable source")) }',
    )
    assert flaws
    assert flaws - corrected - shown_claims == set()


def test_every_study_can_be_found_or_says_what_is_not_known(reader: Reader) -> None:
    assert count(reader, "?x a vitk:Study") >= 85
    nameless = values(
        reader,
        "SELECT ?study { ?study a vitk:Study FILTER NOT EXISTS { ?study bibo:doi|bibo:pmid|dcterms:title|dcterms:bibliographicCitation ?c } }",
    )
    assert len(nameless) <= 2, nameless


def test_at_least_fifty_studies_have_effect_numbers(reader: Reader) -> None:
    numbers = "vitk:effectSize|vitk:pValue|vitk:lowerConfidenceLimit|vitk:minimumAmount"
    assert count(reader, f"?x vitk:hasResult ?result . ?result {numbers} ?number") >= 50


def test_most_health_effect_claims_have_evidence_and_the_rest_a_recorded_search(reader: Reader) -> None:
    health = "?x a vitk:HealthEffectClaim ; vitk:expresses ?proposition ."
    applies = "?application vitk:toProposition ?proposition"
    assert count(reader, f"{health} {applies}") / count(reader, health) >= 0.6
    left = f"""SELECT ?x {{ {health} FILTER NOT EXISTS {{ {applies} }} FILTER NOT EXISTS {{ ?s vitk:searchedFor ?proposition }}
      FILTER NOT EXISTS {{ ?proposition a vitk:VagueProposition }} }}"""
    assert values(reader, left) == set()


def test_every_claim_of_the_source_has_exactly_one_standing(reader: Reader) -> None:
    assert count(reader, "?x vitk:standing ?standing") == count(reader, "?x a vitk:Claim ; vitk:hedge ?hedge")
    assert values(reader, "SELECT ?x { ?x vitk:standing ?one , ?other FILTER(?one != ?other) }") == set()


def test_adequate_intakes_allowances_and_upper_levels_are_separate_with_their_authority(reader: Reader) -> None:
    authorities = values(reader, "SELECT ?name { ?i a vitk:AdequateIntake ; vitk:authority/rdfs:label ?name }")
    assert len(authorities) >= 2
    assert count(reader, "?x a vitk:RecommendedDietaryAllowance") == 0
    assert count(reader, "?x a vitk:TolerableUpperIntakeLevel") == 0


def test_every_claim_of_the_source_expresses_a_proposition_on_one_side_and_every_proposition_is_assessed(
    reader: Reader,
) -> None:
    claims = count(reader, "?x a vitk:Claim ; vitk:hedge ?hedge")
    assert count(reader, "?x vitk:expresses ?proposition ; vitk:polarity ?side ; vitk:fit ?fit") == claims
    propositions = count(reader, "?x vitk:predicate ?predicate")
    assert propositions > 300
    assert count(reader, "?x vitk:assessedDirection ?direction ; vitk:assessedBy ?basis") == propositions
    twice = "SELECT ?x { ?x vitk:assessedDirection ?one , ?other FILTER(?one != ?other) }"
    assert values(reader, twice) == set()


def test_an_application_decides_or_says_why_not_unless_table_rows_decide(reader: Reader) -> None:
    silent = """SELECT ?x { ?x vitk:toProposition ?proposition
      FILTER NOT EXISTS { ?x vitk:decides ?proposition } FILTER NOT EXISTS { ?x vitk:setAsideFor ?reason }
      FILTER NOT EXISTS { ?proposition vitk:assessedBy vitk:tableRows } }"""
    assert values(reader, silent) == set()
    both = "SELECT ?x { ?x vitk:decides ?proposition ; vitk:setAsideFor ?reason }"
    assert values(reader, both) == set()
