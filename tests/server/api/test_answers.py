"""What answers say beside their rows: title, language, flaws, what an empty list means; and that they agree with pages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from kg.claims.claim_index import ClaimIndex
from kg.index.facets import TYPE
from kg.reader.reader import Reader
from server import api
from server.api.snippets import example
from server.pages.claims import FACETS

V1 = "/api/v1"
NOTHING = "Nothing recorded"


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def document(client: FlaskClient, path: str) -> dict[str, Any]:
    response = client.get(V1 + path)
    assert response.status_code == 200, response.text
    return dict(response.get_json())


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/queries/identifiers-of-an-entity?entity=osteocalcin", "Which identifiers does osteocalcin have"),
        ("/queries/results-for-an-outcome?outcome=dp-ucMGP", "dephospho-uncarboxylated matrix Gla protein"),
        ("/queries/studies-of-a-substance?substance=MK-4", "menaquinone-4"),
        ("/queries/what-to-know-about-a-drug?drug=orlistat", "orlistat"),
        ("/interactions?with=warfarin", "warfarin"),
        ("/foods?form=mk-7", "menaquinone-7"),
        ("/search?q=natto", "natto"),
        ("/entities/natto", "natto"),
        ("/entities?type=vitk:Drug", "drug"),
        ("/path?from=natto&to=osteocalcin", "Paths from natto to osteocalcin"),
        ("/explain?s=proposition-k2-lowers-fracture", "lowers the risk of"),
        ("/propositions/proposition-k2-lowers-fracture", "fracture"),
    ],
)
def test_titles_name_what_was_requested(client: FlaskClient, path: str, title: str) -> None:
    assert title.casefold() in document(client, path)["title"].casefold()
    page = client.get(V1 + path, headers={"Accept": "text/html"})
    if page.mimetype == "text/html":
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
        assert heading and title.casefold() in heading[1].casefold()


@pytest.mark.parametrize(
    "path",
    [
        "/queries/foods-that-may-counteract-a-drug?drug=orlistat",
        "/interactions?with=natto",
        "/claims?about=kiwi-fruit",
        "/search?q=zzzzqqqq&type=vitk:Drug",
    ],
)
def test_an_empty_list_says_that_nothing_is_recorded(client: FlaskClient, path: str) -> None:
    found = document(client, path)
    assert (found["total"], found["results"]) == (0, [])
    assert found["note"].startswith(NOTHING)
    page = client.get(V1 + path, headers={"Accept": "text/html"})
    if page.mimetype == "text/html":
        assert NOTHING in page.text
        assert "evidence that there is none" in page.text


def test_a_list_with_entries_has_no_such_note(client: FlaskClient) -> None:
    assert "note" not in document(client, "/interactions?with=warfarin")
    assert NOTHING not in client.get(V1 + "/interactions?with=warfarin", headers={"Accept": "text/html"}).text


def test_texts_are_plain_and_the_language_is_stated_once(client: FlaskClient) -> None:
    found = document(client, "/foods?form=mk-7")
    assert found["language"] == "en"
    row = found["results"][0]
    assert (row["foodName"], row["microgramsPer100Grams"], row["isIndependent"]) == ("natto", 1000, True)
    assert row["food"] == {"iri": "https://w3id.org/vitk/id/natto", "label": "natto", "url": "/page/natto"}
    assert not any("languages" in column for column in found["columns"])


def test_typed_cells_are_those_of_sparql_results_with_labels(client: FlaskClient) -> None:
    row = document(client, "/foods?form=mk-7&cells=typed")["results"][0]
    assert row["foodName"] == {"type": "literal", "value": "natto", "xml:lang": "en"}
    assert row["microgramsPer100Grams"]["datatype"] == "http://www.w3.org/2001/XMLSchema#decimal"
    assert row["food"]["type"] == "uri"
    assert (row["food"]["value"], row["food"]["label"]) == ("https://w3id.org/vitk/id/natto", "natto")
    wrong = client.get(V1 + "/foods?cells=rich").get_json()
    assert (wrong["status"], wrong["errors"][0]["field"], wrong["errors"][0]["nearest"]) == (
        400,
        "cells",
        ["plain", "typed"],
    )
    assert client.get(V1 + "/search?q=natto&cells=typed").status_code == 400


def claims_in(payload: Any, claim_index: ClaimIndex) -> Iterator[dict[str, Any]]:
    if isinstance(payload, list):
        for one in payload:
            yield from claims_in(one, claim_index)
    elif isinstance(payload, dict):
        iri = payload.get("iri") or payload.get("value")
        if isinstance(iri, str) and iri in claim_index.summaries and "url" in payload:
            yield payload
        for one in payload.values():
            yield from claims_in(one, claim_index)


@pytest.mark.system
@pytest.mark.parametrize("cells", ["plain", "typed"])
def test_every_claim_in_any_response_carries_its_flaws(
    client: FlaskClient, reader: Reader, claim_index: ClaimIndex, cells: str
) -> None:
    flawed, seen = set(), 0
    for operation in api.operations(reader.catalogue):
        if operation.kind == "graph":
            continue
        path, given = example(operation)
        if operation.kind == "table":
            given |= {"cells": cells}
        answer = client.get(path, query_string=given).get_json()
        for claim in claims_in(answer["results"], claim_index):
            iri = claim.get("iri") or claim["value"]
            expected = [flaw.said for flaw in claim_index.summaries[iri].flaws]
            assert [flaw["said"] for flaw in claim["flaws"]] == expected, (operation.id, iri)
            seen += 1
            flawed |= {iri} if expected else set()
    assert seen > 500
    assert len(flawed) > 20


@pytest.mark.parametrize(
    "path", ["/entities/vitamin-k2", "/entities/claim-f048-1", "/path?from=vitamin-k2&to=bone-fracture"]
)
def test_claims_carry_their_flaws_in_documents_too(client: FlaskClient, claim_index: ClaimIndex, path: str) -> None:
    found = list(claims_in(document(client, path)["results"], claim_index))
    assert found
    for claim in found:
        assert len(claim["flaws"]) == len(claim_index.summaries[claim.get("iri") or claim["value"]].flaws)


@pytest.mark.system
def test_every_table_with_claims_has_a_column_of_their_flaws(
    client: FlaskClient, reader: Reader, claim_index: ClaimIndex
) -> None:
    """In every format, so also where a file of CSV is all that anybody sees."""
    for query in reader.catalogue.public():
        if query.is_graph:
            continue
        rows = reader.run(query.name, reader.catalogue.example_values(query))
        with_claims = {
            column for row in rows for column, term in row.items() if getattr(term, "value", "") in claim_index.summaries
            and not claim_index.summaries[term.value].is_corrected
        }  # fmt: skip
        assert with_claims <= set(query.claim_columns), query.name
    text = client.get(V1 + "/claims.csv?about=type-2-diabetes").text
    rows_of_file = list(csv.DictReader(io.StringIO(text)))
    for line in rows_of_file:
        assert bool(line["claimFlaws"]) == bool(claim_index.summaries[line["claim"]].flaws)
    (flaw,) = {line["claimFlaws"] for line in rows_of_file if "10 g" in line["statement"]}
    assert "unit" in flaw


@pytest.mark.system
def test_the_page_and_the_api_count_the_same_claims(client: FlaskClient, reader: Reader) -> None:
    everything = reader.listing.having("section", "", {}, FACETS, size=0)
    choices = [(facet, choice) for facet in FACETS for choice in everything.facets[facet]]
    assert len(choices) > 150
    # Where the page and the query find values along different paths.
    delicate = [one for one in choices if one[0] in ("evidence", "population", "direction")]
    for facet, choice in [*choices[::40], *delicate[::12]]:
        name = quote(reader.vocabulary.shorten(choice.iri))
        page = client.get("/claims", query_string={facet: choice.iri.rpartition("/")[2].rpartition("#")[2]}).text
        count = re.search(r'<h1>.*?<span class="count">([\d,]+)</span>', page)
        found = document(client, f"/claims?{facet}={name}&limit=1")
        assert count and int(count[1].replace(",", "")) == found["total"] == choice.count, (facet, choice.label)


@pytest.mark.parametrize("text", ["mk-7", "bone", "cheese", "warfarin", "osteoperosis"])
def test_the_page_and_the_api_count_the_same_hits(client: FlaskClient, reader: Reader, text: str) -> None:
    for is_with_records in (False, True):
        records = {"records": "yes"} if is_with_records else {}
        listed = reader.listing.searched(text, {}, (TYPE,), records=is_with_records)
        assert document(client, f"/search?{urlencode({'q': text, **records})}")["total"] == listed.total
        csv_rows = client.get("/search", query_string={"q": text, "format": "csv", **records}).text.splitlines()
        assert len(csv_rows) - 1 == listed.total
    kind = listed.facets[TYPE][0]
    assert document(client, f"/search?q={text}&type={quote(kind.iri)}")["total"] == kind.count


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/claims?section=Diabetes management", "section", "id:section-diabetes"),
        ("/claims?standing=unverified", "standing", "vitk:unverifiedStanding"),
        ("/claims?hedge=shows promise", "hedge", "vitk:showsPromise"),
        ("/claims?direction=for", "direction", "vitk:for"),
        ("/search?q=warfarin&type=drug", "type", "vitk:Drug"),
        ("/foods?source=USDA SR28", "source", "id:usda-sr28"),
        ("/foods?source=graph:usda-sr28", "source", "id:usda-sr28"),
        ("/queries/foods-of-a-table-by-amount?table=USDA SR28", "table", "id:usda-sr28"),
        ("/queries/foods-of-a-table-by-amount?table=id:usda-sr28", "table", "id:usda-sr28"),
        ("/queries/foods-of-a-table-by-amount?table=graph:usda-sr28", "table", "id:usda-sr28"),
        ("/entities/Coumadin", "id", "id:warfarin"),
        ("/entities/id:warfarin", "id", "id:warfarin"),
        ("/conditions/Osteoporosis/evidence", "condition", "id:osteoporosis"),
        ("/explain?s=osteocalcin&p=needs&o=vitamin K", "o", "id:vitamin-k"),
    ],
)
def test_names_are_taken_wherever_an_entity_is_expected(client: FlaskClient, path: str, field: str, value: str) -> None:
    found = document(client, quote(path, safe="/?=&:"))
    assert found["parameters"][field] == value
    assert found["total"] > 0


@pytest.mark.parametrize(
    ("path", "status", "nearest"),
    [
        ("/claims?standing=Supported", 400, "vitk:thinlySupportedStanding"),
        ("/claims?section=Diabetes manegement", 400, "id:section-diabetes"),
        ("/entities/osteocalcine x", 404, "id:osteocalcin"),
        ("/propositions/natto", 404, ""),
        ("/queries/foods-of-a-table-by-amount?table=graph:usda-sr29", 400, "id:usda-sr28"),
        ("/foods?fom=mk-7", 400, "form"),
    ],
)
def test_a_name_that_means_nothing_is_reported_with_the_nearest(
    client: FlaskClient, path: str, status: int, nearest: str
) -> None:
    response = client.get(V1 + quote(path, safe="/?=&:"))
    assert response.status_code == status
    (error,) = response.get_json()["errors"]
    assert nearest in [*error["nearest"], ""]
    assert "nearest are none" not in error["detail"]


@pytest.mark.parametrize("name", ["apixaban", "edoxaban"])
def test_the_page_of_a_drug_says_that_nothing_is_recorded_of_it(client: FlaskClient, name: str) -> None:
    page = client.get(f"/page/{name}").text
    assert f"Nothing recorded of {name} itself. That is not evidence" in page
    assert (
        "warfarin"
        not in page[page.index('id="interactions"') : page.index("</section>", page.index('id="interactions"'))]
    )


def test_the_page_of_a_drug_says_of_what_its_interactions_are_stated(client: FlaskClient) -> None:
    page = client.get("/page/phenprocoumon").text
    assert "Nothing recorded of phenprocoumon itself" in page
    assert "stated of: vitamin K antagonist" in page
    for name in ("warfarin", "orlistat", "cholestyramine"):
        assert "Nothing recorded of" not in client.get(f"/page/{name}").text
