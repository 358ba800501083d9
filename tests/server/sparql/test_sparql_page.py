"""The SPARQL page without its editor, and the files that the editor loads."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.reader.reader import Reader
from kg.settings import Settings

BROWSER = {"Accept": "text/html"}


def page(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, headers=BROWSER, follow_redirects=True)


def page_settings(client: FlaskClient, path: str = "/sparql") -> dict[str, Any]:
    found = re.search(r'<script type="application/json">(.*?)</script>', page(client, path).text)
    assert found
    settings = json.loads(found.group(1))
    assert isinstance(settings, dict)
    return settings


@pytest.fixture(scope="module")
def completion(client: FlaskClient) -> dict[str, Any]:
    found = json.loads(client.get(page_settings(client)["completion"]).data)
    assert isinstance(found, dict)
    return found


def test_completion_holds_every_class_and_property_of_the_ontology(completion: dict[str, Any], reader: Reader) -> None:
    classes = {row["class"].value for row in reader.run("pages/class-tree", {})}
    assert {reader.vocabulary.shorten(iri) for iri in classes} <= {entry["name"] for entry in completion["classes"]}
    subject = next(entry for entry in completion["properties"] if entry["name"] == "vitk:subject")
    assert (subject["domain"], subject["range"]) == (["vitk:Predication"], ["vitk:Topic"])
    assert subject["count"] > 300
    assert subject["definition"]


@pytest.mark.parametrize(
    ("name", "label", "kind", "other"),
    [("menaquinone-7", "menaquinone-7", "vitk:Menaquinone", "MK-7"), ("natto", "natto", "vitk:Food", "fermented soybeans"),
     ("vitk:supporting", "supporting", "vitk:Direction", None), ("sr28-11457", "Spinach, raw", "vitk:Food", None)],
)  # fmt: skip
def test_completion_holds_entities_with_their_class_and_other_names(
    completion: dict[str, Any], name: str, label: str, kind: str, other: str | None
) -> None:
    entry = next(entry for entry in completion["entities"] if entry[0] == name)
    assert entry[1].lower() == label.lower()
    assert completion["classes"][entry[2]]["name"] == kind
    assert other is None or other in entry[3:]


def test_completion_and_examples_are_immutable_under_their_release(client: FlaskClient) -> None:
    for address in (page_settings(client)["completion"], page_settings(client)["examples"]):
        found = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in found.headers["Cache-Control"]
        assert int(found.headers["Content-Length"]) == len(found.data)
        again = client.get(address, headers={"If-None-Match": found.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address.replace("release=", "release=0")).status_code == 410


def test_completion_is_sent_compressed_where_that_is_taken(client: FlaskClient) -> None:
    address = page_settings(client)["completion"]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    content = gzip.decompress(packed.data)
    assert content == client.get(address).data
    assert len(packed.data) < 17 * len(json.loads(content)["entities"])


def test_examples_are_the_questions_of_the_catalogue(client: FlaskClient, reader: Reader) -> None:
    found = json.loads(client.get(page_settings(client)["examples"]).data)
    assert [entry["name"] for entry in found] == [query.name for query in reader.catalogue.public()]
    listed = re.findall(r'href="/sparql\?example=([^"]+)"', page(client, "/sparql").text)
    assert listed == [entry["name"] for entry in found]


def test_an_example_leads_to_its_query_and_answer(client: FlaskClient) -> None:
    found = page(client, "/sparql?example=circulation-times")
    assert found.request.args["query"].startswith("# How long")
    assert "\n# chart: range ?formName ?atLeast ?atMost\n" in found.request.args["query"]
    assert ">menaquinone-7</a>" in found.text
    missing = page(client, "/sparql?example=circulation-time")
    assert missing.status_code == 404
    assert "circulation-times" in missing.text


def test_the_page_states_the_limits_that_hold(client: FlaskClient) -> None:
    text = page(client, "/sparql").text
    settings = Settings()
    assert "stopped after 5 s" in text
    assert f"{settings.query_memory_mib:,} MiB" in text
    assert f"{settings.query_result_mib} MiB" in text


def test_a_shared_link_tells_its_release(client: FlaskClient, reader: Reader) -> None:
    pinned = page(client, f"/sparql?release={reader.release.id}")
    assert pinned.status_code == 200
    assert f"Pinned to release <code>{reader.release.id}</code>" in pinned.text
    assert f'name="release" value="{reader.release.id}"' in pinned.text
    assert "Pinned to" not in page(client, "/sparql").text


def test_cells_show_labels_and_link_to_pages(client: FlaskClient) -> None:
    shown = page(
        client, "/sparql?query=SELECT * WHERE { VALUES ?x { <https://w3id.org/vitk/id/natto> <https://example.org/> } }"
    )
    assert '<a href="/page/natto" title="id:natto">natto</a>' in shown.text


@pytest.mark.parametrize(
    "path", ["/sparql?example=%00", "/sparql?example=" + "a" * 9000, "/sparql?example=../pages/labels"]
)
def test_odd_names_of_examples_are_unknown(client: FlaskClient, path: str) -> None:
    assert page(client, path).status_code in (404, 400)
