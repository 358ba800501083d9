"""Content negotiation by profile: one entity in our model, schema.org, Biolink, VA-Spec and as a nanopublication."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kg.rdf.formats import BIOLINK, NANOPUB, VA_SPEC
from server.middleware.cache.key import key_of

OURS, SCHEMA = "https://w3id.org/vitk/ontology", "https://schema.org/"
PROPOSITION = "proposition-k2-activates-osteocalcin"
BY_PROFILE = {
    "vitk": (OURS, "text/turtle"),
    "schema-org": (SCHEMA, "application/ld+json"),
    "va-spec": (VA_SPEC.profile, "application/json"),
    "biolink": (BIOLINK.profile, "application/json"),
    "nanopub": (NANOPUB.profile, "application/trig"),
}


@pytest.mark.parametrize("token", BY_PROFILE)
def test_header_token_and_iri_lead_to_the_document_of_a_profile(client: FlaskClient, token: str) -> None:
    iri, media_type = BY_PROFILE[token]
    path = f"/data/{PROPOSITION}"
    answers = [
        client.get(path, headers={"Accept-Profile": f"<{iri}>"}),
        client.get(path, query_string={"_profile": token}),
        client.get(path, query_string={"_profile": iri}),
    ]
    assert {(answer.status_code, answer.mimetype) for answer in answers} == {(200, media_type)}
    assert len({answer.data for answer in answers}) == 1
    for answer in answers:
        assert f'<{iri}>; rel="profile"' in answer.headers["Link"]
        assert {"accept", "accept-profile"} <= set(answer.vary.as_set())
    suffix = "ttl" if token == "vitk" else token
    assert client.get(f"{path}.{suffix}").data == answers[0].data


def test_an_iri_redirects_to_the_document_of_a_profile(client: FlaskClient) -> None:
    answer = client.get(f"/id/{PROPOSITION}", headers={"Accept-Profile": f"<{NANOPUB.profile}>", "Accept": "*/*"})
    assert (answer.status_code, answer.location) == (303, f"/data/{PROPOSITION}.nanopub")
    assert "Accept-Profile" in answer.vary


def test_schema_org_describes_the_entity(client: FlaskClient) -> None:
    document = json.loads(client.get("/data/menaquinone-7?_profile=schema-org").data)
    about = document["mainEntity"]
    assert (about["@id"], about["@type"], about["name"]) == (
        "https://w3id.org/vitk/id/menaquinone-7",
        "MolecularEntity",
        "menaquinone-7",
    )
    term = client.get("/ontology/Menaquinone", headers={"Accept-Profile": f"<{SCHEMA}>"})
    assert term.get_json(force=True)["mainEntity"]["@type"] == "DefinedTerm"


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (f"<{SCHEMA}>;q=0.4, <{VA_SPEC.profile}>; q=0.9", "va-spec"),
        (f"<http://example.org/unknown>, <{SCHEMA}>;q=0.1", "schema-org"),
        (f"{SCHEMA}", "schema-org"),
        (f"<{NANOPUB.profile}>, <{SCHEMA}>", "nanopub"),
        ("", "vitk"),
    ],
)
def test_the_preferred_profile_that_is_there_is_sent(client: FlaskClient, header: str, token: str) -> None:
    answer = client.get(f"/data/{PROPOSITION}", headers={"Accept-Profile": header})
    assert f'<{BY_PROFILE[token][0]}>; rel="profile"' in answer.headers["Link"]


def test_media_types_are_chosen_within_a_profile(client: FlaskClient) -> None:
    ours = {"Accept-Profile": f"<{OURS}>"}
    assert (
        client.get("/data/natto", headers={**ours, "Accept": "application/ld+json"}).mimetype == "application/ld+json"
    )
    refused = client.get("/data/natto", headers={"Accept-Profile": f"<{SCHEMA}>", "Accept": "text/turtle"})
    assert refused.status_code == 406
    assert [one["mediaType"] for one in refused.get_json()["available"]] == ["application/ld+json"]


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("?_profile=nanopub", {}, 406),
        ("?_profile=nonsense", {}, 400),
        ("", {"Accept-Profile": f"<{BIOLINK.profile}>"}, 406),
        ("", {"Accept-Profile": "nonsense"}, 406),
        ("", {"Accept-Profile": f"<{SCHEMA}>;q=0"}, 406),
    ],
)
def test_a_profile_that_is_not_there_names_those_that_are(
    client: FlaskClient, query: str, headers: dict[str, str], status: int
) -> None:
    """A food is not a proposition, so it has no nanopublication."""
    answer = client.get(f"/data/natto{query}", headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert [one["token"] for one in answer.get_json()["available"]] == ["vitk", "schema-org"]
    assert "Accept-Profile" in answer.vary


def test_alternates_list_each_profile_with_its_document(client: FlaskClient) -> None:
    answer = client.get(f"/data/{PROPOSITION}?_profile=alt")
    assert answer.mimetype == "application/linkset+json"
    listed = {
        link.get("profile") for one in answer.get_json(force=True)["linkset"] for link in one.get("alternate", [])
    }
    assert {SCHEMA, VA_SPEC.profile, BIOLINK.profile, NANOPUB.profile} <= listed
    header = client.get(f"/data/{PROPOSITION}.ttl").headers["Link"]
    for token in ("schema-org", "va-spec", "biolink", "nanopub"):
        assert f'</data/{PROPOSITION}.{token}>; rel="alternate"' in header


def test_a_nanopublication_by_profile_is_one(client: FlaskClient) -> None:
    body = client.get(f"/data/{PROPOSITION}?_profile=nanopub").data
    assert len({quad.graph_name for quad in parse(body, format=RdfFormat.TRIG)}) == 4


def test_requests_for_different_profiles_are_different_to_the_cache() -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "localhost",
        "PATH_INFO": "/data/natto",
        "QUERY_STRING": "",
    }
    keys = [key_of({**environ, **more}) for more in ({}, {"HTTP_ACCEPT_PROFILE": f"<{SCHEMA}>"})]
    assert None not in keys and keys[0] != keys[1]
