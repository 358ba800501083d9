"""The API over its routes: one shape of answer, one shape of error, pages, formats, and answers that are right."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, parse

from kg.rdf.formats import GRAPH_FORMATS, Format
from kg.rdf.terms import Row
from kg.rdf.vocabulary import OUTSIDE_PREFIXES
from kg.reader.reader import Reader
from server.api.html import Bar, bars
from server.api.operation import Table
from server.api.queries import query_operation, query_operations

V1 = "/api/v1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EXAMPLES = [
    "/search?q=mk-7",
    "/entities?type=vitk:Protein",
    "/entities/natto",
    "/foods?form=mk-4&min=20&sort=name",
    "/forms/compare?forms=mk-4,mk-7",
    "/conditions/osteoporosis/evidence",
    "/interactions?with=warfarin",
    "/claims?outcome=bone-fracture&standing=vitk:overstatedStanding",
    "/propositions?about=bone-fracture&direction=vitk:mixed",
    "/propositions/proposition-k2-lowers-fracture",
    "/contradictions",
    "/flaws",
    "/intakes?population=men",
    "/path?from=natto&to=osteocalcin",
    "/explain?s=osteocalcin&p=needs&o=vitamin-k",
    "/explain?s=proposition-k2-lowers-fracture",
    "/queries?tag=foods",
    "/queries/foods-by-form?form=MK-7",
]


@pytest.mark.parametrize("path", EXAMPLES)
def test_every_endpoint_answers_in_one_shape(client: FlaskClient, reader: Reader, path: str) -> None:
    response = client.get(V1 + path)
    document = response.get_json()
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert {"title", "release", "parameters", "count", "total", "results", "links"} <= set(document)
    assert document["release"] == reader.release.id
    assert 0 < document["count"] == len(document["results"]) <= document["total"]
    assert response.headers["ETag"].startswith('W/"')
    if "sparql" in document:
        assert client.get(document["sparql"] + "&format=csv").status_code in (200, 406)


def values(client: FlaskClient, path: str, column: str) -> list[Any]:
    rows = client.get(V1 + path).get_json()["results"]
    return [row[column] for row in rows if column in row]


def entities(client: FlaskClient, path: str, column: str) -> list[str]:
    return [str(value["iri"]).rpartition("/")[2] for value in values(client, path, column)]


def test_foods_are_bounded_sorted_and_have_units(client: FlaskClient) -> None:
    amounts = values(client, "/foods?form=mk-4&min=20&max=60&sort=lowest", "microgramsPer100Grams")
    assert amounts == sorted(amounts, key=float)
    assert float(amounts[0]) >= 20 and float(amounts[-1]) <= 60
    names = [str(name).casefold() for name in values(client, "/foods?form=mk-4&min=20&sort=name", "foodName")]
    assert names == sorted(names)
    columns = {column["name"]: column.get("unit") for column in client.get(V1 + "/foods").get_json()["columns"]}
    assert columns["microgramsPer100Grams"] == "µg per 100 g"


def test_foods_come_from_studies_and_tables_each_with_its_source(client: FlaskClient) -> None:
    rows = client.get(V1 + "/foods?form=mk-7").get_json()["results"]
    assert [(row["foodName"], row["microgramsPer100Grams"]) for row in rows] == [("natto", 1000)]
    assert "850 µg of MK-7 per 85 g" in rows[0]["asTold"]
    sources = {iri.rpartition("/")[2] for iri in entities(client, "/foods?form=mk-4&limit=1000", "source")}
    assert {"usda-sr28", "study-nih-ods"} <= sources
    assert set(entities(client, "/foods?form=mk-4&source=usda-sr28&limit=1000", "source")) == {"usda-sr28"}


def test_household_measures_of_foods_give_mass_and_amount(client: FlaskClient) -> None:
    rows = client.get(V1 + "/foods?form=mk-4&measure=cup&limit=50").get_json()["results"]
    measured = [row for row in rows if "micrograms" in row]
    assert measured
    for row in measured:
        assert "cup" in row["measureName"]
        expected = float(row["microgramsPer100Grams"]) * float(row["grams"]) / 100
        assert float(row["micrograms"]) == pytest.approx(expected, abs=0.006)


def test_foods_of_a_group_are_of_that_group(client: FlaskClient) -> None:
    everything = set(entities(client, "/foods?form=mk-4&min=0&limit=1000", "food"))
    dairy = set(entities(client, "/foods?form=mk-4&min=0&limit=1000&group=sr28-group-0100", "food"))
    assert dairy and dairy < everything
    assert dairy <= set(entities(client, "/queries/foods-of-a-table-by-amount?min=0&limit=1000", "food"))


@pytest.mark.system
@pytest.mark.parametrize(
    ("narrowing", "most", "holds"),
    [
        ("about=osteocalcin", 30, "claim-f001-1"),
        ("outcome=bone-fracture", 30, "claim-f002-1"),
        ("outcome=bone-fracture&standing=vitk:overstatedStanding", 12, "claim-f002-1"),
        ("studyDirection=disputing", 120, "claim-f050-1"),
        ("studyDirection=noDifference", 120, "claim-f002-1"),
        ("direction=mixed", 80, "claim-f002-1"),
        ("effect=decreasesRiskOf", 60, "claim-f002-1"),
        ("flaw=overstated", 20, "claim-f048-1"),
        ("proposition=proposition-k2-lowers-fracture", 3, "claim-f077-1"),
        ("polarity=denies", 60, "claim-f150-2"),
        ("source=source-article", 387, "claim-f150-2"),
        ("source=source-nhs", 17, "claim-nhs001-1"),
        ("standing=contradictedStanding", 45, "claim-f093-1"),
        ("verdict=contested", 60, "claim-f002-1"),
        ("evidence=meta-analysis", 120, "claim-f002-1"),
        ("population=postmenopausal-women", 20, "claim-f034-1"),
        ("section=section-anticoagulants", 20, "claim-f159-1"),
        ("hedge=vitk:showsPromise", 20, "claim-f103-1"),
        ("type=vitk:InteractionClaim", 60, "claim-f159-1"),
    ],
)
def test_claims_are_narrowed_by_each_filter(client: FlaskClient, narrowing: str, most: int, holds: str) -> None:
    found = entities(client, f"/claims?limit=1000&{narrowing}", "claim")
    assert holds in found
    assert len(set(found)) <= most


def test_intakes_and_interactions_are_narrowed(client: FlaskClient) -> None:
    assert set(entities(client, "/intakes?population=men", "population")) == {"men", "men-from-51-years"}
    everything = entities(client, "/interactions?limit=1000", "claim")
    some = client.get(V1 + "/interactions?with=warfarin&limit=1000").get_json()["results"]
    assert 0 < len(some) < len(everything)
    for row in some:
        named = {row[role]["iri"].rpartition("/")[2] for role in ("precipitant", "affected")}
        assert named & {"warfarin", "vitamin-k-antagonist", "anticoagulant", "medication"}
    # It speaks of the group of drugs to which warfarin belongs.
    assert "claim-f162-1" in {row["claim"]["iri"].rpartition("/")[2] for row in some}


def test_a_path_has_steps_that_follow_each_other_and_claims_on_the_way(client: FlaskClient) -> None:
    for way in client.get(V1 + "/path?from=natto&to=bone-mineral-density").get_json()["results"]:
        steps = way["steps"]
        assert way["length"] == len(steps) <= 4
        assert steps[0]["from"]["label"] == "natto"
        assert steps[-1]["to"]["label"] == "bone mineral density"
        assert all(before["to"] == after["from"] for before, after in pairwise(steps))
        assert any(claim["standing"] for step in steps for claim in step["claims"])
        for step in steps:
            if not step["claims"]:
                assert client.get(step["explanation"]).get_json()["results"][0]["justification"] in ("curation", "rule")
    assert client.get(V1 + "/path?from=natto&to=natto").get_json()["results"] == []
    assert client.get(V1 + "/path?from=natto&to=bone-mineral-density&steps=1").get_json()["total"] == 0


def test_an_explanation_goes_down_to_what_curators_wrote(client: FlaskClient) -> None:
    why = client.get(V1 + "/explain?s=osteocalcin&p=needs&o=vitamin-k").get_json()["results"][0]
    assert why["justification"] == "rule"
    leaves, todo = [], [why]
    while todo:
        one = todo.pop()
        todo += one.get("premises", [])
        leaves += [] if one.get("premises") else [one]
    assert {leaf["justification"] for leaf in leaves} == {"curation"}
    standing = client.get(V1 + "/explain?s=claim-f034-1").get_json()["results"][0]
    assert standing["justification"] == "evidence" and any(line["decides"] for line in standing["lines"])
    assert standing["standing"]["label"] == "consistent"
    proposition = client.get(V1 + "/explain?s=proposition-k2-90ug-slows-bone-loss").get_json()["results"][0]
    assert proposition["proposition"]["iri"] == standing["proposition"]["iri"]
    assert proposition["lines"] == standing["lines"]
    assert "standing" not in proposition
    assert client.get(V1 + "/explain?s=natto&p=needs&o=warfarin").status_code == 404
    assert client.get(V1 + "/explain?s=natto&p=needs").get_json()["errors"][0]["field"] == "o"


def test_pages_together_are_the_whole_answer(client: FlaskClient) -> None:
    whole = client.get(V1 + "/claims?source=source-article&limit=1000").get_json()
    found, address, links = [], V1 + "/claims?source=source-article&limit=150", [""]
    while address:
        response = client.get(address)
        document = response.get_json()
        found += document["results"]
        links.append(response.headers.get("Link", ""))
        address = document["links"].get("next", "")
    assert found == whole["results"]
    assert 'rel="next"' in links[1] and 'rel="prev"' in links[2] and 'rel="first"' in links[2]
    assert 'rel="next"' not in links[-1]
    back = re.search(r'<([^>]+)>; rel="prev"', links[2])
    assert back and client.get(back[1]).get_json()["results"] == whole["results"][:150]


def test_files_hold_all_rows_and_say_the_same_as_json(client: FlaskClient) -> None:
    article = "?source=source-article"
    document = client.get(V1 + f"/claims{article}&limit=1000").get_json()
    by_suffix = client.get(V1 + f"/claims.csv{article}")
    by_accept = client.get(V1 + f"/claims{article}", headers={"Accept": "text/csv"})
    assert by_suffix.data == by_accept.data == client.get(V1 + f"/claims{article}&format=csv").data
    rows = list(csv.DictReader(io.StringIO(by_suffix.text)))
    assert [row["claim"] for row in rows] == [row["claim"]["iri"] for row in document["results"]]
    lines = client.get(V1 + f"/claims.tsv{article}").text.splitlines()
    assert len(lines) == len(rows) + 1
    assert {line.count("\t") for line in lines} == {len(document["columns"]) - 1}
    assert len(client.get(V1 + "/claims.csv?limit=5").text.splitlines()) == 6


def test_a_page_has_the_table_its_chart_and_its_files(client: FlaskClient) -> None:
    page = client.get(V1 + "/queries/foods-by-form", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert page.text.count("<rect") == page.text.count("<tr>") - 1 > 10
    assert 'href="/page/natto"' in page.text
    for file in ("csv", "tsv", "json"):
        assert client.get(f"{V1}/queries/foods-by-form.{file}").status_code == 200
        assert f"foods-by-form.{file}" in page.text


def test_a_wrong_field_is_reported_on_the_page_too(client: FlaskClient) -> None:
    page = client.get(V1 + "/queries/foods-by-form.html?form=%3Cscript%3E", headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "there is no" in page.text and "<script>" not in page.text


@pytest.mark.parametrize("fmt", GRAPH_FORMATS, ids=attrgetter("name"))
def test_a_graph_is_had_in_every_form_of_rdf(client: FlaskClient, fmt: Format) -> None:
    answer = client.get(f"{V1}/queries/evidence-as-a-graph.{fmt.name}?outcome=osteoporosis")
    assert answer.mimetype == fmt.media_type
    assert len(list(parse(answer.data, format=fmt.rdf))) > 20


def test_an_answer_that_the_client_holds_is_not_sent_again(client: FlaskClient) -> None:
    for path in (*EXAMPLES, "/claims.csv"):
        tag = client.get(V1 + path).headers["ETag"]
        again = client.get(V1 + path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    assert client.get(V1 + "/foods?min=x", headers={"If-None-Match": "*"}).status_code == 400


def test_the_pages_on_the_api_lead_to_every_operation(client: FlaskClient, reader: Reader) -> None:
    index = client.get("/api").text
    ids = set(re.findall(r'href="/api/([^"/]+)"', index))
    assert {f"query-{query.name}" for query in reader.catalogue.public()} < ids
    for operation_id in sorted(ids):
        page = client.get(f"/api/{operation_id}")
        assert page.status_code == 200
        assert all(f"<summary>{name}</summary>" in page.text for name in ("curl", "Python", "R", "JavaScript"))
    assert client.get("/api/nothing", headers={"Accept": BROWSER}).status_code == 404


def test_a_form_leads_to_the_operation(client: FlaskClient) -> None:
    sent = client.get("/api/listEvidenceOnCondition/try?condition=osteoporosis&format=csv&other=x")
    assert (sent.status_code, sent.location) == (303, "/api/v1/conditions/osteoporosis/evidence?format=csv")
    assert client.get("/api/listFoods/try?form=mk-4&group=").location == "/api/v1/foods?form=mk-4"
    assert client.get("/api/getEntity/try?id=//evil.example").location == "/api/v1/entities/%252F%252Fevil.example"


def test_rows_in_several_units_are_not_drawn_on_one_scale(reader: Reader) -> None:
    query = reader.catalogue["circulation-times"]
    assert query.header.units["atMost"] == "?unit"

    def drawn(*units: str) -> list[Bar | None]:
        rows: list[Row] = [
            {"atLeast": Literal(6), "atMost": Literal(8), "unit": NamedNode(OUTSIDE_PREFIXES["unit"] + unit)}
            for unit in units
        ]
        return bars(query_operation(query), Table(query, query.columns, rows, len(rows), ""))

    assert all(drawn("HR", "HR"))
    assert drawn("HR", "DAY") == []


def test_every_question_with_a_chart_is_drawn(reader: Reader) -> None:
    charted = [
        operation for operation in query_operations(reader.catalogue) if operation.query and operation.query.chart
    ]
    assert len(charted) > 15
    for operation in charted:
        assert operation.query
        rows = reader.select(reader.catalogue.example(operation.query))
        table = Table(operation.query, operation.query.columns, rows, len(rows), "")
        assert operation.query.chart
        amounts = [row[column].value for row in rows if (column := operation.query.chart.columns[-1]) in row]
        # Where all that was measured is zero, there is nothing to draw.
        assert any(bars(operation, table)) == any(Decimal(amount) for amount in amounts), operation.id
