"""Names with typos find what is meant, and nothing but an equal name is called a match."""

from __future__ import annotations

import csv
import re

import pytest

from kg.reader.reader import Reader
from kg.reconciliation.matching import Candidate, Matching, ReconciliationQuery, Wanted
from tests.kg.reconciliation.typos import misspelt
from tests.support.paths import DATA

NAMES = DATA / "reconciliation" / "names.csv"
# Of 200 names, those whose first candidate is what is meant.
LEAST = 190


def names() -> list[dict[str, str]]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def matching(reader: Reader) -> Matching:
    return Matching(reader)


def found(matching: Matching, name: str, *types: str, needs_all: bool = False, limit: int = 5) -> list[Candidate]:
    classes = tuple(iri for iri, one in matching.types.all.items() if one.id in types)
    return matching.candidates(ReconciliationQuery(name, classes, needs_all, limit=limit))


def test_the_typos_of_the_table_can_be_made_again() -> None:
    rows = names()
    assert len(rows) == len({row["typed"] for row in rows}) == 200
    for row in rows:
        if row["origin"] == "generated":
            assert row["typed"] == misspelt(row["name"], int(row["seed"])) != row["name"]


def test_names_with_typos_lead_to_what_is_meant(matching: Matching) -> None:
    wrong, matched = [], []
    for row in names():
        best = found(matching, row["typed"], limit=1)
        if not best or best[0].id != row["entity"]:
            wrong.append((row["typed"], best[0].id if best else None))
            matched += [row["typed"]] if best and best[0].is_match else []
    assert len(wrong) <= 200 - LEAST, wrong
    assert matched == [], "a wrong candidate must never be called a match"


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("warfarin", "warfarin"),
        ("Coumadin", "warfarin"),
        ("mk 7", "menaquinone-7"),
        ("Natto", "natto"),
        ("menaquinone-7", "menaquinone-7"),
        ("id:natto", "natto"),
        ("https://w3id.org/vitk/id/natto", "natto"),
        ("CHEBI:28384", "vitamin-k"),
        ("oesteoporosis", None),
        ("protein Q", None),
        ("MK-14", None),
        ("coagulation factor V", None),
        ("vitamin K7", None),
        ("rat", "rat"),
    ],
)
def test_only_an_equal_name_is_a_match(matching: Matching, name: str, entity: str | None) -> None:
    matches = [one.id for one in found(matching, name) if one.is_match]
    assert matches == ([entity] if entity else [])


def test_another_number_is_far_from_a_name(matching: Matching) -> None:
    best = {one.id: one.score for one in found(matching, "menaquinone-7", limit=20)}
    assert best.pop("menaquinone-7") == 100
    assert max((score for name, score in best.items() if re.fullmatch(r"menaquinone-\d+", name)), default=0) <= 50


def test_a_name_of_two_entities_is_no_match_whatever_the_limit(matching: Matching, reader: Reader) -> None:
    query = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX vitk: <https://w3id.org/vitk/ontology#>
               SELECT ?label WHERE { ?one a vitk:TableFood ; rdfs:label ?label . ?other a vitk:TableFood ; rdfs:label ?label
               FILTER(STR(?one) < STR(?other)) } ORDER BY ?label LIMIT 1"""
    (row,) = reader.select(query)
    for limit in (1, 5):
        best = found(matching, row["label"].value, "TableFood", limit=limit)
        assert best[0].score == 100 and not best[0].is_match


@pytest.mark.parametrize(
    ("types", "needs_all", "entities"),
    [
        (("Food",), False, {"natto"}),
        (("TableFood",), False, {"sr28-16113"}),
        (("Drug",), False, set()),
        (("Drug", "Food"), False, {"natto"}),
        (("Food", "TableFood"), True, {"sr28-16113"}),
        (("Food", "Drug"), True, set()),
    ],
)
def test_types_restrict_candidates(
    matching: Matching, types: tuple[str, ...], needs_all: bool, entities: set[str]
) -> None:
    best = {one.id for one in found(matching, "natto", *types, needs_all=needs_all) if one.score == 100}
    assert entities <= best and ("natto" in best) == ("natto" in entities)


@pytest.mark.parametrize(
    ("name", "pid", "values", "entities", "best", "similarity"),
    [
        ("natto", "isMadeFrom", ("soybean",), (), "natto", 1.0),
        ("natto", "isMadeFrom", (), ("soybean",), "natto", 1.0),
        ("natto", "isMadeFrom", ("soybaen",), (), "natto", 0.857),
        ("natto", "isMadeFrom", ("cabbage",), (), "natto", 0.0),
        ("menaquinone-9", "isoprenoidUnitCount", ("9",), (), "menaquinone-9", 1.0),
        ("menaquinone-9", "isoprenoidUnitCount", ("8",), (), "menaquinone-9", 0.0),
        ("", "skos:exactMatch", ("CHEBI:28384",), (), "vitamin-k", 1.0),
        ("", "isMadeFrom", (), ("soybean",), "natto", 1.0),
    ],
)
def test_properties_are_compared(
    matching: Matching,
    name: str,
    pid: str,
    values: tuple[str, ...],
    entities: tuple[str, ...],
    best: str,
    similarity: float,
) -> None:
    wanted = Wanted(matching.properties.all[pid], values, entities)
    candidates = matching.candidates(ReconciliationQuery(name, properties=(wanted,)))
    ours = next(one for one in candidates if one.id == best)
    assert ours.property_similarity is not None
    assert ours.property_similarity == pytest.approx(similarity, abs=0.01)
    assert [one.score for one in candidates] == sorted((one.score for one in candidates), reverse=True)


def test_numbers_are_offered_only_with_their_unit(matching: Matching) -> None:
    properties = matching.properties
    assert not {"minimumAmount", "maximumAmount", "unit", "referenceAmount", "effectSize"} & properties.all.keys()
    claim = "https://w3id.org/vitk/id/claim-f088-1"
    values = properties.values([claim], [properties.all["amount"], properties.all["hedge"]])
    assert [value.text for value in values[claim, "amount"]] == ["63 µg per 100 g"]
    assert [value.text for value in values[claim, "hedge"]] == ["states"]
    assert "amount" in {one.id for one in properties.of_class("https://w3id.org/vitk/ontology#CompositionClaim")}
