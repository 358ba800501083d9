"""Triple Pattern Fragments: what a pattern matches is what SPARQL finds, page by page, with controls to ask for more."""

from __future__ import annotations

import html
import re
from operator import attrgetter

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, parse

from kg.fragments.fragments import MAX_COUNTED, PROPERTY, SUBJECT, VALUE, Fragments
from kg.rdf.formats import TRIG, Format
from kg.reader.reader import Reader
from server.linked_data.fragments import FORMATS, SIZE

HYDRA, VOID = "http://www.w3.org/ns/hydra/core#", "http://rdfs.org/ns/void#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DATA_FORMATS = FORMATS[1:]
ID, VITK = "https://w3id.org/vitk/id/", "https://w3id.org/vitk/ontology#"
NATTO, TYPE, FOOD = NamedNode(ID + "natto"), NamedNode(RDF + "type"), NamedNode(VITK + "Food")
MICROGRAM = NamedNode("http://qudt.org/vocab/unit/MicroGM")


def read(client: FlaskClient, query: str, fmt: Format = TRIG) -> list[Quad]:
    answer = client.get(f"/fragments?{query}", headers={"Accept": fmt.media_type})
    assert (answer.status_code, answer.content_type) == (200, fmt.content_type), answer.text[:300]
    return list(parse(answer.data, format=fmt.rdf))


def values(quads: list[Quad], predicate: str) -> set[str]:
    return {quad.object.value for quad in quads if quad.predicate.value == predicate}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "pattern",
    [
        {SUBJECT: NATTO},
        {SUBJECT: NATTO, PROPERTY: TYPE},
        {SUBJECT: NATTO, PROPERTY: TYPE, VALUE: FOOD},
        {PROPERTY: NamedNode(VITK + "standing")},
        {PROPERTY: TYPE, VALUE: NamedNode(VITK + "Drug")},
        {VALUE: NamedNode(ID + "vitamin-k2")},
        {VALUE: Literal("natto", language="en")},
        {VALUE: Literal("nothing has this name")},
        {PROPERTY: NamedNode("http://example.org/unknown")},
    ],
    ids=lambda pattern: " ".join(sorted(pattern)),
)
def test_pages_of_a_pattern_have_what_sparql_finds_and_the_number_of_it(
    reader: Reader, pattern: dict[str, object]
) -> None:
    fragments = Fragments(reader)
    names = {SUBJECT: "?s", PROPERTY: "?p", VALUE: "?o"} | {place: str(term) for place, term in pattern.items()}
    triple = f"{names[SUBJECT]} {names[PROPERTY]} {names[VALUE]}"
    expected = set(reader.triples(f"CONSTRUCT {{ {triple} }} WHERE {{ {triple} }}"))
    total = fragments.count(pattern)  # type: ignore[arg-type]
    found = [one for start in range(0, total, SIZE) for one in fragments.page(pattern, start, SIZE)]  # type: ignore[arg-type]
    assert total == len(found) == len(set(found)) == len(expected)
    assert {str(one) for one in found if "_:" not in str(one)} == {str(one) for one in expected if "_:" not in str(one)}


def test_the_whole_graph_is_paged_without_a_gap(small_reader: Reader) -> None:
    """With inferred triples and assessments; a page that starts anywhere continues the one before."""
    fragments = Fragments(small_reader)
    total = fragments.count({})
    manifest = small_reader.release.manifest
    assert total >= manifest.counts.triples > 50_000
    found = [one for start in range(0, total, 1000) for one in fragments.page({}, start, 1000)]
    assert len(found) == len(set(found)) == total
    starts = (0, 1, 4_321, total // 2, total - 1)
    assert [fragments.page({}, start, 7) for start in starts] == [found[start : start + 7] for start in starts]
    assert fragments.page({}, total, SIZE) == []


def test_no_subject_has_more_triples_than_are_counted(reader: Reader) -> None:
    query = "SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o } GROUP BY ?s ORDER BY DESC(?count) LIMIT 1"
    assert int(reader.select(query)[0]["count"].value) < MAX_COUNTED


@pytest.mark.parametrize("fmt", DATA_FORMATS, ids=attrgetter("name"))
def test_each_format_has_data_number_and_the_form_to_ask_for_more(client: FlaskClient, fmt: Format) -> None:
    quads = read(client, "predicate=rdf:type&object=vitk:Drug", fmt)
    drugs = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object == NamedNode(VITK + "Drug")}
    assert values(quads, HYDRA + "totalItems") == values(quads, VOID + "triples") == {str(len(drugs))}
    assert len(drugs) > 10
    assert values(quads, HYDRA + "template") == {"http://localhost/fragments{?subject,predicate,object}"}
    assert values(quads, HYDRA + "property") == {RDF + name for name in ("subject", "predicate", "object")}


