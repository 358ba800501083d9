"""What protects people who open a page: a strict content policy, and input that is shown only escaped."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from server.http.headers import CONTENT_SECURITY_POLICY
from tests.support.pages import BROWSER, PAGES


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_html_with_a_strict_policy_and_no_inline_script_or_style(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert not re.search(
        r"<script(?! type=\"module\" src=\"[^\"]+\"></script>| type=\"application/(ld\+)?json\">[^<]*</script>)"
        r"|<style|\sstyle=|\son\w+=|javascript:",
        response.text,
    )
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize(
    "name",
    [
        "..%2F..%2Fetc%2Fpasswd",
        "a%00b",
        "%ff%fe",
        "x" * 10_000,
        "<script>alert(1)</script>",
        "a b",
        "a>b",
        'a"b',
        "%0d%0aX: y",
    ],
)
def test_hostile_names_are_client_errors_and_reflected_only_escaped(client: FlaskClient, name: str) -> None:
    for path in (f"/page/{name}", f"/id/{name}", f"/data/{name}.ttl", f"/search?q={name}", f"/ontology/{name}"):
        response = client.get(path, headers={"Accept": BROWSER})
        assert response.status_code in (200, 400, 404), path
        assert "<script>alert" not in response.text
        assert "Traceback" not in response.text
