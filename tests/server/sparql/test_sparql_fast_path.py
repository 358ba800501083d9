"""The short way of a plain query gives what the long way gives, to the header."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from server.core.state import state_of
from server.sparql.fast_path import SparqlFastPath, _parse

NATTO = "SELECT ?p ?o { <https://w3id.org/vitk/id/natto> ?p ?o }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
JSON = {"Accept": "application/sparql-results+json"}
CHANGING = ("Server-Timing", "Date")

PLAIN: dict[str, tuple[Any, dict[str, str]]] = {
    "without a wish": ({"query": NATTO}, {}),
    "JSON": ({"query": NATTO}, JSON),
    "CSV by parameter": ({"query": NATTO, "format": "csv"}, {}),
    "JSON by its other name": ({"query": NATTO}, {"Accept": "application/json"}),
    "ask": ({"query": "ASK {}"}, {"Accept": "application/xml;q=0.5, text/csv;q=0.2"}),
    "a graph": ({"query": GRAPH}, {"Accept": "application/n-triples"}),
    "a graph in Turtle": ({"query": GRAPH, "format": "ttl"}, {}),
    "an answer that is different each time": ({"query": "SELECT (1 AS ?now) { BIND(NOW() AS ?n) }"}, JSON),
    "a large answer": ({"query": "SELECT * { ?s ?p ?o } LIMIT 5000", "format": "csv"}, {}),
    "a question mark in a letter": ({"query": "ASK { FILTER('é' = 'é') }"}, JSON),
}
NOT_PLAIN: dict[str, tuple[Any, dict[str, str]]] = {
    "a page": ({"query": NATTO}, {"Accept": "text/html"}),
    "bytes that are not UTF-8": ("query=ASK%20%7B%7D%20%23%FF", JSON),
    "a percent sign without a number": ("query=ASK%20%7B%7D%20%23%", JSON),
    "a syntax error": ({"query": "SELECT"}, JSON),
    "rows asked as a graph": ({"query": NATTO}, {"Accept": "text/turtle"}),
    "rows in an unknown format": ({"query": NATTO, "format": "xyz"}, {"Accept": "text/turtle"}),
    "nothing acceptable": ({"query": NATTO}, {"Accept": "image/png"}),
    "an unknown format": ({"query": NATTO, "format": "xyz"}, JSON),
    "two queries": ([("query", NATTO), ("query", NATTO)], JSON),
    "no query": ({"query": " "}, JSON),
    "an update": ({"query": NATTO, "update": "CLEAR ALL"}, JSON),
    "a graph of its own": ({"query": NATTO, "default-graph-uri": "https://w3id.org/vitk/graph/claims"}, JSON),
    "labels": ({"query": NATTO, "labels": "en", "format": "csv"}, {}),
    "a shorter time": ({"query": NATTO, "timeout": "1"}, JSON),
    "no parameter": ({}, JSON),
}


@pytest.mark.parametrize("name", [*PLAIN, *NOT_PLAIN])
def test_both_ways_give_the_same_answer(client: FlaskClient, name: str) -> None:
    parameters, headers = (PLAIN | NOT_PLAIN)[name]
    query_string = parameters if isinstance(parameters, str) else urlencode(parameters)
    app = client.application
    short, long = (
        Client(way).get("/sparql", query_string=query_string, headers=headers)
        for way in (SparqlFastPath(app, state_of(app)), app)
    )
    assert (short.status_code, short.data) == (long.status_code, long.data)
    assert _fixed(short.headers) == _fixed(long.headers)


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_query_does_not_reach_the_application(client: FlaskClient, name: str) -> None:
    parameters, headers = PLAIN[name]
    query_string = parameters if isinstance(parameters, str) else urlencode(parameters)

    def unreachable(*_: object) -> list[bytes]:
        raise AssertionError

    way = SparqlFastPath(unreachable, state_of(client.application))
    assert Client(way).get("/sparql", query_string=query_string, headers=headers).status_code == 200


def _fixed(headers: Any) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in headers if name not in CHANGING)


def test_parameters_are_read_as_everywhere_else() -> None:
    draw, letters = random.Random(5), "ab=&+%%%%%0123456789ABCDEFabcdef\\xuN{}u;"
    texts = ["".join(draw.choices(letters, k=draw.randrange(17))) for _ in range(20_000)]
    for text in [*texts, "query=%F0%9F%8C%B1+%C3%A9%00", "a=%E9", "a=%", "a=%4", "=&&=b", ""]:
        try:
            found = _parse(text)
        except UnicodeDecodeError:
            # The application tells what is wrong with it.
            continue
        assert found == parse_qsl(text, keep_blank_values=True, errors="strict"), text
    with pytest.raises(UnicodeDecodeError):
        _parse("a=%E9")
