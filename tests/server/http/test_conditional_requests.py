"""Conditional and range requests (RFC 9110, 13 and 14)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from server.middleware.cache.regions import page_cache, query_cache

PATHS = (
    *("/", "/about", "/search?q=mk-7", "/api", "/diet", "/page/natto", "/data/natto", "/data/natto.ttl", "/ontology"),
    *("/ontology/Food", "/dataset", "/graph/claims", "/.well-known/void", "/sparql", "/sparql?query=ASK%7B%7D"),
    *("/api/v1/entities/natto", "/context.jsonld", "/openapi.json", "/robots.txt", "/sitemap.xml", "/static/home.css"),
)
DUMP = "/dumps/vitk.nq.gz"
REQUIRED = ("Content-Location", "ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin", "Vitk-Release")


@pytest.fixture(scope="module")
def cached(client: FlaskClient) -> Client:
    """The application behind its caches, as in a server."""
    app = client.application
    cache = query_cache(page_cache(app.wsgi_app, 8 << 20), 8 << 20)
    return Client(cache, use_cookies=False)


def call(cached: Client, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    # The page of a query is made anew each time.
    accept = "*/*" if path.startswith("/sparql") else "text/html,*/*;q=0.8"
    with cached.get(path, headers={"Accept": accept, **headers}) as response:
        return response.status_code, dict(response.headers)


@pytest.mark.parametrize("path", PATHS)
def test_a_304_has_what_the_200_would_have(cached: Client, path: str) -> None:
    _, complete = call(cached, path)
    for _ in range(2):
        status, headers = call(cached, path, **{"If-None-Match": complete["ETag"]})
        assert status == 304
        for name in REQUIRED:
            assert headers.get(name) == complete.get(name), name


@pytest.mark.parametrize("path", [*PATHS, DUMP])
def test_any_representation_matches_a_star(cached: Client, path: str) -> None:
    for _ in range(2):
        status, headers = call(cached, path, **{"If-None-Match": "*"})
        assert (status, headers.get("Content-Type")) == (304, None)
        assert headers["ETag"]
        call(cached, path)


def test_a_star_matches_nothing_where_nothing_is(client: FlaskClient) -> None:
    assert client.get("/data/no-such-food.ttl", headers={"If-None-Match": "*"}).status_code == 404
    response = client.post("/sparql", data={"query": "ASK {}"}, headers={"If-None-Match": "*"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Range": "bytes=0-9"}, 206),
        ({"Range": "bytes=0-9", "If-None-Match": "{tag}"}, 304),
        ({"Range": "bytes=0-9", "If-None-Match": "*"}, 304),
        ({"Range": "bytes=0-9", "If-None-Match": '"other"'}, 206),
        ({"Range": "bytes=0-9,20-29"}, 200),
        ({"Range": "bytes=999999999999-"}, 416),
        ({"If-Match": "*"}, 200),
        ({"If-Match": "{tag}"}, 200),
        ({"If-Match": '"other", {tag}', "Range": "bytes=0-9"}, 206),
        ({"If-Match": '"other"'}, 412),
        ({"If-Match": "W/{tag}"}, 412),
        ({"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 412),
        ({"If-Unmodified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}, 200),
        ({"If-Match": "*", "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
        ({"Range": "bytes=0-9", "If-Range": "{tag}"}, 206),
        ({"Range": "bytes=0-9", "If-Range": '"other"'}, 200),
    ],
)
def test_a_download_follows_conditions_and_ranges(client: FlaskClient, headers: dict[str, Any], status: int) -> None:
    with client.get(DUMP) as whole:
        tag, content = whole.headers["ETag"], whole.data
    sent = {name: value.replace("{tag}", tag) for name, value in headers.items()}
    with client.get(DUMP, headers=sent) as response:
        assert response.status_code == status
        expected = {200: content, 206: content[:10], 304: b""}
        if status in expected:
            assert response.data == expected[status]
            assert response.headers["ETag"] == tag
        if status == 412:
            assert response.get_json()["title"] == "Precondition failed"
