"""``labels=`` adds a column of labels beside each column of IRIs, and changes nothing else."""

from __future__ import annotations

from operator import attrgetter

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions, parse_query_results
from werkzeug.test import TestResponse

from kg.rdf.formats import RESULT_FORMATS, Format

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
NATTO = RDFS + "SELECT ?label { <https://w3id.org/vitk/id/natto> rdfs:label ?label }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { <https://w3id.org/vitk/id/natto> ?p ?o BIND(<https://w3id.org/vitk/id/natto> AS ?s) }"


@pytest.mark.parametrize("fmt", RESULT_FORMATS, ids=attrgetter("name"))
def test_labels_stand_beside_iris_in_every_tabular_format(client: FlaskClient, fmt: Format) -> None:
    query = """PREFIX id: <https://w3id.org/vitk/id/> SELECT ?food ?text ?unnamed ?foodLabel {
        VALUES (?food ?text ?unnamed) { (id:natto "natto?" <http://ex/nothing>) ("plain" 1 UNDEF) } BIND(1 AS ?foodLabel) }"""
    answer = client.get("/sparql", query_string={"query": query, "labels": "EN", "format": fmt.name})
    if fmt.name == "csv":
        names = answer.text.split("\r\n")[0].split(",")
    else:
        found = parse_query_results(answer.data, format=fmt.results)
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
    assert names == ["food", "foodLabel_", "text", "unnamed", "unnamedLabel", "foodLabel"]
    assert answer.text.count("natto") == 3


def test_units_have_labels_too(client: FlaskClient) -> None:
    query = "SELECT (<http://qudt.org/vocab/unit/MicroGM> AS ?unit) {}"
    answer = client.get("/sparql", query_string={"query": query, "labels": "en", "format": "csv"})
    assert answer.text == "unit,unitLabel\r\nhttp://qudt.org/vocab/unit/MicroGM,microgram\r\n"


def test_an_answer_without_rows_has_the_columns_that_it_could_have(client: FlaskClient) -> None:
    query = "SELECT ?s ?o { ?s <http://ex/nothing> ?o }"
    answer = client.get("/sparql", query_string={"query": query, "labels": "en", "format": "csv"})
    assert answer.text == "s,sLabel,o,oLabel\r\n"


def test_a_language_with_a_region_falls_back_to_the_language(client: FlaskClient) -> None:
    query = "SELECT (<https://w3id.org/vitk/id/natto> AS ?food) {}"
    answers = [
        client.get("/sparql", query_string={"query": query, "labels": language, "format": "csv"}).text
        for language in ("en", "en-GB")
    ]
    assert answers[0] == answers[1]
    assert "natto\r\n" in answers[0]


def bindings(answer: TestResponse) -> list[dict[str, dict[str, str]]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, dict[str, str]]] = answer.get_json()["results"]["bindings"]
    return found


def test_labels_change_neither_rows_nor_graphs_nor_yes_and_no(client: FlaskClient) -> None:
    query = "SELECT ?s { ?s a <https://w3id.org/vitk/ontology#Protein> } ORDER BY ?s"
    plain, labelled = (
        bindings(client.get("/sparql", query_string={"query": query, "labels": labels})) for labels in ("", "en")
    )
    assert [row["s"] for row in labelled] == [row["s"] for row in plain]
    assert {row["sLabel"]["xml:lang"] for row in labelled if "sLabel" in row} == {"en"}
    for other in ("ASK {}", GRAPH):
        assert (
            len({client.get("/sparql", query_string={"query": other, "labels": labels}).data for labels in ("", "en")})
            == 1
        )
