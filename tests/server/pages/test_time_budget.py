"""Pages that run out of time: what they are about stays, and what is left out is named."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kg.reader.reader import Reader
from kg.settings import Settings
from server.app import create_app
from server.core.state import state_of
from tests.server.pages.test_pages import KINDS


@pytest.fixture(scope="module")
def hasty(client: FlaskClient, reader: Reader) -> FlaskClient:
    """A client of an application whose pages have no time at all."""
    return create_app(Settings(page_budget_ms=0), reader, state_of(client.application).engine).test_client()


def test_a_page_without_time_shows_the_rest_and_says_so(client: FlaskClient, hasty: FlaskClient) -> None:
    for name in KINDS:
        response = hasty.get(f"/page/{name}")
        assert response.status_code == 200
        assert "cut short" in response.text
        assert "Load it again" in response.text
        assert response.headers["Cache-Control"] == "no-store"
        assert "X-Vitk-Cache" not in response.headers
    assert '<h2 id="claims">Claims' in hasty.get("/page/menaquinone-7").text
    assert "cut short" not in client.get("/page/adults").text


# What surrounds an entity; all other sections are of what it is about.
_SURROUNDINGS = {"incoming", "imported", "connections"}


@pytest.mark.parametrize("name", [*KINDS, "apixaban", "phylloquinone", "vitamin-k2", "women", "kale", "bone-fracture"])
def test_a_page_without_time_lacks_nothing_on_which_people_may_act(
    client: FlaskClient, hasty: FlaskClient, name: str
) -> None:
    complete, short = (one.get(f"/page/{name}").text for one in (client, hasty))

    def sections(page: str) -> dict[str, str]:
        found = re.findall(r'<section aria-labelledby="([\w-]+)">(.*?)</section>', page, re.DOTALL)
        return {name: text for name, text in found if name not in _SURROUNDINGS}

    assert sections(short) == sections(complete)
