"""Browsing: lists with facets and pages, the pages that weigh what the source says, and what they refuse."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from kg.reader.reader import Reader
from server.pages.claims import FACETS
from tests.support.paths import BASE

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = [
    *("/search?q=cheese", "/search?q=cheese&type=TableFood&group=sr28-group-0100", "/search?type=Menaquinone"),
    *("/browse", "/browse/Food", "/browse/Food?form=menaquinone-4&sort=type&page=2", "/browse/Claim", "/browse/Measurement"),
    *("/claims", "/claims?about=vitamin-k2&standing=overstatedStanding", "/claims?q=bone", "/sections", "/contradictions"),
    *("/contradictions?claim=claim-f002-1", "/flaws", "/flaws?type=overstated", "/foods", "/foods?form=menaquinone-7"),
    *("/article-and-tables", "/methods"),
]  # fmt: skip


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == 200, path
    return response.text


def total(text: str) -> int:
    found = re.search(r'<h1>.*?<span class="count">([\d,]+)</span>', text, re.DOTALL)
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_a_small_body_and_unique_ids(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    assert text.count("<h1") == 1
    assert len(text.encode()) <= 90_000
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert not re.search(r"<script(?! type=\"module\")|<style|\sstyle=|\son\w+=|javascript:", text)


@pytest.mark.system
@pytest.mark.parametrize("path", PAGES)
def test_every_link_that_narrows_or_pages_leads_to_a_page(client: FlaskClient, path: str) -> None:
    links = re.findall(
        r'href="(/(?:search|browse|claims|flaws|foods|contradictions|sections)[^"#]*)', page(client, path)
    )
    for link in sorted({link.replace("&amp;", "&") for link in links})[:25]:
        assert client.get(link, headers=BROWSER).status_code == 200, link


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/search")])
def test_a_page_links_to_the_query_behind_it_and_its_answer_as_csv(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/sparql\?query=[^"]+)"', text)]
    as_csv = [link for link in links if link.endswith("&format=csv")]
    assert as_csv
    assert {link.removesuffix("&format=csv") for link in as_csv} <= set(links)
    if path not in ("/browse/Food", "/browse/Food?form=menaquinone-4&sort=type&page=2"):  # ten thousand rows
        response = client.get(as_csv[0])
        assert response.mimetype == "text/csv"
        assert len(response.text.splitlines()) > 1


@pytest.mark.parametrize("path", ["/claims", "/search?q=cheese", "/browse/Food"])
def test_the_count_beside_a_choice_is_the_length_of_the_list_that_it_leads_to(client: FlaskClient, path: str) -> None:
    choices = re.findall(
        r'<li><a href="([^"]+)">[^<]+</a> <span class="number">([\d,]+)</span></li>', page(client, path)
    )
    assert len(choices) > 20
    for link, count in choices[::7]:
        text = page(client, link.replace("&amp;", "&"))
        found = re.search(r"<h1>([\d,]+) results? for", text)
        assert (int(found[1].replace(",", "")) if found else total(text)) == int(count.replace(",", "")), link


@pytest.mark.system
def test_the_index_of_statements_agrees_with_the_query_behind_it(reader: Reader) -> None:
    everything = reader.listing.having("section", "", {}, FACETS, size=0)
    assert everything.total == len({row["claim"].value for row in reader.run("claims", {})}) > 387
    for facet in FACETS:
        for choice in everything.facets[facet][:2]:
            conditions = {facet: choice.iri}
            rows = reader.run("claims", conditions)
            assert len(rows) == choice.count, (facet, choice.label)


def test_chosen_values_hold_together_and_the_other_values_of_their_facet_stay_on_offer(reader: Reader) -> None:
    about, outcome = BASE + "id/vitamin-k2", BASE + "id/bone-fracture"
    both = reader.listing.having("section", "", {"about": about, "outcome": outcome}, FACETS)
    alone = reader.listing.having("section", "", {"about": about}, FACETS)
    assert 0 < both.total < alone.total
    offered = {choice.iri: choice.count for choice in both.facets["outcome"]}
    assert offered == {choice.iri: choice.count for choice in alone.facets["outcome"]}
    assert offered[outcome] == both.total


def test_all_pages_of_a_list_together_hold_each_entity_once(reader: Reader) -> None:
    kind = BASE + "ontology#Condition"
    pages = [reader.listing.members(kind, {}, (), "name", start, 25).hits for start in range(0, 100, 25)]
    labels = [hit.label for one in pages for hit in one]
    assert len(labels) == len(set(labels)) == reader.listing.members(kind, {}, ()).total
    assert labels == sorted(labels, key=str.casefold)


@pytest.mark.parametrize("kind", ["Food", "EvidenceLine"])
def test_the_counts_made_for_large_classes_are_those_of_their_members(reader: Reader, kind: str) -> None:
    iri, facets = BASE + "ontology#" + kind, ("kind", "form", "group", "evidence")
    listed = reader.listing.members(iri, {}, facets, size=3)
    members = reader.listing.members(iri, {}, (), size=50_000)
    ids = reader.listing.numbers_of([hit.iri for hit in members.hits])
    assert listed.total == len(ids)
    assert listed.facets == {facet: found for facet, found in reader.listing.counts(ids, facets).items() if found}


def test_the_class_tree_counts_those_below_too(reader: Reader) -> None:
    classes = reader.listing.classes()
    members = {iri.rpartition("#")[2]: entry.members for iri, entry in classes.items()}
    assert members["Menaquinone"] == 11
    assert members["VitaminKForm"] > members["Menaquinone"]
    assert members["Claim"] >= members["HealthEffectClaim"] + members["CompositionClaim"]


def test_results_come_as_csv_too(client: FlaskClient) -> None:
    response = client.get("/search?q=natto&format=csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert response.mimetype == "text/csv"
    assert rows[0]["entity"] == BASE + "id/natto"


def test_what_is_suggested_has_name_kind_and_address(client: FlaskClient) -> None:
    suggested = client.get("/suggest?q=mk-7").get_json()
    assert suggested[0] == {
        "label": "menaquinone-7", "type": "menaquinone", "matched": "MK-7", "url": "/page/menaquinone-7",
    }  # fmt: skip
    assert len(suggested) <= 8
    assert client.get("/suggest").get_json() == []


def test_natto_is_never_shown_as_poor_in_vitamin_k2(client: FlaskClient) -> None:
    row = re.search(
        r'<tr>\s*<td><a href="/page/natto">natto</a></td>.*?</tr>', page(client, "/article-and-tables"), re.DOTALL
    )
    assert row
    assert "K2 is not measured there" in row[0]
    assert "1,000 µg" in row[0]
    assert page(client, "/foods?form=menaquinone-7").index("/page/natto") > 0


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("/page/vitamin-k2", "/page/cheese"),
        ("/foods?form=vitamin-k2", "/page/cheese"),
        ("/compare?a=vitamin-k2&b=phylloquinone", "/page/edam"),
        ("/api/v1/foods?form=vitamin-k2", "/page/ciqual-40120"),
        ("/api/v1/queries/foods-by-form?form=vitamin-k2", "/page/cheese"),
    ],
)
def test_the_foods_with_most_vitamin_k2_begin_with_natto_by_its_mk_7(
    client: FlaskClient, path: str, before: str
) -> None:
    text = client.get(path).text
    assert 0 < text.index("/page/natto") < text.index(before)
    assert text.index("menaquinone-7") < text.index(before)


def test_a_form_with_forms_of_its_own_lists_the_tables_of_each(client: FlaskClient) -> None:
    text = page(client, "/foods?form=vitamin-k")
    for table, form in (("USDA SR28", "phylloquinone"), ("USDA SR28", "menaquinone-4"), ("CIQUAL 2020", "vitamin K2")):
        assert re.search(rf">{table}</a>: \d+ foods with most <a [^>]*>{form}</a>", text)
    assert not re.search("foods with most <a", page(client, "/foods?form=phylloquinone"))


def test_the_page_of_a_form_leads_to_all_foods_with_it(client: FlaskClient) -> None:
    text = page(client, "/page/menaquinone-4")
    assert "Richest food described" in text
    assert 'href="/foods?form=menaquinone-4"' in text


def test_a_flawed_statement_is_shown_with_its_reason_and_correction(client: FlaskClient) -> None:
    text = page(client, "/flaws?type=wrongUnit")
    assert "The article says" in text
    assert "Instead" in text
    assert total(page(client, "/flaws")) == 32


def test_each_section_counts_its_flawed_claims(client: FlaskClient, reader: Reader) -> None:
    counts = [int(row["claims"].value) for row in reader.run("pages/flaws-by-section", {})]
    shown = re.findall(r'data-label="Flawed" class="figure">(\d+)<', page(client, "/sections"))
    assert sorted(map(int, shown)) == sorted(counts)


def test_what_speaks_against_a_statement_comes_from_article_studies_and_flaws(client: FlaskClient) -> None:
    text = page(client, "/contradictions?claim=claim-f002-1")
    for said in ("A review of 2023 reports conflicting outcomes", "Ma et al. 2022", "told as a fact"):
        assert said in text


def test_a_newcomer_reaches_each_aim_within_three_clicks_of_the_home_page(client: FlaskClient) -> None:
    home = page(client, "/")
    assert 'href="/foods?form=vitamin-k2"' in home
    assert 'href="/page/proposition-k2-lowers-fracture"' in home
    against = page(client, "/contradictions?claim=claim-f002-1")
    query = re.search(r'href="(/sparql\?query=[^"]+)">See and edit', against)
    assert query
    assert page(client, query[1].replace("&amp;", "&")).count("claim-f002-1")
    assert f'{query[1]}&amp;format=csv"' in against


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search?q=cheese&type=Nothing", 400), ("/search?q=cheese&group=%3Cscript%3E", 400), ("/search?q=cheese&page=0", 400),
        ("/search?q=cheese&page=-1", 400), ("/search?q=cheese&page=x", 400), ("/search?q=cheese&page=99999999999", 400),
        ("/search?q=cheese&page=%D9%A3", 400), ("/search?q=cheese&page=9999", 404), ("/search?q=" + "x" * 10_240, 400),
        ("/search?q=%00%01%02", 200), ("/search?q=a%00b%0d%0aX:%20y", 200), ("/search?q=%ff%fe", 200),
        ("/search?q=cheese&format=exe", 400), ("/suggest?q=" + "x" * 10_240, 200), ("/suggest?q=%00%22", 200),
        ("/browse/Nothing", 404), ("/browse/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404), ("/browse/Food?sort=price", 400),
        ("/browse/Food?page=9999", 404), ("/browse/..%2F..%2Fetc", 404), ("/claims?standing=nice", 400),
        ("/claims?about=Food", 400), ("/claims?q=" + "x" * 10_240, 400), ("/claims?page=99", 404),
        ("/claims?q=zzzzqq", 200), ("/flaws?type=%3Cscript%3E", 400), ("/contradictions?claim=natto", 404),
        ("/contradictions?claim=%3Cscript%3Ealert(1)", 404), ("/foods?form=osteocalcin", 400), ("/foods?form=%00", 400),
    ],
)  # fmt: skip
def test_bad_input_is_reported_and_never_reflected_unescaped(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == status
    assert "<script>" not in response.text
    assert "Traceback" not in response.text
    assert int(response.headers["Content-Length"]) == len(response.data)


@pytest.mark.parametrize("path", ["/search?q=mk-7", "/suggest?q=mk-7", "/browse", "/browse/Food", "/claims", "/foods"])
def test_lists_are_answered_with_304_where_the_client_has_them(client: FlaskClient, path: str) -> None:
    tag = client.get(path, headers=BROWSER).headers["ETag"]
    again = client.get(path, headers={**BROWSER, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_foods_can_be_ranked_by_what_people_eat(client: FlaskClient) -> None:
    text = page(client, "/foods?form=phylloquinone&per=serving")
    for words in ("62.4–182 µg", "89–260 %", "sorted by the lower end", "EFSA: adequate intake of vitamin K1, adults"):
        assert words in text
    assert client.get("/foods?per=plate", headers={"Accept": "text/html"}).status_code == 400


@pytest.mark.parametrize("per", ["", "&per=serving"])
def test_the_rankings_of_many_forms_stay_small(client: FlaskClient, per: str) -> None:
    assert len(page(client, f"/foods?form=vitamin-k{per}").encode()) <= 100_000
