"""In which format an answer, an error and the description of the service come."""

from __future__ import annotations

from operator import attrgetter

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from kg.reader.reader import Reader

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
NATTO = RDFS + "SELECT ?label { <https://w3id.org/vitk/id/natto> rdfs:label ?label }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { <https://w3id.org/vitk/id/natto> ?p ?o BIND(<https://w3id.org/vitk/id/natto> AS ?s) }"


@pytest.mark.parametrize("fmt", GRAPH_FORMATS, ids=attrgetter("name"))
def test_a_bare_get_describes_the_service(client: FlaskClient, fmt: Format, reader: Reader) -> None:
    answer = client.get("/sparql", headers={"Accept": fmt.media_type})
    assert answer.content_type == fmt.content_type
    described = {
        (quad.predicate.value.rpartition("#")[2], getattr(quad.object, "value", ""))
        for quad in parse(answer.data, format=fmt.rdf)
    }
    assert ("endpoint", "http://localhost/sparql") in described
    assert ("feature", "http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph") in described
    for graph in reader.release.manifest.counts.graphs:
        assert ("name", graph.iri) in described
    assert client.get("/sparql").mimetype == "text/turtle"
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("fmt", RESULT_FORMATS, ids=attrgetter("name"))
def test_results_in_every_format_by_accept_and_by_parameter(client: FlaskClient, fmt: Format) -> None:
    by_accept = client.get("/sparql", query_string={"query": NATTO}, headers={"Accept": fmt.media_type})
    by_parameter = client.get("/sparql", query_string={"query": NATTO, "format": fmt.name})
    assert by_accept.content_type == by_parameter.content_type == fmt.content_type
    assert by_accept.data == by_parameter.data
    assert "natto" in by_accept.text


@pytest.mark.parametrize("fmt", GRAPH_FORMATS, ids=attrgetter("name"))
def test_graphs_in_every_format(client: FlaskClient, fmt: Format) -> None:
    answer = client.get("/sparql", query_string={"query": GRAPH}, headers={"Accept": fmt.media_type})
    assert answer.content_type == fmt.content_type
    assert len(list(parse(answer.data, format=fmt.rdf))) > 3


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (NATTO, "text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        (NATTO, "text/csv; header=absent", "text/csv; charset=utf-8"),
        (NATTO, "application/sparql-results+json; charset=utf-8;q=0.9", "application/sparql-results+json"),
        (NATTO, "text/*", "text/csv; charset=utf-8"),
        (NATTO, "", "application/sparql-results+json"),
        (NATTO, "text/xml", "text/xml; charset=utf-8"),
        (GRAPH, "text/turtle; charset=utf-8", "text/turtle; charset=utf-8"),
        (NATTO, "*", "application/sparql-results+json"),
        (NATTO, "text/html, image/gif, *; q=.2", "text/html; charset=utf-8"),
        (NATTO, " , ;", "application/sparql-results+json"),
        (NATTO, "text/csv;q=1.5", "text/csv; charset=utf-8"),
        (NATTO, "text/csv;q=high", "text/csv; charset=utf-8"),
        (NATTO, "text/csv;q=", "text/csv; charset=utf-8"),
        (NATTO, "text/csv;q=-1, text/tab-separated-values;q=0.001", "text/tab-separated-values; charset=utf-8"),
        (NATTO, "application/sparql-results+json ; q = 0.5 , text/csv", "text/csv; charset=utf-8"),
        (GRAPH, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("", "text/turtle; charset=utf-8, */*;q=0.1", "text/turtle; charset=utf-8"),
    ],
)
def test_parameters_of_a_media_type_do_not_stand_in_its_way(
    client: FlaskClient, query: str, accept: str, media_type: str
) -> None:
    answer = client.get("/sparql", query_string={"query": query} if query else {}, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, media_type)


