"""What people type finds what they mean."""

from __future__ import annotations

import csv

import pytest

from kg.index.question_words import normalise
from kg.rdf.natural_order import natural_key
from kg.reader.reader import Reader
from tests.support.paths import DATA

# Written before the search was; a row is changed only if it is plainly wrong.
SIXTY = list(csv.DictReader((DATA / "search_queries.tsv").read_text("utf-8").splitlines(), delimiter="\t"))

FIRST = {
    "MK-7": "menaquinone-7", "mk7": "menaquinone-7", "mk 7": "menaquinone-7", "menaquinone 7": "menaquinone-7",
    "Menaquinone-7": "menaquinone-7", "MK4": "menaquinone-4", "K2": "vitamin-k2", "vitamin k2": "vitamin-k2",
    "K1": "phylloquinone", "vitamin K1": "phylloquinone", "K3": "menadione", "natto": "natto", "osteocalcin": "osteocalcin",
    "MGP": "matrix-gla-protein", "dp-ucMGP": "dp-ucmgp", "ucOC": "undercarboxylated-osteocalcin", "BMD": "bone-mineral-density",
    "warfarin": "warfarin", "Coumadin": "warfarin", "CHD": "coronary-heart-disease", "F048": "claim-f048-1",
    "gouda": "gouda", "osteoporosis": "osteoporosis",
}  # fmt: skip
TYPOS = {
    "menaquinon-7": "menaquinone-7", "osteocalcine": "osteocalcin", "warfrin": "warfarin", "phyloquinone": "phylloquinone",
    "osteoprosis": "osteoporosis", "saurkraut": "sauerkraut", "atherosclorosis": "atherosclerosis", "nattoo": "natto",
}  # fmt: skip


def first(reader: Reader, text: str) -> str:
    hits = reader.search.find(text)
    return hits[0].iri.rpartition("/")[2] if hits else ""


def test_of_sixty_searches_at_least_fifty_seven_find_their_entity_first(reader: Reader) -> None:
    assert len(SIXTY) == 60
    assert sum(row["food"] == "yes" for row in SIXTY) == 20
    missed = [
        (row["query"], first(reader, row["query"])) for row in SIXTY if first(reader, row["query"]) != row["finds"]
    ]
    assert len(missed) <= 3, missed


@pytest.mark.parametrize("row", SIXTY, ids=[row["query"] for row in SIXTY])
def test_what_is_suggested_while_typing_has_the_entity_too(reader: Reader, row: dict[str, str]) -> None:
    suggested = [hit.iri.rpartition("/")[2] for hit in reader.search.suggest(row["query"])]
    assert row["finds"] in suggested[:2]


@pytest.mark.parametrize("text", FIRST)
def test_a_name_abbreviation_or_identifier_finds_its_entity_first(reader: Reader, text: str) -> None:
    assert first(reader, text) == FIRST[text]


@pytest.mark.parametrize("text", TYPOS)
def test_typos_are_forgiven(reader: Reader, text: str) -> None:
    assert first(reader, text) == TYPOS[text]


def test_words_are_found_in_descriptions_and_claims(reader: Reader) -> None:
    assert any(
        hit.iri.rpartition("/")[2].startswith("claim-f072")
        for hit in reader.search.find("ovariectomized bone resorption")
    )


def test_a_kind_alone_lists_its_entities_by_name(reader: Reader) -> None:
    hits = reader.search.find("", limit=100, class_iri=reader.vocabulary.term("Menaquinone"))
    assert len(hits) == 11
    assert [hit.label for hit in hits] == sorted((hit.label for hit in hits), key=natural_key)
    assert hits[0].label == "menaquinone-4"


@pytest.mark.parametrize(
    "text", ["", "   ", '"', "'", "a" * 10_000, "NOT", "AND OR", "*", "\x00", "é", "(", "x:y", "🙂"]
)
def test_odd_input_is_answered(reader: Reader, text: str) -> None:
    assert isinstance(reader.search.find(text), list)
    assert isinstance(reader.search.suggest(text), list)
    assert isinstance(reader.search.nearest(text), list)


@pytest.mark.parametrize(("text", "key"), [("MK-7", "mk7"), ("Crème", "creme"), ("γ-Gla", "γgla"), (" K 2 ", "k2")])
def test_case_diacritics_spaces_and_signs_do_not_matter(text: str, key: str) -> None:
    assert normalise(text) == key
