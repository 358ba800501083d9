"""Scripts of other origins may send any request that changes nothing, to every route."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

PATHS = (
    *("/", "/id/natto", "/data/natto.ttl", "/ontology", "/ontology/Food.ttl", "/dataset.ttl", "/graph/claims"),
    *("/dumps/vitk.nq.gz", "/context.jsonld", "/api/v1/foods", "/api/v1/diet", "/openapi.json", "/sparql", "/nothing"),
)


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_allows_every_requested_header(client: FlaskClient, path: str) -> None:
    names = "accept,authorization,cache-control,content-type,if-none-match,x-requested-with"
    for method in ("GET", "POST", "QUERY"):
        sent = {
            "Origin": "https://a.example",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": names,
        }
        preflight = client.options(path, headers=sent)
        assert preflight.status_code == 200
        assert preflight.headers["Access-Control-Allow-Origin"] == "*"
        assert method in preflight.headers["Access-Control-Allow-Methods"]
        assert preflight.headers["Access-Control-Allow-Headers"] == names
        assert "Access-Control-Request-Headers" in preflight.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in preflight.headers


def test_what_is_no_list_of_header_names_is_not_sent_back(client: FlaskClient) -> None:
    for names in ("", "a b", "<script>", "a," * 1000):
        sent = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": names}
        assert client.options("/id/natto", headers=sent).headers["Access-Control-Allow-Headers"].startswith("Accept, ")


def test_options_without_a_preflight_name_the_methods_of_the_route(client: FlaskClient) -> None:
    assert set(client.options("/id/natto").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "POST" in client.options("/sparql").headers["Allow"]
    assert client.options("/nothing").status_code == 404


def test_a_diet_may_be_posted_from_another_origin(client: FlaskClient) -> None:
    response = client.post(
        "/api/v1/diet", json={"items": [{"food": "natto", "grams": 50}]}, headers={"Origin": "https://a.example"}
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