def test_metadata_is_in_a_graph_of_its_own(client: FlaskClient) -> None:
    quads = read(client, "subject=id:natto")
    data = {quad for quad in quads if quad.graph_name == DefaultGraph()}
    assert {quad.subject for quad in data} == {NATTO}
    (graph,) = {quad.graph_name for quad in quads} - {DefaultGraph()}
    topics = values(quads, "http://xmlns.com/foaf/0.1/primaryTopic")
    assert {f"{topic}#metadata" for topic in topics} == {graph.value}  # type: ignore[union-attr]


def test_links_lead_from_page_to_page_and_keep_pattern_and_format(client: FlaskClient) -> None:
    query = "object=http%3A%2F%2Fqudt.org%2Fvocab%2Funit%2FMicroGM&format=nq&page=2"
    answer = client.get(f"/fragments?{query}")
    links = re.findall(r'<([^>]*)>; rel="(prev|next|first)"', answer.headers["Link"])
    assert sorted(relation for _, relation in links) == ["first", "next", "prev"]
    for address, _ in links:
        again = client.get(address)
        assert again.mimetype == "application/n-quads"
        assert b"MicroGM" in again.data and again.data != answer.data


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("subject=natto", 400, "subject must be an IRI"),
        ("subject=%22natto%22", 400, "subject must be an IRI"),
        ("predicate=a%20b", 400, "predicate must be an IRI"),
        ("object=%22x%22%40not%20a%20tag", 400, "object must be an IRI or a literal"),
        ("object=%22x%22%5E%5Ea%20b", 400, "object must be an IRI or a literal"),
        ("subject=_:b0", 400, "subject must be an IRI"),
        ("s=id:natto", 400, "Unknown parameter"),
        ("subject=id:natto&subject=id:eel", 400, "occurs 2 times"),
        ("page=0", 400, "page must be"),
        ("subject=id:natto&page=9", 404, "on 1 page"),
        ("format=csv", 406, "Available formats"),
    ],
)
def test_a_pattern_that_cannot_be_is_a_problem(client: FlaskClient, query: str, status: int, words: str) -> None:
    answer = client.get(
        f"/fragments?{query}", headers={"Accept": "application/json" if "csv" in query else TRIG.media_type}
    )
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert words in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "text",
    ['"natto"@en', '"1000"^^http://www.w3.org/2001/XMLSchema#decimal', '"a "quoted" text"', "<http://a.example/>"],
)
def test_terms_are_read_as_they_are_written(client: FlaskClient, text: str) -> None:
    answer = client.get(
        "/fragments", query_string={"object": text, "predicate": "?p"}, headers={"Accept": TRIG.media_type}
    )
    assert answer.status_code == 200


def test_the_page_shows_the_triples_and_its_links_are_fragments(client: FlaskClient) -> None:
    page = html.unescape(client.get("/fragments?subject=id:natto", headers={"Accept": "text/html"}).text)
    assert "rdfs:label" in page and 'value="https://w3id.org/vitk/id/natto"' in page
    targets = set(re.findall(r'href="(/fragments\?object=[^"]*natto[^"]*)"', page))
    assert targets
    for target in targets:
        assert client.get(target, headers={"Accept": "text/html"}).status_code == 200


def test_fragments_are_revalidated(client: FlaskClient) -> None:
    first = client.get("/fragments?subject=id:natto&format=trig")
    again = client.get("/fragments?subject=id:natto&format=trig", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, first.headers["Cache-Control"]) == (304, "public, no-cache")
    assert "Accept" in first.vary
