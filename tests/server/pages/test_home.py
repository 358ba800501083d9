"""The home page, and the frame of every page."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kg.propositions.index import PropositionIndex
from kg.reader.reader import Reader
from server.core import site_pages

BROWSER = {"Accept": "text/html"}

FRAMED = ("/", "/page/natto", "/search?q=natto", "/claims", "/diet", "/sparql", "/intakes")


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == 200, path
    return response.text


def links(text: str) -> set[str]:
    return {link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)}


def test_the_first_words_are_about_vitamin_k(client: FlaskClient) -> None:
    text = page(client, "/")
    assert re.findall("<h1>(.*?)</h1>", text) == ["Vitamin K: what’s claimed, and what the evidence shows"]


@pytest.mark.parametrize(
    ("door", "targets"),
    [
        ("I want an answer", {"/foods?form=vitamin-k2", "/intakes", "/compare?a=phylloquinone&b=vitamin-k2", "/page/warfarin"}),
        ("I do research", {"/sparql", "/api", "/sparql?example=results-for-an-outcome", "/methods"}),
        ("I build with data", {"/dataset", "/ontology", "/api", "/browse"}),
    ],
)  # fmt: skip
def test_every_entrance_leads_to_what_it_promises(client: FlaskClient, door: str, targets: set[str]) -> None:
    text = page(client, "/")
    (part,) = [part for part in text.split('<div class="door">') if part.strip().startswith(f"<h2>{door}")]
    found = links(part.partition("</div>")[0])
    assert targets <= found
    for link in found:
        assert (
            client.get(link, headers={"Accept": "text/html, text/csv;q=0.9"}, follow_redirects=True).status_code == 200
        ), link


def test_effect_sizes_come_as_csv_from_the_home_page(client: FlaskClient) -> None:
    (link,) = [link for link in links(page(client, "/")) if "results-for-an-outcome" in link and "csv" in link]
    response = client.get(link)
    assert response.mimetype == "text/csv"
    assert len(response.text.splitlines()) > 2


def test_the_coverage_is_that_of_the_propositions(client: FlaskClient, reader: Reader) -> None:
    sides = [summary.side for summary in PropositionIndex(reader).summaries.values()]
    assessed = len(sides) - sides.count("notSearched") - sides.count("tooVague")
    assert f"{assessed} of {len(sides)} propositions are assessed" in page(client, "/")


def test_every_mark_of_the_map_is_a_link_with_a_name_of_its_own(client: FlaskClient) -> None:
    text = page(client, "/")
    marks = re.findall(r'<a class="mark [^"]+" href="(/page/proposition-[^"]+)">(.*?)</a>', text)
    assert len(marks) > 50
    assert len({re.sub("<[^>]+>", "", name) for _, name in marks}) == len(marks)
    for link, _ in marks[::9]:
        assert client.get(link, headers={"Accept": "text/html"}).status_code == 200


def test_tables_of_the_map_have_captions_and_headers_of_rows(client: FlaskClient) -> None:
    for table in re.findall('<table class="map">.*?</table>', page(client, "/"), re.DOTALL):
        assert "<caption>" in table
        assert table.count('<th scope="row">') == table.count("<tr>") - 1


@pytest.mark.parametrize("path", FRAMED)
def test_the_frame_leads_to_every_page_and_says_where_one_is(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    nav = re.search(r'<nav aria-label="Main">.*?</nav>', text, re.DOTALL)
    assert nav
    here = re.findall(r'<a href="([^"]+)" aria-current="page">', nav[0])
    expected = [link.url for link in header(client, path) if link.is_here]
    assert here == expected
    assert len(here) == (path.partition("?")[0] in ("/claims", "/diet", "/sparql", "/intakes"))
    footer = text[text.index("<footer") :]
    assert len(links(footer)) >= len(site_pages.PAGES)


def header(client: FlaskClient, path: str) -> list[site_pages.PageLink]:
    from server.core.state import state_of

    with client.application.test_request_context(path):
        return site_pages.header(state_of(client.application).urls, path.partition("?")[0])


def test_pages_have_descriptions(client: FlaskClient) -> None:
    for path in FRAMED:
        description = re.search(r'<meta name="description" content="([^"]{40,})">', page(client, path))
        assert description, path


def test_intakes_of_all_authorities_are_in_one_table(client: FlaskClient, reader: Reader) -> None:
    text = page(client, "/intakes")
    intakes = {row["intake"].value for row in reader.run("reference-intakes", {"population": None})}
    assert {f"/page/{iri.rpartition('/')[2]}" for iri in intakes} <= links(text)
    superseded = {
        row["intake"].value
        for row in reader.run("reference-intakes", {"population": None})
        if row["isSuperseded"].value == "true"
    }
    assert superseded
    marked = re.findall(r'<a href="/page/([^"]+)">[^<]*</a><br><strong>superseded</strong>, set in \d{4}', text)
    assert {reader.vocabulary.entity_iri(name) for name in marked} == superseded
    rows = re.findall(r'<tr><th scope="row"><a [^>]+>([^<]+)', text)
    assert rows[:3] == ["adults", "women", "men"]
    assert rows.index("children of 4 to 6 years") < rows.index("children of 11 to 14 years")


def test_the_map_says_in_visible_words_how_certain_a_side_is(client: FlaskClient, reader: Reader) -> None:
    index = PropositionIndex(reader)
    text = page(client, "/")
    marks = re.findall(r'<a class="mark ([^"]+)" href="/page/([^"]+)">(.*?)<span class="hidden">', text)
    assert marks
    for classes, name, visible in marks:
        summary = index.get(reader.vocabulary.entity_iri(name))
        assert summary
        certainty = summary.certainty.label if summary.certainty and "mixed" not in classes.split() else ""
        assert visible.endswith(f"<small>, {certainty}</small>") if certainty else "<small>" not in visible
        assert ("weak" in classes.split()) == (certainty in ("low", "very low"))
