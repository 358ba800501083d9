"""The ontology passes the tests of FOOPS!, and each test fails on an ontology that lacks what it asks for."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.build.check import fairness
from kg.build.read.turtle import ONTOLOGY_FOLDER
from kg.errors import CuratedFileError
from kg.rdf.vocabulary import Vocabulary
from tests.support.commands import vitk_here
from tests.support.paths import BASE

VOCABULARY = Vocabulary(BASE)
TEXT = (ONTOLOGY_FOLDER / "vitk.ttl").read_text("utf-8")
# The checks of FOOPS! of what an ontology states; DOI aside, which is a part of OM3.
STATED = {
    *("OM1", "OM2", "OM3", "OM4.1", "OM5.1", "OM5.2", "FIND1", "VER1", "URI2", "PURL1", "VOC1", "VOC2", "VOC3", "VOC4"),
    "registries",
}


def store_of(text: str, vocabulary: Vocabulary = VOCABULARY) -> Store:
    store = Store()
    graph = NamedNode(vocabulary.graph("ontology"))
    store.load(text.encode(), format=RdfFormat.TURTLE, base_iri=vocabulary.base, to_graph=graph)
    return store


def failing(text: str, vocabulary: Vocabulary = VOCABULARY) -> dict[str, tuple[str, ...]]:
    found = fairness.outcomes(store_of(text, vocabulary), vocabulary)
    return {one.name: one.missing for one in found if one.missing}


def test_the_ontology_passes_every_check() -> None:
    assert failing(TEXT) == {}
    assert {one.name for one in fairness.outcomes(store_of(TEXT), VOCABULARY)} == STATED


@pytest.mark.parametrize(
    ("line", "failed"),
    [
        ("dcterms:license <https://", {"OM1", "OM4.1"}),
        ("dcterms:creator ", {"OM1", "OM5.1"}),
        ("dcterms:bibliographicCitation ", {"OM2"}),
        ("dcterms:publisher ", {"OM3", "OM5.2"}),
        ("schema:logo ", {"OM3"}),
        ("vann:preferredNamespacePrefix ", {"OM2", "FIND1"}),
        ("vann:preferredNamespaceUri ", {"OM1", "URI2"}),
        ("owl:versionIRI ", {"OM1", "VER1"}),
        ("foaf:homepage ", {"registries"}),
    ],
)
def test_a_header_without_a_line_fails(line: str, failed: set[str]) -> None:
    header = [one for one in TEXT.splitlines() if one.startswith("    " + line)]
    assert len(header) == 1
    without = TEXT.replace(header[0] + "\n", "")
    assert set(failing(without)) == failed
    with pytest.raises(CuratedFileError, match=r"vitk\.ttl: lacks .* \[FOOPS! "):
        fairness.check(store_of(without), VOCABULARY)


@pytest.mark.parametrize(("end", "check"), [("rdfs:label", "VOC4"), ("skos:definition", "VOC3")])
def test_a_term_needs_a_label_and_a_definition(end: str, check: str) -> None:
    text = f'{TEXT}\nvitk:bare a owl:DatatypeProperty ; {end} "bare"@en .\n'
    assert failing(text) == {check: ("vitk:bare",)}


def test_another_base_is_reported_and_does_not_stop_a_build() -> None:
    other = Vocabulary("http://example.org/k/")
    assert set(failing(TEXT, other)) == {"URI2", "PURL1"}
    fairness.check(store_of(TEXT, other), other)


def test_the_command_prints_a_line_for_each_check() -> None:
    done = vitk_here("check", "--fair")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and {line.split()[0] for line in lines} >= STATED
    assert all(line[19:21] == "ok" for line in lines if line.split()[0] in STATED - {"OM3"})
    done = vitk_here("check", "--fair", "--base-iri", "http://example.org/k/")
    assert done.returncode == 1 and "2 of 15 checks fail" in done.stderr


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        *(("/ontology", one) for one in ("text/turtle", "application/rdf+xml", "application/ld+json", "text/html")),
        *(("/ontology/0.1.0", one) for one in ("text/turtle", "text/html")),
    ],
)
def test_the_server_passes_what_foops_asks_of_a_server(path: str, accept: str, client: FlaskClient) -> None:
    response = client.get(path, headers={"Accept": accept}, follow_redirects=True)
    assert (response.status_code, response.mimetype) == (200, accept)
    if accept == "text/turtle":
        assert "owl:versionIRI" in response.text
