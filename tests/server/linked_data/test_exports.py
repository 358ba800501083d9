"""Propositions in vocabularies of others, over HTTP, and claims in the words of schema.org."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import Dataset

from kg.rdf.formats import EXPORT_FORMATS
from kg.reader.reader import Reader
from tests.server.linked_data.test_linked_data import links_of
from tests.support.paths import BASE

HTML = {"Accept": "text/html"}
DECIDED, MIXED = "proposition-k2-activates-osteocalcin", "proposition-k2-lowers-fracture"


def structured(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">([^<]*)</script>', page)
    assert found
    document = json.loads(found[1])["mainEntity"]
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("fmt", EXPORT_FORMATS, ids=lambda fmt: fmt.name)
def test_a_proposition_has_a_document_for_each_export(client: FlaskClient, fmt: Any) -> None:
    response = client.get(f"/data/{DECIDED}.{fmt.name}")
    assert (response.status_code, response.content_type) == (200, fmt.content_type)
    again = client.get(f"/data/{DECIDED}.{fmt.name}", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    seen = client.get(f"/id/{DECIDED}.{fmt.name}")
    assert (seen.status_code, seen.headers["Location"]) == (303, f"/data/{DECIDED}.{fmt.name}")
    if fmt.name == "nanopub":
        assert len(Dataset().parse(data=response.data, format="trig"))
    else:
        assert response.get_json()["id"].startswith(f"{BASE}id/{DECIDED}")


def test_page_data_and_linkset_point_at_the_exports(client: FlaskClient) -> None:
    wanted = {(f"/data/{DECIDED}.{fmt.name}", fmt.media_type, fmt.profile) for fmt in EXPORT_FORMATS}
    for path in (f"/page/{DECIDED}", f"/data/{DECIDED}.ttl"):
        response = client.get(path, headers=HTML)
        links = links_of(response.headers["Link"])
        found = {(to, given.get("type"), given.get("profile")) for to, given in links if given["rel"] == "alternate"}
        assert wanted <= found, path
    page = client.get(f"/page/{DECIDED}", headers=HTML).text
    assert all(f'href="{path}"' in page for path, _, _ in wanted)
    described = client.get(f"/data/{DECIDED}.linkset", headers={"Accept": "*/*"})
    anchors = {context["anchor"] for context in json.loads(described.data)["linkset"]}
    assert {f"http://localhost{path}" for path, _, _ in wanted} <= anchors


def test_what_has_no_such_export_says_which_formats_there_are(client: FlaskClient) -> None:
    for path in (f"/data/{MIXED}.biolink", "/data/natto.va-spec", "/data/claim-f002-1.nanopub"):
        response = client.get(path)
        assert (response.status_code, response.mimetype) == (406, "application/problem+json"), path
        assert "ttl" in response.get_json()["detail"]
    assert ".biolink" not in client.get(f"/page/{MIXED}", headers=HTML).text
    assert client.get("/data/proposition-that-is-not-there.va-spec").status_code in (404, 406)


def test_exports_are_never_negotiated(client: FlaskClient) -> None:
    assert client.get(f"/data/{DECIDED}", headers={"Accept": "application/json"}).status_code == 406
    trig = client.get(f"/data/{DECIDED}", headers={"Accept": "application/trig"})
    assert trig.headers["Content-Location"] == f"/data/{DECIDED}.trig"


def test_the_iri_of_a_nanopublication_leads_to_it(client: FlaskClient, reader: Reader) -> None:
    document = client.get(f"/data/{DECIDED}.nanopub").text
    found = re.search(rf"<{BASE}(np/{DECIDED}/RA[\w-]{{43}})> a np:Nanopublication", document)
    assert found
    response = client.get(f"/{found[1]}")
    assert (response.status_code, response.headers["Location"]) == (303, f"/data/{DECIDED}.nanopub")
    assert f"<{BASE}data/{DECIDED}.nanopub?release={reader.release.id}>" in document
    for changed in (f"/{found[1][:-1]}", f"/{found[1]}x", "/np/natto/RA", f"/np/{DECIDED}/x"):
        assert client.get(changed).status_code == 404


def test_a_claim_is_reviewed_with_its_standing_and_without_a_number(client: FlaskClient) -> None:
    claim = structured(client.get("/page/claim-f002-1", headers=HTML).text)
    review = claim["review"]
    assert (claim["@type"], review["@type"]) == ("Claim", "ClaimReview")
    assert review["claimReviewed"] == claim["name"] == "Vitamin K2 lowers the risk of bone fracture."
    assert review["url"] == "http://localhost/page/claim-f002-1"
    assert review["reviewRating"].keys() == {"@type", "alternateName", "ratingExplanation"}
    assert review["reviewRating"]["alternateName"] == "overstated"
    assert (review["itemReviewed"]["@type"], review["itemReviewed"]["@id"]) == ("Claim", claim["@id"])
    assert review["author"]["@type"] == "Organization"
    assert [one["@id"] for one in claim["appearance"]] == [f"{BASE}id/section-intro"]


def test_a_claim_too_vague_to_assess_is_not_reviewed(client: FlaskClient, reader: Reader) -> None:
    rows = reader.select(f"SELECT ?c {{ ?c <{BASE}ontology#standing> <{BASE}ontology#tooVagueStanding> }} LIMIT 1")
    name = rows[0]["c"].value.removeprefix(BASE + "id/")
    claim = structured(client.get(f"/page/{name}", headers=HTML).text)
    assert claim["@type"] == "Claim"
    assert "review" not in claim


def test_a_proposition_is_a_claim_that_appears_where_it_is_expressed(client: FlaskClient) -> None:
    proposition = structured(client.get(f"/page/{MIXED}", headers=HTML).text)
    assert proposition["@type"] == "Claim"
    sections = [one["@id"] for one in proposition["appearance"]]
    assert f"{BASE}id/section-intro" in sections
    assert len(set(sections)) == len(sections) > 1
    assert "review" not in proposition
