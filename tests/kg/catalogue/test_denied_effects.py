"""A source that denies an effect is never listed as if it affirmed it."""

from __future__ import annotations

import pytest

from kg.reader.reader import Reader

SHOWN = "effectName"


def test_every_query_that_shows_effects_of_claims_says_whether_the_source_denies_them(reader: Reader) -> None:
    texts = {query.name: query.text for query in reader.catalogue.public()}
    shown = {name for name, text in texts.items() if f"?{SHOWN}" in text and "?claim " in text}
    assert len(shown) > 10
    assert {name for name in shown if "?polarityName" not in texts[name]} == set()


@pytest.mark.parametrize(
    ("claim", "side"),
    [
        ("claim-xar001-1", "denies"),
        ("claim-f163-1", "denies"),
        ("claim-tie001-1", "denies"),
        ("claim-f102-3", "affirms"),
        ("claim-f072-2", "affirms"),
        ("claim-f150-2", "affirms"),
        ("claim-f001-1", "affirms"),
    ],
)
def test_a_claim_that_something_is_not_so_affirms_its_own_negation(reader: Reader, claim: str, side: str) -> None:
    term = reader.vocabulary.term
    found = reader.values(reader.vocabulary.entity_iri(claim), term("effectPolarity"))
    assert [value.value for value in found] == [term(side)]


def test_each_claim_takes_just_one_side_on_its_effect(reader: Reader) -> None:
    term = reader.vocabulary.term
    claims = [row["claim"].value for row in reader.run("claims", {})]
    for claim in claims:
        expected = len(reader.values(claim, term("polarity")))
        assert len(reader.values(claim, term("effectPolarity"))) == expected, claim


@pytest.mark.parametrize(
    ("query", "parameters", "claim"),
    [
        ("interactions", {"with": "rivaroxaban"}, "claim-xar001-1"),
        ("advice-and-whom-it-is-for", {}, "claim-vio001-1"),
        ("safety-and-side-effects", {}, "claim-f163-1"),
        ("outcomes-of-claims", {"outcome": "bone-mineral-density"}, "claim-ron002-1"),
    ],
)
def test_a_denied_effect_is_listed_as_denied(
    reader: Reader, query: str, parameters: dict[str, str], claim: str
) -> None:
    vocabulary = reader.vocabulary
    rows = reader.run(query, {name: vocabulary.entity_iri(value) for name, value in parameters.items()})
    sides = {row["polarity"].value for row in rows if row["claim"].value == vocabulary.entity_iri(claim)}
    assert sides == {vocabulary.term("denies")}


def test_bacteria_that_are_said_not_to_make_a_form_are_not_listed_as_its_makers(reader: Reader) -> None:
    rows = reader.run("makers-of-a-form", {"form": reader.vocabulary.entity_iri("menaquinone-4")})
    assert reader.vocabulary.entity_iri("bacteria") not in {row["maker"].value for row in rows}
