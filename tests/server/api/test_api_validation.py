"""What the API rejects: reported field by field, with the nearest names, and never as a fault of the server."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

V1 = "/api/v1"
BAD = [
    ("/foods?min=x", 400, ["min"]),
    ("/foods?min=-1", 400, ["min"]),
    ("/foods?min=1e9", 400, ["min"]),
    ("/foods?min=nan", 400, ["min"]),
    ("/foods?sort=up", 400, ["sort"]),
    ("/foods?form=warfarin&min=x&frm=1", 400, ["frm", "form", "min"]),
    ("/foods?form=mk-4&form=mk-7", 400, ["form"]),
    ("/foods?limit=0", 400, ["limit"]),
    ("/foods?limit=1001", 400, ["limit"]),
    ("/foods?limit=%F0%9D%9F%9A", 400, ["limit"]),
    ("/foods?cursor=nonsense", 400, ["cursor"]),
    ("/foods?cursor=%00%ff", 400, ["cursor"]),
    ("/foods?format=docx", 400, ["format"]),
    ("/foods?measure=" + "x" * 5000, 400, ["measure"]),
    ("/forms/compare?forms=" + ",".join(["mk-7"] * 50), 400, ["forms"]),
    ("/forms/compare?forms=mk-7,warfarin", 400, ["forms"]),
    ("/forms/compare?forms=mk-7&forms=mk-4", 400, ["forms"]),
    ("/path?from=natto", 400, ["to"]),
    ("/path?from=natto&to=osteocalcin&steps=5", 400, ["steps"]),
    ("/conditions/osteporosis/evidence", 404, ["condition"]),
    ("/conditions/osteoporosis/evidence?condition=x", 400, ["condition"]),
    ("/search", 400, ["q"]),
    ("/search?q=", 400, ["q"]),
    ("/search?q=%20", 400, ["q"]),
    ("/queries/evidence-for-a-claim?claim=%1D", 400, ["claim"]),
    ("/queries/evidence-for-a-claim?claim=" + "%1D" * 501, 400, ["claim"]),
    ("/foods?min=%20", 400, ["min"]),
    ("/foods?format=&limit=&group=", 400, ["format", "limit", "group"]),
    ("/contradictions?x=1", 400, ["x"]),
    ("/queries?tag=nothing", 400, ["tag"]),
]


@pytest.mark.parametrize(("path", "status", "fields"), BAD, ids=[path[:50] for path, *_ in BAD])
def test_bad_input_is_reported_field_by_field(client: FlaskClient, path: str, status: int, fields: list[str]) -> None:
    response = client.get(V1 + path)
    document = response.get_json()
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert [error["field"] for error in document["errors"]] == fields
    assert all(error["detail"] for error in document["errors"])


def test_who_gives_a_list_in_pieces_learns_how_lists_are_written(client: FlaskClient) -> None:
    detail = client.get(f"{V1}/forms/compare?forms=mk-7&forms=mk-4").get_json()["detail"]
    assert detail == "forms occurs 2 times. Separate its values by commas."


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/queries/foods-by-fom", "/api/v1/queries/foods-by-form"),
        ("/contradiction", "/api/v1/contradictions"),
        ("/foods.xlsx", "/api/v1/foods"),
    ],
)
def test_an_unknown_operation_lists_the_nearest(client: FlaskClient, path: str, nearest: str) -> None:
    response = client.get(V1 + path)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert nearest in response.get_json()["nearest"]


def test_unknown_entities_and_values_list_the_nearest(client: FlaskClient) -> None:
    missing = client.get(V1 + "/entities/menaquinone-77")
    assert missing.status_code == 404
    assert "menaquinone-7" in [near["label"] for near in missing.get_json()["nearest"]]
    error = client.get(V1 + "/conditions/osteporosis/evidence").get_json()["errors"][0]
    assert "id:osteoporosis" in error["nearest"]


HOSTILE = [
    "%00",
    "%ff%fe",
    "x" * 9000,
    "a%0d%0aX:y",
    "..%2F..%2Fetc",
    "%3E%20%7D%20%23",
    "{{7*7}}",
    "٣",
    "\U0001f96c",
    "<>",
    "a:b:c",
    ":",
    "id:",
]


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_are_client_errors(client: FlaskClient, bad: str) -> None:
    text = bad if "%" in bad else quote(bad)
    for path in (
        f"/entities/{text}",
        f"/conditions/{text}/evidence",
        f"/queries/{text}",
        f"/claims?about={text}",
        f"/foods?min={text}",
        f"/foods?cursor={text}",
        f"/foods?{text}={text}",
        f"/explain?s={text}&p={text}&o={text}",
        f"/queries/foods-by-form.html?form={text}",
    ):
        response = client.get(V1 + path)
        assert response.status_code in (400, 404), path
        assert "Traceback" not in response.text


def test_methods_that_are_not_there_are_405(client: FlaskClient) -> None:
    for method in ("post", "put", "delete", "patch"):
        response = getattr(client, method)(V1 + "/foods", data=b"\xff" * 1000)
        assert response.status_code == 405
        assert response.mimetype == "application/problem+json"


def test_an_operation_that_does_not_take_get_says_what_it_takes(client: FlaskClient) -> None:
    response = client.get(V1 + "/diet")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST, OPTIONS")
    assert response.mimetype == "application/problem+json"
