"""What a format can't express is reported, with a format that can; nothing is written that no reader takes."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

CONSTRUCT = "CONSTRUCT { <http://x/s> <%s> %s } {}"


@pytest.mark.parametrize(
    ("query", "fmt", "said", "instead"),
    [
        (CONSTRUCT % ("http://x/1", "1"), "rdf", "the predicate <http://x/1>", "ttl"),
        (CONSTRUCT % ("urn:x:", "1"), "rdf", "the predicate <urn:x:>", "ttl"),
        (CONSTRUCT % ("http://x/p", '"\\u0001"'), "rdf", "the character U+0001", "ttl"),
        ('SELECT ("\\u0001" AS ?x) {}', "xml", "the character U+0001", "json"),
        ('SELECT ("\\uFFFE" AS ?x) {}', "xml", "the character U+FFFE", "json"),
        ("CONSTRUCT { <a:s> <a:p> <<( <a:s> <a:q> 1 )>> } {}", "jsonld", "a triple as the object", "ttl"),
    ],
)
def test_what_a_format_has_no_way_to_say_is_reported(
    client: FlaskClient, query: str, fmt: str, said: str, instead: str
) -> None:
    answer = client.get("/sparql", query_string={"query": query, "format": fmt})
    assert answer.status_code == 400
    assert said in answer.get_json()["detail"]
    assert f"format={instead}" in answer.get_json()["detail"]
    assert client.get("/sparql", query_string={"query": query, "format": instead}).status_code == 200


@pytest.mark.parametrize("local", ["p", "1a", "a.b-c", "é", "a/b#c_1"])
def test_rdf_xml_that_is_written_is_well_formed(client: FlaskClient, local: str) -> None:
    answer = client.get("/sparql", query_string={"query": CONSTRUCT % ("http://x/" + local, "1"), "format": "rdf"})
    assert answer.status_code == 200, answer.text
    ElementTree.fromstring(answer.data)


def test_json_ld_keeps_the_direction_of_a_text(client: FlaskClient) -> None:
    query = 'CONSTRUCT { <a:s> <a:p> ?x } { BIND("a"@ar--rtl AS ?x) }'
    document = json.loads(client.get("/sparql", query_string={"query": query, "format": "jsonld"}).data)
    assert document["@graph"][0]["a:p"] == {"@language": "ar", "@direction": "rtl", "@value": "a"}


def test_an_iri_that_looks_like_a_short_name_is_written_without_that_prefix(client: FlaskClient) -> None:
    query = "CONSTRUCT { <https://w3id.org/vitk/id/natto> a <https://w3id.org/vitk/ontology#Food>, <vitk:b> } {}"
    document = json.loads(client.get("/sparql", query_string={"query": query, "format": "jsonld"}).data)
    assert document["@context"] == {"id": "https://w3id.org/vitk/id/"}
    assert set(document["@graph"][0]["@type"]) == {"https://w3id.org/vitk/ontology#Food", "vitk:b"}
