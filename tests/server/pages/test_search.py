"""The search page: cards, corrected spellings, records on demand, pages and queries."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html"}

CARDS = {
    "vitamin K in a cup of kale": ("amount:kale", "113 µg per 1 cup"),
    "which cheese has the most k2": ("ranking:cheese", "Forms are not added up"),
    "how much vitamin k does a woman need": ("intake:women", "Not medical advice"),
    "is k2 safe with warfarin": ("interaction:warfarin", "Not medical advice"),
    "can I take K2 with eliquis": ("interaction:apixaban", "That does not show that they do not interact"),
    "does k2 lower fractures": ("assessment:proposition-k2-lowers-fracture", "The studies, and why"),
    "k1 vs k2": ("compare:phylloquinone,vitamin-k2", "Compare them side by side"),
    "does cooking destroy vitamin k": ("cooking:phylloquinone", "these are concentrations"),
}


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, headers=BROWSER).text


def search(client: FlaskClient, text: str, **parameters: str) -> str:
    response = client.get("/search", query_string={"q": text, **parameters}, headers=BROWSER)
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("text", CARDS)
def test_a_question_is_answered_above_the_results(client: FlaskClient, text: str) -> None:
    key, words = CARDS[text]
    found = search(client, text)
    assert f'data-answer="{key}"' in found
    assert words in found
    assert found.index("data-answer") < found.index('<ul class="hits">')


@pytest.mark.parametrize("text", CARDS)
def test_every_number_and_assessment_on_a_card_is_a_link_to_where_it_comes_from(client: FlaskClient, text: str) -> None:
    card = re.search(r'<section class="answer".*?</section>', search(client, text), re.DOTALL)
    assert card
    links = {link.partition("#")[0] for link in re.findall(r'href="([^"]+)"', card[0])}
    assert links
    for link in sorted(links)[:6]:
        assert client.get(link.replace("&amp;", "&"), headers=BROWSER).status_code == 200, link


def test_only_the_first_page_without_filters_has_a_card(client: FlaskClient) -> None:
    assert "data-answer" in search(client, "natto")
    assert "data-answer" not in search(client, "natto", type="Food")


@pytest.mark.parametrize(("typed", "meant"), [("wafarin", "warfarin"), ("osteporosis", "osteoporosis")])
def test_a_corrected_spelling_is_announced(client: FlaskClient, typed: str, meant: str) -> None:
    found = search(client, typed)
    assert f"Showing results for <strong>{meant}</strong>" in found
    assert "Showing results for" not in search(client, meant)


@pytest.mark.parametrize("text", ["statins", "zzzzzz"])
def test_what_is_not_there_has_no_look_alike(client: FlaskClient, text: str) -> None:
    found = search(client, text)
    assert "0 results" in found
    assert "No results." in found
    assert "Similar names" not in found
    assert "Tatin" not in found


def test_a_missing_page_suggests_no_look_alike(client: FlaskClient) -> None:
    assert "SPAGHETTIOS" not in client.get("/page/nope", headers=BROWSER).text


def test_records_are_listed_on_demand(client: FlaskClient) -> None:
    without, with_records = search(client, "natto"), search(client, "natto", records="yes")
    kinds = [set(re.findall(r'class="tag">([^<,]+)', found)) for found in (without, with_records)]
    assert not kinds[0] & {"evidence line", "study result", "measurement"}
    assert "Include evidence lines" in without
    assert "Include evidence lines" not in with_records
    counts = [int(re.findall(r"<h1>([\d,]+)", found)[0].replace(",", "")) for found in (without, with_records)]
    assert counts[0] < counts[1]
    next_page = re.search(r'href="([^"]+)" rel="next"', with_records)
    assert next_page
    assert "records=yes" in next_page[1]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("recommended intake", 'href="/intakes"'), ("diet calculator", 'href="/diet"'), ("download dump", 'href="/dataset"'),
        ("effect sizes of an outcome", "example=results-for-an-outcome"),
        ("dosages for conditions", 'href="/page/section-dosage"'),
    ],
)  # fmt: skip
def test_pages_sections_and_queries_are_found_too(client: FlaskClient, text: str, link: str) -> None:
    assert link in search(client, text)


def test_a_part_of_the_words_is_not_counted_as_if_it_were_all(client: FlaskClient) -> None:
    assert "<h1>Best results for" in search(client, "warfarin unicorn rainbow kale")


def test_the_title_of_a_search_is_not_that_of_the_entity(client: FlaskClient) -> None:
    titles = [
        re.findall("<title>(.*?)</title>", text)[0] for text in (search(client, "natto"), page(client, "/page/natto"))
    ]
    assert titles[0] != titles[1]
    assert titles[0] == "Search: natto · vitk"


def test_capitals_of_a_class_survive_in_the_title(client: FlaskClient) -> None:
    assert "<h1>Form of vitamin K " in page(client, "/search?type=VitaminKForm")


def test_members_of_a_class_are_in_natural_order(client: FlaskClient) -> None:
    found = re.findall(r'<a href="/page/menaquinone-(\d+)">', page(client, "/search?type=Menaquinone"))
    assert found == sorted(found, key=int)


def test_suggestions_offer_vitamin_k_for_its_letter_and_topics_for_a_question(client: FlaskClient) -> None:
    def suggested(text: str) -> list[str]:
        return [one["label"] for one in client.get("/suggest", query_string={"q": text}).get_json()]

    assert suggested("k")[0] == "vitamin K"
    assert suggested("how much vitamin k in kale")[0] == "kale"
    assert suggested("statins") == []