def test_the_description_is_had_by_format_too_and_is_the_same_each_time(client: FlaskClient) -> None:
    answers = [client.get("/sparql", query_string={"format": fmt}) for fmt in ("ttl", "nt")]
    assert [answer.mimetype for answer in answers] == ["text/turtle", "application/n-triples"]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, no-cache"}
    revalidated = client.get("/sparql?format=ttl", headers={"If-None-Match": answers[0].headers["ETag"]})
    assert revalidated.status_code == 304


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html", "text/html"),
        ("application/sparql-results+json, text/html;q=0.1", "application/problem+json"),
        ("text/*", "application/problem+json"),
        ("text/html;q=0", "application/problem+json"),
        ("", "application/problem+json"),
        ("text/html;q=0.5,text/csv", "application/problem+json"),
        ("*/*", "application/problem+json"),
    ],
)
def test_errors_are_pages_for_those_who_want_a_page_first(client: FlaskClient, accept: str, media_type: str) -> None:
    for path in ("/nothing", "/sparql?query=ASK&format=xyz"):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.mimetype, answer.headers["Cache-Control"]) == (media_type, "no-store")


def test_a_page_that_differs_each_time_is_not_cached_anywhere(client: FlaskClient) -> None:
    answer = client.get("/sparql?query=SELECT%20(RAND()%20AS%20%3Fx)%20%7B%7D", headers={"Accept": "text/html"})
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/html", "no-store")


