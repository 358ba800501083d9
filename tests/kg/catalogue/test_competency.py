"""The competency queries: every public query gives the right rows fast, and together they use the complete ontology.

``competency/<name>.csv`` holds rows that must be in the answer of the query of that name for its example values: some
of its columns, IRIs shortened, an empty cell where nothing is bound. Each row was compared with ``kg/data``.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cache

import pytest
from pyoxigraph import NamedNode, parse

from kg.catalogue.catalogue import Catalogue, Query, with_prologue
from kg.rdf.formats import NTRIPLES
from kg.rdf.terms import Row
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from kg.sparql.tokens import Token, tokenize
from tests.kg.catalogue.query_names import named_by_the_build_alone
from tests.support.paths import BASE, DATA

EXPECTED = DATA / "competency"
CATALOGUE = Catalogue(Vocabulary(BASE))
QUERIES = CATALOGUE.public()
# A page or the start of a process waits for each of these. One query of the complete graph is as slow as the graph is large.
WAITED_FOR = [
    query
    for query in CATALOGUE.all()
    if query not in QUERIES
    and query.name != "pages/dataset"
    and query.name.removeprefix("pages/") not in named_by_the_build_alone()
]
MAX_ROWS = 12
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# What counting all triples takes on the machine for which the headers state milliseconds.
COUNTING_MILLISECONDS = 250
NOTHING = "<https://example.org/nothing>"


def named(queries: list[Query]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("query", queries, ids=[query.name for query in queries])


def evaluated(reader: Reader, query: Query) -> list[Row]:
    """The rows of a query; a graph has a row for each triple."""
    if not query.is_graph:
        return reader.select(CATALOGUE.example(query))
    triples = parse(reader.graph(CATALOGUE.example(query), NTRIPLES), format=NTRIPLES.rdf)
    return [{"subject": triple.subject, "property": triple.predicate, "value": triple.object} for triple in triples]


@cache
def result(reader: Reader, query: Query) -> list[Row]:
    """The rows of a query, evaluated once for all tests."""
    return evaluated(reader, query)


def columns(query: Query) -> tuple[str, ...]:
    return ("subject", "property", "value") if query.is_graph else query.columns


def cell(reader: Reader, row: Row, column: str) -> str:
    if column not in row:
        return ""
    term = row[column]
    return plain(reader.vocabulary.shorten(term.value) if isinstance(term, NamedNode) else term.value)


def plain(text: str) -> str:
    """Numbers without the zeros that make no difference; everything else as it is."""
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text


def expected(query: Query) -> list[dict[str, str]]:
    with (EXPECTED / f"{query.name}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: plain(text) for column, text in row.items()} for row in csv.DictReader(file)]


def test_every_query_has_expected_rows_and_every_expected_file_a_query() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == {query.name for query in QUERIES}


@named(QUERIES)
def test_a_query_runs_and_its_columns_are_bound(query: Query) -> None:
    assert query.title.endswith("?")
    assert query.summary.endswith(".")
    body = query.text[query.text.index("WHERE") :]
    head = query.text[: query.text.index("WHERE")]
    for column in query.columns:
        assert re.search(rf"[?$]{column}\b", body) or f"AS ?{column})" in head, column


@named(QUERIES)
def test_the_result_contains_the_expected_rows(reader: Reader, query: Query) -> None:
    rows = result(reader, query)
    wanted = expected(query)
    assert rows
    assert 0 < len(wanted) <= MAX_ROWS
    assert set(wanted[0]) <= set(columns(query))
    found = [{column: cell(reader, row, column) for column in wanted[0]} for row in rows]
    assert [row for row in wanted if row not in found] == []


@named(QUERIES)
def test_the_order_of_rows_is_total(reader: Reader, query: Query) -> None:
    keys = re.findall(r"\?(\w+)", query.text.rpartition("ORDER BY")[2])
    keys = [key for key in keys if key in query.columns]
    assert keys or query.is_graph
    if query.is_graph:
        return
    seen = [tuple(cell(reader, row, key) for key in keys) for row in result(reader, query)]
    assert len(seen) == len(set(seen))


@pytest.fixture(scope="module")
def counting_seconds(reader: Reader) -> float:
    """What it takes to count all triples: the measure of this machine."""
    return min(thread_seconds(lambda: reader.select(COUNT)) for _ in range(3))


def thread_seconds(action: Callable[[], object]) -> float:
    # Of this thread, which evaluates alone: what other processes do to the clock is not the query's fault.
    start = time.thread_time()
    action()
    return time.thread_time() - start


@pytest.mark.performance
@named([*QUERIES, *WAITED_FOR])
def test_a_query_takes_no_longer_than_its_header_allows(reader: Reader, query: Query, counting_seconds: float) -> None:
    allowed = counting_seconds * query.header.milliseconds / COUNTING_MILLISECONDS
    # Other tests may disturb one evaluation; not three.
    assert any(thread_seconds(lambda: evaluated(reader, query)) <= allowed for _ in range(3))


def terms_to_use(reader: Reader) -> list[str]:
    """Every property with a domain of entities, defined class and property chain of the ontology that is not deprecated."""
    graph = NamedNode(reader.vocabulary.graph("ontology"))
    rows = reader.select(
        with_prologue(
            f"""SELECT DISTINCT ?term {{ GRAPH {graph} {{
                  {{ VALUES ?kind {{ owl:ObjectProperty owl:DatatypeProperty }} ?term a ?kind }}
                  UNION {{ ?term owl:equivalentClass ?class }} UNION {{ ?term owl:propertyChainAxiom ?chain }}
                }} FILTER(ISIRI(?term)) FILTER NOT EXISTS {{ ?term owl:deprecated true }} }} ORDER BY ?term""",
            reader.vocabulary,
        )
    )
    return [reader.vocabulary.shorten(row["term"].value) for row in rows]


def has_data(reader: Reader, term: str) -> bool:
    ontology = NamedNode(reader.vocabulary.graph("ontology"))
    pattern = f"{{ ?thing {term} ?value }} UNION {{ ?thing a {term} }}"
    return reader.ask(
        with_prologue(f"ASK {{ GRAPH ?graph {{ {pattern} }} FILTER(?graph != {ontology}) }}", reader.vocabulary)
    )


@cache
def names_in(query: Query) -> tuple[Token, ...]:
    return tuple(token for token in tokenize(query.text) if token.kind == "name")


def positions(query: Query, term: str) -> list[int]:
    return [token.start for token in names_in(query) if token.text == term]


def matters(reader: Reader, query: Query, term: str) -> bool:
    """Whether the result differs once the term stands for nothing: then it was bound to curated entities."""
    text, length = query.text, len(term)
    for start in reversed(positions(query, term)):
        text = text[:start] + NOTHING + text[start + length :]
    return result(reader, query) != evaluated(reader, replace(query, filled=text))


@pytest.mark.system
def test_the_queries_use_the_complete_ontology(reader: Reader) -> None:
    unused = []
    for term in terms_to_use(reader):
        asking = [query for query in QUERIES if positions(query, term)]
        # What no curator has stated yet needs only to be asked for.
        used = any(matters(reader, query, term) for query in asking) if has_data(reader, term) else bool(asking)
        if not used:
            unused.append(term)
    assert unused == []
