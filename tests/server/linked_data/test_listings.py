"""Every route that lists something answers in RDF, page by page, with the same members as its page or its JSON."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Store, parse

from kg.rdf.formats import GRAPH_FORMATS, Format
from kg.reader.reader import Reader
from tests.support.session.routes import routes

HYDRA = "http://www.w3.org/ns/hydra/core#"
TURTLE = {"Accept": "text/turtle"}
# Where a request needs values, those of an example; the others are requested as they are.
EXAMPLES = {
    "/api/v1/search": "?q=mk-7",
    "/api/v1/conditions/<condition>/evidence": "/api/v1/conditions/osteoporosis/evidence",
    "/browse/<name>": "/browse/Study",
    "/changes/<release>": "",
    "/compare": "?a=menaquinone-4&b=menaquinone-7",
    "/search": "?q=natto",
}
# Routes that answer no list in RDF, each with the reason.
ABOUT_ONE_RESOURCE = "about one resource, whose RDF is at /data, /ontology, /graph or /dataset, or a redirect there"
PAGE = "a page of text or a form, which lists nothing of the graph"
OF_A_PROTOCOL = "its format is set by a protocol, by crawlers or by the scripts of a page"
COMPUTED = "computed from what the request says, and no part of the graph"
DRAWING = "a drawing of rows, whose page or list has them in RDF"
WITHOUT_RDF = {
    ABOUT_ONE_RESOURCE: (
        *("/page/<local_name:name>", "/picture/<curie>.json", "/cite/<local_name:name>", "/ontology/<name>"),
        *("/id/<local_name:name>", "/data/<local_name:name>", "/ontology/<name>.<suffix>", "/dataset.<suffix>"),
        *("/np/<local_name:name>/<code>", "/ontology", "/ontology.<suffix>", "/dataset", "/dataset/<path:name>"),
        *("/code/<path:name>", "/.well-known/void", "/graph/<name>", "/graph/<name>.<suffix>", "/context.jsonld"),
        *("/dumps/<name>", "/api/v1/entities/<id>", "/api/v1/propositions/<id>", "/changes/<release>"),
        *("/ontology/<string(maxlength=4):major>.<string(maxlength=4):minor>.<string(maxlength=4):patch>",),
        *("/changes/<release>.<any(json,rdfp):suffix>",),
    ),
    PAGE: (
        *("/", "/methods", "/about", "/api", "/api/<operation_id>", "/api/<operation_id>/try", "/guide"),
        *("/guide/<any(readers, researchers, developers):part>", "/guide/federation", "/guide/notebooks"),
        "/guide/notebooks/<any('effect-sizes', 'foods-and-intake', 'federation'):name>",
        "/guide/notebooks/<any('effect-sizes', 'foods-and-intake', 'federation'):name>.py",
    ),
    OF_A_PROTOCOL: (
        *("/suggest", "/diet/suggest", "/sparql", "/sparql/completion.json", "/sparql/examples.json"),
        *("/timegate/<path:path>", "/timemap/<path:path>", "/robots.txt", "/llms.txt", "/sitemap.xml"),
        *("/sitemap-<int:part>.xml", "/openapi.json", "/static/<path:name>", "/healthz", "/readyz", "/metrics"),
        *("/api/v1/reconcile", "/api/v1/reconcile/suggest/entity", "/api/v1/reconcile/suggest/type"),
        *("/api/v1/reconcile/suggest/property", "/api/v1/reconcile/properties", "/api/v1/reconcile/preview"),
        *("/api/v1/<path:rest>",),
    ),
    DRAWING: ("/charts/<kind>/<local_name:name>",),
    COMPUTED: ("/diet", "/diet/chart.<suffix>", "/explain", "/api/v1/explain", "/api/v1/path"),
}


def listed(body: bytes, fmt: Format) -> Store:
    store = Store()
    store.extend(parse(body, format=fmt.rdf))
    return store


def values(store: Store, name: str) -> list[str]:
    return [quad.object.value for quad in store.quads_for_pattern(None, NamedNode(HYDRA + name), None)]  # type: ignore[union-attr]


def request_path(rule: str) -> str:
    given = EXAMPLES.get(rule, "")
    return given if given.startswith("/") else rule + given


@pytest.mark.system
def test_every_list_is_available_in_rdf(client: FlaskClient, reader: Reader) -> None:
    """All routes of the application but the few that list nothing; of the queries of the catalogue, every tenth."""
    left_out = {rule for group in WITHOUT_RDF.values() for rule in group}
    every = [route for route in routes(client.application) if "GET" in route.methods]
    assert left_out <= {route.rule for route in every}
    queries = [route for route in every if route.rule.startswith("/api/v1/queries/") and not route.arguments]
    wrong: list[tuple[str, int, str | None]] = []
    seen = 0
    for route in every:
        if route.rule in left_out or (route.rule.startswith("/api/v1/queries/") and route not in queries[::10]):
            continue
        if "suffix" in route.arguments:
            # Of the same function as the route without a suffix.
            wrong += [] if "ttl" in route.rule else [(route.rule, 0, "no suffix")]
            continue
        path = request_path(route.rule)
        if route in queries:
            query = reader.catalogue[route.rule.rpartition("/")[2]]
            path = example_of(client, query.name)
            if query.is_graph:
                continue
        answer = client.get(path, headers=TURTLE)
        seen += 1
        if answer.status_code != 200 or answer.mimetype != "text/turtle" or "Accept" not in answer.vary:
            wrong.append((route.rule, answer.status_code, answer.mimetype))
            continue
        store = listed(answer.data, GRAPH_FORMATS[0])
        if len(values(store, "totalItems")) != 1 or len(values(store, "view")) != 1:
            wrong.append((route.rule, 0, "no collection"))
    assert wrong == []
    assert seen > 30


def example_of(client: FlaskClient, name: str) -> str:
    """The URL of a query with the values of its example."""
    described = client.get("/api/v1/queries?limit=1000").get_json()["results"]
    (query,) = [one for one in described if one["name"] == name]
    given = [f"{one['name']}={one['example']}" for one in query["parameters"] if one.get("required")]
    return f"/api/v1/queries/{name}?{'&'.join(given)}".replace("#", "%23")


@pytest.mark.parametrize(
    "path", ["/claims?effect=contains", "/api/v1/interactions?limit=10", "/browse/HealthEffectClaim"]
)
def test_pages_lead_to_all_members_each_once(client: FlaskClient, path: str) -> None:
    members: list[str] = []
    following: str | None = path + ("&" if "?" in path else "?") + "format=ttl"
    totals = set[str]()
    while following:
        answer = client.get(following)
        store = listed(answer.data, GRAPH_FORMATS[0])
        members += values(store, "member")
        totals |= set(values(store, "totalItems"))
        found = values(store, "next")
        linked = re.findall(r'<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        assert [target.removeprefix("http://localhost") for target in found] == linked
        following = found[0] if found else None
        assert following is None or "format=ttl" in urlsplit(following).query
    assert totals == {str(len(members))}
    assert len(set(members)) == len(members) > 20


@pytest.mark.parametrize("fmt", GRAPH_FORMATS, ids=attrgetter("name"))
@pytest.mark.parametrize("path", ["/claims", "/api/v1/interactions", "/api/v1/entities", "/foods?form=menaquinone-4"])
def test_a_list_is_the_same_graph_in_every_format(client: FlaskClient, path: str, fmt: Format) -> None:
    by_accept, turtle = (client.get(path, headers={"Accept": one.media_type}) for one in (fmt, GRAPH_FORMATS[0]))
    assert by_accept.content_type == fmt.content_type
    found, expected = (
        {quad.triple for quad in listed(one.data, of)} for one, of in ((by_accept, fmt), (turtle, GRAPH_FORMATS[0]))
    )
    assert found == expected


def test_rows_have_the_numbers_and_units_of_the_json(client: FlaskClient, reader: Reader) -> None:
    given = "form=id:menaquinone-4&limit=20"
    rows: list[dict[str, Any]] = client.get(f"/api/v1/foods?{given}").get_json()["results"]
    store = listed(client.get(f"/api/v1/foods.ttl?{given}").data, GRAPH_FORMATS[0])
    column = f"{reader.vocabulary.base}api/v1/queries/foods-by-amount#"
    amounts = {
        (float(quad.object.value), store_value(store, quad.subject, column + "food"))  # type: ignore[union-attr]
        for quad in store.quads_for_pattern(None, NamedNode(column + "microgramsPer100Grams"), None)
    }
    assert amounts == {(row["microgramsPer100Grams"], row["food"]["iri"]) for row in rows}
    unit = store_value(store, NamedNode(column + "microgramsPer100Grams"), "https://schema.org/unitText")
    assert unit == "µg per 100 g"


def store_value(store: Store, subject: Any, predicate: str) -> str:
    (quad,) = store.quads_for_pattern(subject, NamedNode(predicate), None)
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.object.value


def test_a_listed_claim_has_its_standing_and_its_flaws(client: FlaskClient, reader: Reader) -> None:
    """A claim that is flawed never stands in a list as if it were not."""
    store = listed(client.get("/claims?flaw=overstated", headers=TURTLE).data, GRAPH_FORMATS[0])
    members = values(store, "member")
    assert members
    for member in members:
        for name in ("standing", "hasFlaw"):
            assert list(store.quads_for_pattern(NamedNode(member), NamedNode(reader.vocabulary.term(name)), None)), name


def test_a_list_is_revalidated_in_its_own_format(client: FlaskClient) -> None:
    tags = {}
    for fmt in ("html", "ttl", "jsonld"):
        answer = client.get("/claims", query_string={"format": fmt})
        tags[fmt] = answer.headers["ETag"]
        assert client.get(f"/claims?format={fmt}", headers={"If-None-Match": tags[fmt]}).status_code == 304
    assert len(set(tags.values())) == 3
    page = client.get("/claims")
    assert '</claims?format=ttl>; rel="alternate"; type="text/turtle"' in page.headers["Link"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/claims?page=9999", 404),
        ("/claims?page=x", 400),
        ("/api/v1/claims.ttl?cursor=x", 400),
        ("/intakes?limit=0", 400),
    ],
)
def test_a_page_that_is_not_there_is_a_problem(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, headers=TURTLE)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