def test_csv_in_one_line_of_curl(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": NATTO, "format": "csv"}).text == "label\r\nnatto\r\n"


@pytest.mark.parametrize(
    ("query", "accept"),
    [(NATTO, "text/turtle"), (GRAPH, "text/csv"), (NATTO, "image/png")],
    ids=["rows", "graph", "none"],
)
def test_an_impossible_accept_is_406_and_lists_what_there_is(client: FlaskClient, query: str, accept: str) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.get_json()["available"]


@pytest.mark.parametrize(
    ("query", "sent", "accept", "media_type"),
    [
        # What SPARQLWrapper sends for its return formats.
        (GRAPH, "xml", "application/sparql-results+xml, application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "turtle", "application/turtle, text/turtle", "text/turtle"),
        (GRAPH, "n3", "application/turtle, text/turtle", "text/turtle"),
        (GRAPH, "rdf+xml", "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "json-ld", "application/ld+json, application/x-json+ld", "application/ld+json"),
        (GRAPH, "json", "application/sparql-results+json, application/json, */*", "application/ld+json"),
        (NATTO, "xml", "application/sparql-results+xml", "application/sparql-results+xml"),
        (NATTO, "turtle", "text/csv", "text/csv"),
        (NATTO, "nonsense", "text/csv", "text/csv"),
        (NATTO, "text/csv", "*/*", "text/csv"),
        (NATTO, "ttl", "*/*", "application/sparql-results+json"),
        ("", "turtle", "*/*", "text/turtle"),
    ],
)
def test_formats_by_the_names_of_other_clients_do_not_stand_in_the_way_of_accept(
    client: FlaskClient, query: str, sent: str, accept: str, media_type: str
) -> None:
    given = {"format": sent, "output": sent, "results": sent} | ({"query": query} if query else {})
    for answer in (
        client.get("/sparql", query_string=given if query else {"format": sent}, headers={"Accept": accept}),
        *([client.post("/sparql", data=given, headers={"Accept": accept})] if query else []),
    ):
        assert (answer.status_code, answer.mimetype) == (200, media_type), answer.text


DESCRIBE = "DESCRIBE <https://w3id.org/vitk/id/natto>"


@pytest.mark.parametrize(
    ("query", "given", "media_type"),
    [
        # What Virtuoso calls the formats, in either parameter.
        (NATTO, {"format": "application/sparql-results+xml"}, "application/sparql-results+xml"),
        (NATTO, {"output": "xml"}, "application/sparql-results+xml"),
        (NATTO, {"output": "csv"}, "text/csv"),
        (NATTO, {"format": "auto", "output": "text/csv"}, "text/csv"),
        (NATTO, {"format": "", "output": "tsv"}, "text/tab-separated-values"),
        (NATTO, {"format": "csv", "output": "xml"}, "text/csv"),
        (NATTO, {"format": ["nonsense", "text/csv"]}, "text/csv"),
        (NATTO, {"format": "CSV"}, "text/csv"),
        (NATTO, {"format": "sparql-results+xml"}, "application/sparql-results+xml"),
        # A plus sign that was not encoded.
        (NATTO, {"format": "application/sparql-results xml"}, "application/sparql-results+xml"),
        (DESCRIBE, {"format": "application/ld json"}, "application/ld+json"),
        (DESCRIBE, {"output": "json-ld"}, "application/ld+json"),
        (DESCRIBE, {"format": "json"}, "application/ld+json"),
        (DESCRIBE, {"format": "application/rdf+xml;charset=utf-8"}, "application/rdf+xml"),
        (DESCRIBE, {"format": "text/xml"}, "application/rdf+xml"),
        (DESCRIBE, {"format": "text/plain"}, "application/n-triples"),
        (DESCRIBE, {"format": "n-triples"}, "application/n-triples"),
        (DESCRIBE, {"format": "text/x-nquads"}, "application/n-quads"),
        (DESCRIBE, {"format": "application/x-trig"}, "application/trig"),
        (DESCRIBE, {"format": "text/rdf+n3"}, "text/turtle"),
        (DESCRIBE, {"format": "application/x-turtle"}, "text/turtle"),
        # The fields of Virtuoso's form.
        (
            NATTO,
            {"default-graph-uri": "", "named-graph-uri": "", "should-sponge": "", "timeout": "0", "debug": "on"},
            "application/sparql-results+json",
        ),
    ],
)
def test_parameters_of_other_endpoints_are_understood(
    client: FlaskClient, query: str, given: dict[str, str | list[str]], media_type: str
) -> None:
    sent = {"query": query, **given}
    for answer in (client.get("/sparql", query_string=sent), client.post("/sparql", data=sent)):
        assert (answer.status_code, answer.mimetype) == (200, media_type), answer.text


@pytest.mark.parametrize("media_type", ["text/n3", "application/x-turtle", "application/turtle", "text/rdf+n3"])
def test_turtle_is_sent_under_its_other_media_types(client: FlaskClient, media_type: str) -> None:
    answer = client.get("/sparql", query_string={"query": DESCRIBE}, headers={"Accept": media_type})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert list(parse(answer.data, format=RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("path", "accept", "status", "media_type"),
    [
        ("/data/natto", "application/n-triples", 200, "application/n-triples"),
        ("/dataset", "application/rdf+xml", 200, "application/rdf+xml"),
        ("/api/v1/interactions", "text/csv", 200, "text/csv"),
        ("/api/v1/interactions", "application/json", 200, "application/json"),
        ("/api/v1/search?q=natto", "application/json, */*;q=0.1", 200, "application/json"),
        # Nothing says what else is wanted.
        ("/data/natto", "*/*", 400, "application/problem+json"),
        ("/api/v1/interactions", "text/html,application/xml;q=0.9,*/*;q=0.8", 400, "application/problem+json"),
    ],
)
def test_an_unknown_format_does_not_stand_in_the_way_of_a_clear_accept(
    client: FlaskClient, path: str, accept: str, status: int, media_type: str
) -> None:
    separator = "&" if "?" in path else "?"
    answer = client.get(f"{path}{separator}format=nonsense", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (status, media_type)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/data/natto?format=turtle", "text/turtle"),
        ("/data/natto?format=json-ld", "application/ld+json"),
        ("/data/natto?format=application/ld+json", "application/ld+json"),
        ("/api/v1/interactions?format=text/csv", "text/csv"),
        ("/api/v1/interactions?format=application/json", "application/json"),
        ("/api/v1/search?q=natto&format=JSON", "application/json"),
        ("/api/v1/queries/evidence-as-a-graph?format=turtle", "text/turtle"),
    ],
)
def test_media_types_and_other_names_of_formats_are_known_everywhere(
    client: FlaskClient, path: str, media_type: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
