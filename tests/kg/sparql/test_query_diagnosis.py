"""What is wrong with a query that can't be read: the place, the true cause, and what would help."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from kg.sparql import keywords
from kg.sparql.diagnosis import diagnose

PREFIXES = {"vitk": "https://w3id.org/vitk/ontology#"}


def engine_says(query: str) -> str:
    with pytest.raises(SyntaxError) as refused:
        Store().query(query)
    return str(refused.value)


@pytest.mark.parametrize(
    ("query", "at", "message", "hint"),
    [
        ("SELECT (COUNT(*) AS ?n) WHERE {?s ?p ?o} ORDR BY ?n", "ORDR", "ORDR is not a SPARQL keyword", "ORDER?"),
        ("SELECT * { OPTIONL {?s ?p ?o} }", "OPTIONL", "OPTIONL is not a SPARQL keyword", "OPTIONAL?"),
        ("SELECT * { ?s ?p ?o FILTER NOT EXIST {?s ?q ?o} }", "EXIST ", "EXIST is not a SPARQL keyword", "EXISTS?"),
        (
            "SELECT ?s ?n WHERE {?s ?p ?o} GROUP BY ?s",
            "?n",
            "?n is neither in GROUP BY nor aggregated",
            "(COUNT(?x) AS ?n)",
        ),
        ("SELECT (SUM(?o) AS ?x) ?s WHERE {?s ?p ?o}", "?s WHERE", "?s is neither in GROUP BY", "GROUP BY"),
        (
            "SELECT * WHERE {?s ?p ?o} GROUP BY ?s",
            "SELECT",
            "SELECT * cannot be combined with GROUP BY",
            "List the grouped variables",
        ),
        ("SELECT ?x {?x <bad iri> ?y}", "<bad iri>", "contains a space", "%20"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "?x) {}", "SELECT names ?x twice", "a different name"),
        ("SELECT ?x ?x {?x ?p ?o}", "?x {", "SELECT names ?x twice", ""),
        ("SELECT * { {_:a ?p ?o} {_:a ?q ?r} }", "_:a ?q", "_:a is used in two groups", "Use a variable instead"),
        ("SELECT * {?s ?p ?o} LIMIT ten", "ten", "ten is not a SPARQL keyword", ""),
        ("SELECT * {?s ?p ?o} LIMIT -1", "-1", "LIMIT takes an integer", "LIMIT 10"),
        ("SELECT * {?s ?p ?o} LIMIT 18446744073709551616", "184", "up to 18446744073709551615", "LIMIT 10"),
        ("SELECT * {?s ?p ?o} OFFSET " + "9" * 5000, "999", "OFFSET takes an integer up to", "OFFSET 10"),
        ("SELECT ?s, ?p {?s ?p ?o}", ",", "not separated by commas", "a space"),
        ("SELECT s WHERE {?s ?p ?o}", "s WHERE", "s is not a variable", "?s"),
        ("SELECT COUNT(?s) WHERE {?s ?p ?o}", "COUNT", "COUNT needs brackets", "(COUNT(…) AS ?name)"),
        ("SELECT (AVG(?o) ?x) {?s ?p ?o}", "?x)", "AS is missing before ?x", "AS ?x"),
        ("SELECT * {?s ?p ?o FILTER ?o > 3}", "?o >", "FILTER must be in brackets", "FILTER(…)"),
        ('SELECT * {?s ?p ?o FILTER(STRT(?o)="x")}', "STRT", "There is no function STRT", "STRDT?"),
        ("SELECT * { ?s ?p ?o FILTER(?a == 3) }", "==", "== is not a SPARQL operator", "one ="),
        ("SELECT * { ?s ?p ?o FILTER(?a <> 3) }", "<>", "<> is not a SPARQL operator", "!="),
        ("SELECT * { ?s ?p ?o FILTER(?a = 3 AND ?b = 2) }", "AND", "AND is not a SPARQL keyword", "&&"),
        ("SELECT TOP 5 * { ?s ?p ?o }", "TOP", "TOP is not a SPARQL keyword", "LIMIT"),
        ("SELECT * {?s ?p ?o} ORDER ?s", "?s", "ORDER must be followed by BY", ""),
        ("SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }", "?x) }", "?x already has a value", "another name"),
        ("SELECT * WHERE ?s ?p ?o", "?s", "must be in { }", ""),
        ("hello world", "hello", "A query cannot start like this", "SELECT, ASK"),
        ("query=SELECT * {}", "query", "A query cannot start like this", "SELECT, ASK"),
        ("# nothing", "#", "no query, only comments", "SELECT"),
        ("SELECT * {?s ?p ?o} LIMIT 5;", ";", "; comes after the end", "Remove it"),
        ("ASK {}\0", "\0", "The character U+0000 comes after the end", ""),
        ("PREFIX ex <http://x/> SELECT * {?s ex:a ?o}", "ex <", "The prefix ex has no colon", "PREFIX ex: <http://x/>"),
        ("PREFIX ex: http://x/ SELECT * {?s ex:a ?o}", "http", "must be enclosed in < >", "PREFIX ex: <…>"),
        ("SELECT * FROM http://x/ {?s ?p ?o}", "http", "An IRI must be enclosed in < >", ""),
        ("SELECT * {?s ?p '''abc }", "'''", "opens a string that is never closed", "Close it with '''"),
        ('SELECT * {?s ?p "a\\qb"}', "\\q", "\\q is not a valid escape", "\\\\ for a backslash"),
        ("@prefix vitk: <http://x/> .\nSELECT * {?s vitk:a ?o}", "@prefix", "@prefix is Turtle", "PREFIX without @"),
        ("ASK {}; CLEAR ALL", "CLEAR", "CLEAR starts an update", "SELECT"),
        ("SELECT * {?s ?p ?o} ; DROP ALL", "DROP", "DROP starts an update", ""),
        ("PREFIX a: <b:> INSERT DATA { a:a a:b a:c }", "INSERT", "INSERT starts an update", ""),
        ("SELECT (1 AS ?x) WHERE {BIND(1 AS ?y) ?x ?z }", "}", "} was not expected", "subject, predicate, object"),
        ("SELECT * { ?s ?p ?o FILTER(COUNT(?o) > 1) }", "COUNT", "The aggregate COUNT cannot be used here", "HAVING"),
        ("SELECT (1 AS ?s) { ?s ?p ?o }", "?s)", "?s already has a value in the pattern", "another name"),
        ("SELECT * {?s ?p 'a'@toolonglanguagetag}", "@toolong", "@toolonglanguagetag is not a language tag", "@en"),
        ("SELECT * { VALUES (?a ?b) { (1 'x'^^<a:b>) (1) } }", "(1) }", "1 values for 2 variables", "UNDEF"),
        ("SELECT * { VALUES (?a) { ('x'@en 2) } }", "('x'", "2 values for 1 variables", "UNDEF"),
        ("SELECT * { ?x ?y ?z .. }", ". }", "two full stops", "Remove one"),
    ],
)
def test_each_mistake_is_reported_where_it_stands_with_its_own_cause(
    query: str, at: str, message: str, hint: str
) -> None:
    found = diagnose(query, engine_says(query), PREFIXES)
    assert message in found.message
    assert hint in found.hint
    start = sum(len(line) for line in query.splitlines(keepends=True)[: found.line - 1]) + found.column - 1
    assert query[start:].startswith(at)


@pytest.mark.parametrize("word", sorted(keywords.ALL))
def test_no_word_of_sparql_is_called_unknown(word: str) -> None:
    for query in (f"SELECT * {{ ?s ?p ?o FILTER({word}(?o) = ) }}", f"SELECT * {{ ?s ?p }} {word} {{"):
        found = diagnose(query, engine_says(query), PREFIXES)
        assert "not a SPARQL keyword" not in found.message
        assert "no function" not in found.message


def test_every_function_that_we_name_is_one_of_the_engine() -> None:
    for name in set(keywords.FUNCTIONS) - set(keywords.AGGREGATES) - {"BOUND"}:
        attempts = [f"ASK {{ FILTER({name}({', '.join(['?x'] * count)})) }}" for count in range(5)]
        said = []
        for query in attempts:
            try:
                Store().query(query)
            except SyntaxError as error:
                said.append(str(error))
        assert len(said) < len(attempts), name


def test_the_caret_stands_under_its_place_where_the_line_has_tabs(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT ?x {\n\t?x\t?y ?z OPTIONL }"})
    text, caret = answer.get_json()["excerpt"].splitlines()
    assert caret == "\t  \t      ^"
    assert text[len(caret) - 1 :].startswith("OPTIONL")
