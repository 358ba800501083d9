"""A query that finds nothing because it names what does not exist gets a hint."""

from __future__ import annotations

from html import escape

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT ?f { ?f vitk:hasMeasurment ?m }", "vitk:hasMeasurment does not exist in this graph. Did you mean vitk:hasMeasurement?"),
        ("SELECT ?p { id:menaquinone7 ?p ?o }", "id:menaquinone7 does not exist in this graph. Did you mean id:menaquinone-7?"),
        ("SELECT ?f { ?f a <https://w3id.org/vitk/ontology#Foods> }", "vitk:Foods does not exist in this graph. Did you mean vitk:Food?"),
        ("ASK { ?x vitk:qqqq ?y }", "vitk:qqqq does not exist in this graph. Search for it by name."),
        ("BASE <https://w3id.org/vitk/ontology#> SELECT ?f { ?f a <Fod> }", None),
        ("BASE <https://w3id.org/vitk/id/> SELECT ?f { <nato> a ?f }", "id:nato does not exist in this graph. Did you mean id:natto?"),
        ("SELECT ?f { GRAPH <https://w3id.org/vitk/graph/claim> { ?f a ?c } }", "graph:claim does not exist in this graph. Did you mean graph:claims?"),
        ("SELECT ?f FROM <https://w3id.org/vitk/graph/entity> { ?f a ?c }", "graph:entity does not exist in this graph. Did you mean graph:entities?"),
        ("SELECT ?f { ?f a <http://w3id.org/vitk/ontology#Food> }", "vitk: stands for <https://w3id.org/vitk/ontology#>; the query uses <http://w3id.org/vitk/ontology#Food>."),
        ("ASK { <https://w3id.org/vitk/ontology> a <http://www.w3.org/2002/07/owl#Ontology> }", None),
        ("SELECT ?o { ?o <http://www.w3.org/2002/07/owl#versionIRI> <https://w3id.org/vitk/ontology/0.1.0> }", None),
        ("SELECT ?x { id:natto vitk:hasCofactor ?x }", None),
        ("SELECT ?x { ?x rdfs:lable 'a' }", None),
    ],
)  # fmt: skip
def test_an_empty_answer_to_a_query_with_an_unknown_name_says_the_nearest(
    client: FlaskClient, query: str, hint: str | None
) -> None:
    text = f"""PREFIX vitk: <https://w3id.org/vitk/ontology#> PREFIX id: <https://w3id.org/vitk/id/>
               PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {query}"""
    assert client.get("/sparql", query_string={"query": text}).headers.get("Vitk-Hint") == hint
    page = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/html"}).text
    assert hint is None or escape(hint) in page


@pytest.mark.parametrize(
    "wrong",
    [
        "http://w3id.org/vitk/ontology#",
        "https://w3id.org/vitk/ontology/",
        "https://w3id.org/vitk/ontology",
        "http://www.w3id.org/vitk/ontology#",
    ],
)
def test_a_namespace_that_is_almost_right_is_reported(client: FlaskClient, wrong: str) -> None:
    query = f"PREFIX vitk: <{wrong}> SELECT ?food {{ ?food a vitk:Food }}"
    hint = client.get("/sparql", query_string={"query": query}).headers["Vitk-Hint"]
    assert f"vitk: stands for <https://w3id.org/vitk/ontology#>; the query uses <{wrong}" in hint
