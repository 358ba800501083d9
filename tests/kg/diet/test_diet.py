"""Diets: figures against the raw tables, known and unknown apart, mistakes reported by field."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.diet.input import MAX_DAYS, MAX_ITEMS
from tests.support.paths import CURATED

ENTITY = "https://w3id.org/vitk/id/"
SR28, CIQUAL, BLS = (CURATED / "composition" / name for name in ("usda-sr28", "ciqual-2020", "bls-4"))
COMPONENTS = {"430": "phylloquinone", "428": "menaquinone-4", "429": "dihydrophylloquinone"}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def post(client: FlaskClient, status: int = 200, **body: Any) -> dict[str, Any]:
    response = client.post("/api/v1/diet", json=body)
    assert response.status_code == status, response.text
    found: dict[str, Any] = json.loads(response.text, parse_float=Decimal, parse_int=Decimal)
    return found


def total(day: dict[str, Any], form: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in day["totals"] if one["form"]["iri"] == ENTITY + form)
    return found


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


@pytest.fixture(scope="module")
def in_sr28() -> dict[str, dict[str, Decimal]]:
    """By food and form what SR28 gives per 100 g, of foods that stand for no food of the graph."""
    matched = set(re.findall(r"id:sr28-(\d+)", (CURATED / "composition" / "food-matches.ttl").read_text("utf-8")))
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows(SR28 / "values.csv.gz"):
        if row["nutr_no"] in COMPONENTS and row["ndb_no"] not in matched:
            found.setdefault(row["ndb_no"], {})[COMPONENTS[row["nutr_no"]]] = Decimal(row["value"])
    return found


@pytest.fixture(scope="module")
def measures() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows(SR28 / "measures.csv.gz"):
        found.setdefault(row["ndb_no"], []).append(row)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_sums_are_those_of_the_raw_table_to_the_digit(
    client: FlaskClient,
    in_sr28: dict[str, dict[str, Decimal]],
    measures: dict[str, list[dict[str, str]]],
    seed: int,
) -> None:
    chance = random.Random(seed)
    items, unknown = [], dict[str, list[str]]()
    expected = {form: Decimal(0) for form in COMPONENTS.values()}
    foods = chance.sample(sorted(in_sr28), 12)
    for food in foods:
        measure = chance.choice(measures.get(food) or [{}])
        amount = Decimal(chance.randint(1, 3000)) / 1000
        if not measure or Decimal(measure["grams"]) > 1000 or chance.random() < 0.4:
            amount, grams = amount * 100, amount * 100
            items.append({"food": f"id:sr28-{food}", "amount": str(amount)})
        else:
            grams = amount * Decimal(measure["grams"]) / Decimal(measure["amount"])
            iri = f"measure-sr28-{food}-{measure['seq']}"
            items.append({"food": f"sr28-{food}", "amount": str(amount), "measure": iri})
        for form in expected:
            if form in in_sr28[food]:
                expected[form] += in_sr28[food][form] * grams / 100
            else:
                unknown.setdefault(form, []).append(f"{ENTITY}sr28-{food}")
    day = post(client, items=items)["results"][0]
    for form, sum_of_form in expected.items():
        known_for = [food for food in foods if form in in_sr28[food]]
        if not known_for and form == "dihydrophylloquinone":
            continue
        reported = total(day, form)
        assert [one["iri"] for one in reported["unknownFor"]] == unknown.get(form, [])
        if known_for:
            assert (
                rounded(reported["known"]["minimum"]) == rounded(reported["known"]["maximum"]) == rounded(sum_of_form)
            )
        else:
            assert reported["known"] is None


def test_sources_that_differ_make_a_range_and_stand_side_by_side(client: FlaskClient) -> None:
    ciqual = next(row for row in rows(CIQUAL / "vitamin_k.csv.gz") if row["alim_code"] == "20059")
    sr28 = next(row for row in rows(SR28 / "values.csv.gz") if (row["ndb_no"], row["nutr_no"]) == ("11457", "430"))
    bls = next(row for row in rows(BLS / "vitamin_k.csv.gz") if row["bls_code"] == "G211100")
    given = sorted((Decimal(ciqual["k1_ug_per_100g"]), Decimal(sr28["value"]), Decimal(bls["k1_ug_per_100g"])))
    ends = given[0], given[-1]
    assert ends[0] < ends[1]
    day = post(client, items=[{"food": "id:raw-spinach", "amount": 50}])["results"][0]
    known = total(day, "phylloquinone")["known"]
    assert (known["minimum"], known["maximum"], known["unit"]) == (ends[0] / 2, ends[1] / 2, "µg")
    form_amounts = next(one for one in day["items"][0]["forms"] if one["group"] == "vitaminK1")
    by_source = {one["source"]["label"]: one for one in form_amounts["sources"]}
    assert by_source["CIQUAL 2020"]["per100Grams"]["minimum"] == Decimal(ciqual["k1_ug_per_100g"])
    assert by_source["USDA SR28"]["per100Grams"]["minimum"] == Decimal(sr28["value"])
    by_cup = next(one for one in form_amounts["sources"] if one["notCountedBecause"] == "otherBasis")
    assert by_cup["per100Grams"] is None


@pytest.mark.parametrize("food", ["natto", "id:sr28-16113"])
def test_natto_is_never_low_in_vitamin_k2(client: FlaskClient, food: str) -> None:
    day = post(client, items=[{"food": food, "amount": 85}])["results"][0]
    assert total(day, "menaquinone-7")["known"] == {"minimum": 850, "maximum": 850, "unit": "µg"}
    whole = total(day, "vitamin-k2")
    assert whole["known"] is None
    assert not whole["isComplete"]
    assert [one["minimum"] for one in whole["partlyKnownFor"]] == [850]
    assert whole["atLeast"] == {"minimum": 850, "unit": "µg"}
    assert total(day, "menaquinone-4")["unknownFor"]


def test_unknown_assumed_zero_zero_by_analysis_and_below_detection_are_four_values(client: FlaskClient) -> None:
    assumed = analysed = ""
    # Other sources give amounts for foods that are linked to one of the graph.
    linked = (CURATED / "composition" / "food-matches.ttl").read_text("utf-8")
    for row in rows(SR28 / "values.csv.gz"):
        if row["nutr_no"] == "430" and Decimal(row["value"]) == 0 and row["ndb_no"] not in linked:
            assumed = assumed or (row["ndb_no"] if row["source_code"] == "7" else "")
            analysed = analysed or (row["ndb_no"] if row["source_code"] == "1" else "")
    below = next(
        row for row in rows(CIQUAL / "vitamin_k.csv.gz") if row["k1_qualifier"] == "<" and not row["k2_ug_per_100g"]
    )
    names = [f"sr28-{assumed}", f"sr28-{analysed}", f"ciqual-{below['alim_code']}"]
    day = post(client, items=[{"food": name, "amount": 100} for name in names])["results"][0]
    states = [
        next(
            source["state"]
            for form_amounts in item["forms"]
            if form_amounts["group"] == "vitaminK1"
            for source in form_amounts["sources"]
            if source["measuredFood"]["iri"] == item["food"]["iri"]
        )
        for item in day["items"]
    ]
    assert states == ["assumedZero", "zeroByAnalysis", "belowDetection"]
    k1 = total(day, "phylloquinone")
    assert [one["item"] for one in k1["assumedZeroFor"]] == [0]
    assert [one["item"] for one in k1["belowDetectionFor"]] == [2]
    assert (k1["known"]["minimum"], k1["known"]["maximum"]) == (0, Decimal(below["k1_ug_per_100g"]))
    mk7 = total(day, "menaquinone-7")
    assert mk7["known"] is None
    assert len(mk7["unknownFor"]) == 3


def test_a_superseded_amount_is_shown_and_not_counted(client: FlaskClient) -> None:
    day = post(client, items=[{"food": "raw-kale", "amount": 100}])["results"][0]
    (k1,) = [one for one in day["items"][0]["forms"] if one["group"] == "vitaminK1"]
    reasons = {
        float(source["per100Grams"]["minimum"]): source["notCountedBecause"]
        for source in k1["sources"]
        if source["per100Grams"]
    }
    assert (reasons[704.8], reasons[389.6], reasons[390]) == ("superseded", "superseded", None)


def test_an_amount_without_a_number_is_shown_in_words_and_not_counted(client: FlaskClient) -> None:
    day = post(client, items=[{"food": "bls-N110000", "amount": 100}])["results"][0]
    (k1,) = [one for one in day["items"][0]["forms"] if one["group"] == "vitaminK1"]
    (source,) = k1["sources"]
    assert (source["state"], source["notCountedBecause"], source["per100Grams"]) == ("trace", "noNumber", None)
    assert k1["isUnknown"]


def test_the_nearest_food_of_a_table_is_shown_and_not_counted(client: FlaskClient) -> None:
    day = post(client, items=[{"food": "ghee", "amount": 10}])["results"][0]
    sources = [source for form_amounts in day["items"][0]["forms"] for source in form_amounts["sources"]]
    nearest = [
        source for source in sources if source["match"] and source["match"]["iri"].endswith("#hasNearestTableFood")
    ]
    assert nearest
    assert {source["notCountedBecause"] for source in nearest} == {"nearestFood"}


def test_shares_name_the_authority_and_only_count_known_k1(client: FlaskClient) -> None:
    found = post(client, items=[{"food": "sr28-11457", "amount": 100}], population="adults")
    day = found["results"][0]
    assert found["parameters"] == {"population": "id:adults"}
    (efsa,) = [one for one in day["referenceIntakes"] if one["authority"]["iri"] == ENTITY + "efsa"]
    assert efsa["nutrient"]["iri"] == ENTITY + "phylloquinone"
    known = total(day, "phylloquinone")["known"]
    for end in ("minimum", "maximum"):
        assert rounded(efsa["shareOfKnownK1"][end]) == rounded(known[end] * 100 / 70)
    every = post(client, items=[{"food": "natto", "amount": 1}])["results"][0]["referenceIntakes"]
    per_kilogram = [one for one in every if one["perDay"]["isPerKilogramBodyMass"]]
    assert per_kilogram
    assert all(one["shareOfKnownK1"] is None for one in per_kilogram)
    assert {one["nutrient"]["iri"] for one in every} == {ENTITY + "phylloquinone", ENTITY + "vitamin-k"}


def test_days_that_are_alike_do_not_differ_even_where_sources_do(client: FlaskClient) -> None:
    item = {"food": "id:raw-spinach", "amount": 30}
    alike = post(client, days=[{"name": "Mon", "items": [item]}, {"name": "Tue", "items": [item]}])
    (k1,) = [one for one in alike["constancy"]["spreads"] if one["group"] == "vitaminK1"]
    assert (k1["difference"]["minimum"], k1["difference"]["maximum"]) == (0, 0)
    assert "clinician" in alike["constancy"]["advice"]
    more = post(client, days=[{"items": [item]}, {"items": [{**item, "amount": 60}]}])
    (k1,) = [one for one in more["constancy"]["spreads"] if one["group"] == "vitaminK1"]
    known = total(more["results"][0], "phylloquinone")["known"]
    assert (k1["difference"]["minimum"], k1["difference"]["maximum"]) == (known["minimum"], known["maximum"])
    assert post(client, items=[item])["constancy"] is None


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"items": [{"food": "natoo", "amount": 1}]}, "items[0].food", "id:natto"),
        ({"items": [{"food": "Spinach, raw", "amount": 1}]}, "items[0].food", "more than one"),
        ({"items": [{"food": "menaquinone-7", "amount": 1}]}, "items[0].food", "class food"),
        ({"items": [{"food": "natto", "amount": -1}]}, "items[0].amount", "above 0"),
        ({"items": [{"food": "natto", "amount": 0}]}, "items[0].amount", "above 0"),
        ({"items": [{"food": "natto", "amount": 5001}]}, "items[0].amount", "5,000 g"),
        ({"items": [{"food": "sr28-11457", "amount": 300, "measure": "cup"}]}, "items[0].amount", "5,000 g"),
        ({"items": [{"food": "natto", "amount": "1e400"}]}, "items[0].amount", "number"),
        ({"items": [{"food": "natto"}]}, "items[0].amount", "missing"),
        ({"items": [{"food": "natto", "amount": True}]}, "items[0].amount", "number"),
        ({"items": [{"food": " ", "amount": 1}]}, "items[0].food", "missing"),
        ({"items": [{"amount": 1}]}, "items[0].food", "missing"),
        ({"items": [{"food": "sr28-11457", "amount": 1, "measure": "barrel"}]}, "items[0].measure", "cup"),
        ({"items": [{"food": "natto", "amount": 1, "weight": 1}]}, "items[0].weight", "Unknown field"),
        ({"items": [{"food": "\ud800", "amount": 1}]}, "items[0].food", "text"),
        ({"items": []}, "items", "at least one food"),
        ({"items": [{"food": "natto", "amount": 1}] * (MAX_ITEMS + 1)}, "items", "at most"),
        ({"days": [{"items": [{"food": "natto", "amount": 1}]}] * (MAX_DAYS + 1)}, "days", "at most"),
        ({"days": [{"name": "a", "items": []}, {"name": "a", "items": []}]}, "days[1].name", "Another day"),
        ({"days": [7]}, "days[0]", "object"),
        ({"days": {}, "items": []}, "items", "either"),
        ({}, "items", "either"),
        ({"items": [{"food": "natto", "amount": 1}], "population": "aduls"}, "population", "id:adults"),
    ],
)
def test_mistakes_are_reported_by_field(client: FlaskClient, body: dict[str, Any], field: str, words: str) -> None:
    found = post(client, 400, **body)
    reported = {error["field"]: error for error in found["errors"]}
    assert field in reported, reported
    assert words in reported[field]["detail"], reported[field]


def test_all_mistakes_are_reported_at_once(client: FlaskClient) -> None:
    items = [{"food": "natoo", "amount": -1}, {"food": "natto", "amount": "x"}]
    found = post(client, 400, items=items)
    assert {one["field"] for one in found["errors"]} == {"items[0].food", "items[0].amount", "items[1].amount"}
    assert "id:natto" in found["errors"][0]["nearest"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"\xff", 400), (b"[" * 100_000, 400), (b"[]", 400), (b"NaN", 400), (b" " * (1 << 20), 413),
     (b'{"items":[{"food":"natto","amount":1e999999999}]}', 400), (b'{"items":[{"food":"natto","amount":NaN}]}', 400)],
)  # fmt: skip
def test_bodies_of_any_bytes_are_problems(client: FlaskClient, body: bytes, status: int) -> None:
    response = client.post("/api/v1/diet", data=body)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


def test_the_answer_names_release_query_and_units(client: FlaskClient) -> None:
    found = post(client, items=[{"food": "natto", "amount": 50}])
    assert found["release"] == client.get("/healthz").json["release"]  # type: ignore[index]
    assert client.get(found["sparql"] + "&format=csv").status_code == 200
    assert client.get(found["links"]["page"], headers={"Accept": "text/html"}).status_code == 200

    def figures(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            if "minimum" in part:
                yield part
            for value in part.values():
                yield from figures(value)
        elif isinstance(part, list):
            for value in part:
                yield from figures(value)

    assert {figure["unit"] for figure in figures(found)} == {"µg", "%"}
