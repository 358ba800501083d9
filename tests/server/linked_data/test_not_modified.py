"""A client that has a document already gets a 304 without a query."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kg.reader.reader import Reader
from kg.release.release import Release
from kg.settings import Settings
from server.app import create_app
from server.core.state import state_of
from tests.support.counting import QueryCounter

BROWSER = {"Accept": "text/html"}
PATHS = (
    *("/page/natto", "/page/menaquinone-7", "/page/claim-f034-1", "/data/natto.md", "/data/natto.ttl"),
    *("/ontology", "/ontology/Food", "/ontology/Food.ttl", "/dataset", "/graph/entities"),
)


@pytest.fixture(scope="module")
def counter() -> QueryCounter:
    return QueryCounter()


@pytest.fixture(scope="module")
def counted(client: FlaskClient, small_release: Release, counter: QueryCounter) -> FlaskClient:
    """A client whose server counts its queries."""
    engine = state_of(client.application).engine
    # A page that ran out of time has no tag.
    settings = Settings(page_budget_ms=60_000)
    return create_app(settings, Reader(small_release, counter), engine).test_client()


@pytest.mark.parametrize("path", PATHS)
def test_a_304_costs_no_query(counted: FlaskClient, counter: QueryCounter, path: str) -> None:
    first = counted.get(path, headers=BROWSER)
    before = counter.count
    again = counted.get(path, headers={**BROWSER, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, counter.count - before) == (304, 0)


def test_a_304_of_the_version_iri_of_the_ontology_costs_no_query(counted: FlaskClient, counter: QueryCounter) -> None:
    path = f"/ontology/{state_of(counted.application).reader.ontology_version}"
    first = counted.get(path, headers=BROWSER)
    before = counter.count
    again = counted.get(path, headers={**BROWSER, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, counter.count - before) == (304, 0)


def test_an_iri_is_redirected_after_one_query(counted: FlaskClient, counter: QueryCounter) -> None:
    counted.get("/id/natto")
    before = counter.count
    assert counted.get("/id/natto").status_code == 303
    assert counter.count - before == 1
