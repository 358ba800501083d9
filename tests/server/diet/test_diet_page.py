"""The page of diets and its other forms: a form, a permalink, a table; mistakes stay in the form."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient

ADDRESS = "/diet?day=Mon&food=natto&amount=50&measure=g&day=Tue&food=sr28-11457&amount=2&measure=cup&day=&food=&amount=&measure=g"


def test_the_page_works_as_a_form_and_its_permalink_leads_back(client: FlaskClient) -> None:
    page = client.get(ADDRESS, headers={"Accept": "text/html"})
    assert page.status_code == 200
    text = page.text
    for words in ("500 µg", "Unknown for", "How far the days lie apart", "Talk to your clinician", "EFSA"):
        assert words in text
    link = re.search(r'<a href="([^"]+)">Link to this diet</a>', text)
    assert link
    again = client.get(link[1].replace("&amp;", "&"), headers={"Accept": "text/html"})
    assert again.status_code == 200
    of_the_address = r"<form.*?</form>|<p class=\"(?:links|on-paper)\">.*?</p>"
    assert re.sub(of_the_address, "", again.text, flags=re.S) == re.sub(of_the_address, "", text, flags=re.S)


def test_the_page_offers_foods_where_one_is_not_known(client: FlaskClient) -> None:
    page = client.get("/diet?food=spinach+raw&amount=-1", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert '<option value="sr28-11457">' in page.text
    assert "must be above 0" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/diet?food=natto",
        "/diet?food=natto&amount=1&amount=2",
        "/diet?fod=natto",
        "/diet?food=natto&amount=1&population=x",
    ],
)
def test_addresses_that_are_no_diet_are_400(client: FlaskClient, address: str) -> None:
    for accept in ("text/html", "application/json", "text/csv"):
        assert client.get(address, headers={"Accept": accept}).status_code == 400


def test_the_csv_says_the_same_as_the_json(client: FlaskClient) -> None:
    csv_rows = list(csv.DictReader(io.StringIO(client.get(ADDRESS + "&format=csv").text)))
    found = json.loads(client.get(ADDRESS + "&format=json").text, parse_float=Decimal, parse_int=Decimal)
    sums = {(row["day"], row["form"]): row for row in csv_rows if row["level"] == "day"}
    for day in found["results"]:
        for one in day["totals"]:
            row = sums[day["name"], one["form"]["iri"]]
            if one["known"]:
                assert (Decimal(row["minimum"]), Decimal(row["maximum"])) == (
                    one["known"]["minimum"],
                    one["known"]["maximum"],
                )
            else:
                assert (row["state"], row["minimum"], row["maximum"]) == ("unknown", "", "")
    posted = client.post("/api/v1/diet?format=csv", json={"items": [{"food": "natto", "amount": 50}]})
    assert posted.content_type == "text/csv; charset=utf-8"
    assert "source" in {row["level"] for row in csv.DictReader(io.StringIO(posted.text))}


def test_the_document_has_what_every_response_of_the_api_has(client: FlaskClient) -> None:
    shape = next(
        schema
        for schema in client.get("/openapi.json").get_json()["components"]["schemas"].values()
        if schema.get("description") == "The common shape of all JSON responses."
    )
    posted = client.post("/api/v1/diet", json={"items": [{"food": "natto", "amount": 50}]}).get_json()
    assert set(shape["required"]) <= posted.keys()
    assert posted["language"] == client.get("/api/v1/search?q=natto").get_json()["language"]


@pytest.mark.parametrize(
    ("typed", "first", "absent"),
    [("egg", "egg", "KELLOGG"), ("eg", "egg", "KELLOGG"), ("kale", "kale", ""), ("natto", "natto", "")],
)
def test_common_foods_are_suggested_first_and_branded_ones_last(
    client: FlaskClient, typed: str, first: str, absent: str
) -> None:
    found = json.loads(client.get(f"/diet/suggest?q={typed}").text)
    assert found[0] == {"value": first, "label": first, "table": ""}
    assert not absent or not any(absent in food["label"] for food in found)


def test_nothing_typed_suggests_nothing(client: FlaskClient) -> None:
    assert json.loads(client.get("/diet/suggest?q=").text) == []


@pytest.mark.parametrize(
    ("address", "chosen"),
    [("/diet", "adults"), ("/diet?food=natto&amount=50", ""), ("/diet?food=natto&amount=50&population=men", "men")],
)
def test_a_blank_form_is_for_adults_and_a_link_for_whom_it_says(client: FlaskClient, address: str, chosen: str) -> None:
    page = client.get(address, headers={"Accept": "text/html"}).text
    options = page.partition('name="population"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="([^"]*)" selected', options) == ([chosen] if chosen else [])


def test_a_sentence_and_a_chart_come_before_the_tables(client: FlaskClient) -> None:
    address = "/diet?food=sr28-11457&amount=1&measure=cup&population=adults"
    page = client.get(address, headers={"Accept": "text/html"}).text
    day = page[page.index('id="day-1"') :]
    # A cup of 30 g with 456 (BLS) to 521 µg (CIQUAL) per 100 g.
    assert "136.8–156.3 µg" in day[: day.index("<dl")]
    assert "European Food Safety Authority, adults, 70 µg a day" in day[: day.index("<dl")]
    assert day.index("<dl") < day.index("<table")


def test_an_egg_can_be_counted_in_large_eggs(client: FlaskClient) -> None:
    page = client.get("/diet?food=egg&amount=1&measure=large", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "1 × large" in page.text


def test_the_chart_of_a_diet_is_sent_as_a_file_with_all_its_days(client: FlaskClient) -> None:
    given = "day=Mon&food=natto&amount=40&measure=g&day=Tue&food=kale&amount=80&measure=g"
    links = re.findall(r'href="(/diet/chart\.\w+\?[^"]+)" download', unescape(client.get(f"/diet?{given}").text))
    assert [link.partition("?")[0] for link in links] == ["/diet/chart.svg", "/diet/chart.png"]
    svg, png = (client.get(link) for link in links)
    assert (svg.mimetype, png.mimetype) == ("image/svg+xml", "image/png")
    for words in ("Mon: phylloquinone", "Tue: phylloquinone", "µg a day", "not zero", "/diet?day=Mon"):
        assert words in unescape(svg.text)
    rows = list(csv.reader(io.StringIO(client.get(f"/diet/chart.csv?{given}").text)))
    assert rows[0] == ["day", "form or intake", "lowest, µg", "highest, µg"]
    assert {row[0] for row in rows[1:]} == {"Mon", "Tue"}
    assert ["Mon", "menaquinone-7", "400", "400"] in rows


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/diet/chart.pdf?food=natto&amount=40&measure=g", 404),
        ("/diet/chart.svg?food=nothing+edible&amount=40&measure=g", 400),
        ("/diet/chart.svg", 400),
    ],
)
def test_a_diet_without_a_chart_gets_none(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
