"""The reconciliation service over HTTP: what the manifest promises, what is answered, and what is rejected."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from server.reconciliation.limits import MAX_CANDIDATES, MAX_ENTITIES, MAX_QUERIES
from server.reconciliation.paths import PATH, PREVIEW, PROPERTIES
from tests.support.pages import BROWSER

SUGGESTIONS = ("entity", "type", "property")


@pytest.fixture(scope="module")
def operations(client: FlaskClient) -> dict[str, Any]:
    """The operations of the OpenAPI document, whose schemas are those of the specification, and stricter."""
    paths: dict[str, Any] = client.get("/openapi.json").get_json()["paths"]
    return {operation["operationId"]: operation for path in paths.values() for operation in path.values()}


def is_valid(operations: dict[str, Any], name: str, document: object) -> None:
    (content,) = operations[name]["responses"]["200"]["content"].values()
    assert [error.message for error in Draft202012Validator(content["schema"]).iter_errors(document)] == []


def reconciled(client: FlaskClient, batch: object, method: str = "post") -> Any:
    given = {"queries": json.dumps(batch)}
    response = client.post(PATH, data=given) if method == "post" else client.get(PATH, query_string=given)
    assert response.status_code == 200, response.text
    return response.json


def test_the_manifest_says_what_there_is(client: FlaskClient, operations: dict[str, Any]) -> None:
    response = client.get(PATH)
    manifest = response.json
    assert manifest is not None and response.headers["Access-Control-Allow-Origin"] == "*"
    is_valid(operations, "reconciliation", manifest)
    assert "0.2" in manifest["versions"] and manifest["batchSize"] == MAX_QUERIES
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        assert "{{id}}" in template
        assert client.get(template.replace("{{id}}", "natto"), headers={"Accept": BROWSER}).status_code in (200, 303)
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        address = service["service_url"] + service["service_path"]
        assert client.get(address, query_string={"prefix": "na"}).status_code in (200, 400)
    for kind in manifest["defaultTypes"]:
        assert client.get(PROPERTIES, query_string={"type": kind["id"]}).json["properties"]  # type: ignore[index]


def test_a_batch_gets_the_same_candidates_by_post_and_get(client: FlaskClient, operations: dict[str, Any]) -> None:
    batch = {
        "q0": {"query": "warfarine", "limit": 3},
        "q1": {"query": "MK-7", "type": "VitaminKForm", "type_strict": "should"},
        "q2": {"query": "natto", "type": ["Food"], "properties": [{"pid": "isMadeFrom", "v": {"id": "soybean"}}]},
        "q3": {"properties": [{"pid": "skos:exactMatch", "v": ["CHEBI:28384", 7, True]}]},
        "q4": {"query": "zzzzzzzzzzz"},
        "q5": {"query": "na", "limit": 10_000},
    }
    answer = reconciled(client, batch)
    assert answer == reconciled(client, batch, "get")
    is_valid(operations, "reconcile", answer)
    assert list(answer) == list(batch)
    best = {key: one["result"][0]["id"] for key, one in answer.items() if one["result"]}
    assert best["q0"] == "warfarin" and best["q1"] == "menaquinone-7" and best["q2"] == "natto"
    assert best["q3"] == "vitamin-k" and "q4" not in best
    assert not answer["q0"]["result"][0]["match"] and answer["q1"]["result"][0]["match"]
    assert len(answer["q0"]["result"]) <= 3 and len(answer["q5"]["result"]) <= MAX_CANDIDATES


def test_values_are_added_with_their_units(client: FlaskClient, operations: dict[str, Any]) -> None:
    properties = ["skos:exactMatch", "isMadeFrom", "isoprenoidUnitCount", "amount"]
    ids = ["natto", "menaquinone-7", "claim-f088-1", "nothing"]
    extend = {
        "ids": ids,
        "properties": [{"id": one} for one in properties],
    }
    for method in ("post", "get"):
        given = {"extend": json.dumps(extend)}
        answer = (client.post(PATH, data=given) if method == "post" else client.get(PATH, query_string=given)).json
        assert answer is not None
        is_valid(operations, "reconcile", answer)
        assert [one["id"] for one in answer["meta"]] == properties
        assert {key: list(row) for key, row in answer["rows"].items()} == dict.fromkeys(ids, properties)
        assert answer["rows"]["natto"]["isMadeFrom"] == [{"id": "soybean", "name": "soybean"}]
        assert answer["rows"]["menaquinone-7"]["isoprenoidUnitCount"] == [{"int": 7}]
        assert {"str": "CHEBI:44245"} in answer["rows"]["menaquinone-7"]["skos:exactMatch"]
        assert answer["rows"]["claim-f088-1"]["amount"] == [{"str": "63 µg per 100 g"}]
        assert not any(answer["rows"]["nothing"].values())


@pytest.mark.parametrize("kind", SUGGESTIONS)
@pytest.mark.parametrize("prefix", ["na", "vitamin", "Food", "made", "id:natto", "zzzz"])
def test_suggestions(client: FlaskClient, operations: dict[str, Any], kind: str, prefix: str) -> None:
    address = f"{PATH}/suggest/{kind}"
    answer = client.get(address, query_string={"prefix": prefix}).json
    assert answer is not None
    is_valid(operations, f"suggest{kind.capitalize()}", answer)
    after = client.get(address, query_string={"prefix": prefix, "cursor": 1}).json
    assert after is not None
    assert after["result"][: len(answer["result"]) - 1] == answer["result"][1:20] or ":" in prefix
    expected = {
        ("entity", "na"): "natto",
        ("entity", "id:natto"): "natto",
        ("type", "Food"): "Food",
        ("property", "made"): "isMadeFrom",
    }
    if wanted := expected.get((kind, prefix)):
        assert wanted in [one["id"] for one in answer["result"]]
    if prefix == "zzzz":
        assert answer["result"] == []


def test_proposed_properties_are_those_that_can_be_added(client: FlaskClient, operations: dict[str, Any]) -> None:
    answer = client.get(PROPERTIES, query_string={"type": "Menaquinone", "limit": 5}).json
    assert answer is not None
    is_valid(operations, "proposeProperties", answer)
    assert len(answer["properties"]) == 5 and answer["type"] == "Menaquinone"
    extend = {"ids": ["menaquinone-7"], "properties": [{"id": one["id"]} for one in answer["properties"]]}
    assert client.post(PATH, data={"extend": json.dumps(extend)}).status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"queries": "{"}, "queries"),
        ({"queries": "[]"}, "queries"),
        ({"queries": "[" * 100_000}, "queries"),
        ({"queries": '{"a": 1}'}, "queries.a"),
        ({"queries": '{"a": {}}'}, "queries.a"),
        ({"queries": '{"a": {"query": ""}}'}, "queries.a.query"),
        ({"queries": json.dumps({"a": {"query": "x" * 501}})}, "queries.a.query"),
        ({"queries": '{"a": {"query": "x", "name": "y"}}'}, "queries.a.name"),
        ({"queries": '{"a": {"query": "x", "limit": 0}}'}, "queries.a.limit"),
        ({"queries": '{"a": {"query": "x", "limit": 1e999}}'}, "queries.a.limit"),
        ({"queries": '{"a": {"query": "x", "limit": NaN}}'}, "queries.a.limit"),
        ({"queries": '{"a": {"query": "x", "type": "Fod"}}'}, "queries.a.type"),
        ({"queries": '{"a": {"query": "x", "type_strict": "maybe"}}'}, "queries.a.type_strict"),
        ({"queries": '{"a": {"query": "x", "properties": [{"pid": "minimumAmount", "v": 1}]}}'}, "queries.a.properties.0.pid"),
        ({"queries": '{"a": {"query": "x", "properties": [{"pid": "hedge", "v": null}]}}'}, "queries.a.properties.0.v"),
        ({"queries": "{}", "extend": "{}"}, "queries"),
        ({"extend": '{"ids": ["natto"]}'}, "extend.properties"),
        ({"extend": '{"ids": ["natto"], "properties": [{"id": "nothing"}]}'}, "extend.properties.0.id"),
        ({"extend": '{"ids": [7], "properties": []}'}, "extend.ids.0"),
        ({"extend": '{"ids": [], "properties": [{"id": "hedge", "settings": {"limit": 1}}]}'}, "extend.properties.0.settings"),
        ({"queries": "{}", "callback": "f"}, "callback"),
        ({}, "queries"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(client: FlaskClient, given: dict[str, str], field: str) -> None:
    response = client.post(PATH, data=given)
    assert response.status_code == 400
    assert field in [error["field"] for error in response.json["errors"]]  # type: ignore[index]


@pytest.mark.parametrize(
    "given",
    [
        {"queries": json.dumps({str(number): {"query": "x"} for number in range(MAX_QUERIES + 1)})},
        {"extend": json.dumps({"ids": ["natto"] * (MAX_ENTITIES + 1), "properties": []})},
    ],
)
def test_a_batch_that_asks_for_too_much_is_rejected(client: FlaskClient, given: dict[str, str]) -> None:
    response = client.post(PATH, data=given)
    assert response.status_code == 413 and "at most" in response.json["detail"]  # type: ignore[index]


def test_the_preview_can_be_framed_and_says_whose_statement_it_is(client: FlaskClient) -> None:
    for name, words in {
        "natto": "Japanese food",
        "claim-f088-1": "what a source says",
        "proposition-k2-lowers-fracture": "may be true or false",
    }.items():
        page = client.get(PREVIEW, query_string={"id": name})
        assert words in page.text and page.text.count("<h1") == 1
        assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
        again = client.get(PREVIEW, query_string={"id": name}, headers={"If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304 and "frame-ancestors *" in again.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/about").headers["Content-Security-Policy"]
    assert client.get(PREVIEW, query_string={"id": "nothing"}).status_code == 404
