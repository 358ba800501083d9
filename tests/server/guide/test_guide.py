"""The guide: what it shows exists, its queries have answers, and its commands work."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from kg.reader.reader import Reader
from server.core.site_pages import GUIDE_PARTS
from server.guide import model_diagram
from server.guide.pages import QUERIES


def path_of(url: str) -> str:
    parts = urlsplit(unescape(url))
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("part", GUIDE_PARTS)
def test_every_query_of_a_part_has_rows_and_a_title_with_the_example(part: str, client: FlaskClient) -> None:
    page = client.get(f"/guide/{part}").text
    sections = re.findall(r'<section class="live".*?</section>', page, re.DOTALL)
    assert len(sections) == len(QUERIES[part])
    for section in sections:
        assert section.count("<tr>") > 1, section
        assert not re.search(r"<th[^>]*>[^<]* name\b", section), section
        (csv,) = re.findall(r'<a href="([^"]*format=csv[^"]*)"', section)
        rows = client.get(path_of(csv))
        assert rows.status_code == 200
        total = int(re.search(r"of ([\d,]+) rows", section)[1].replace(",", ""))  # type: ignore[index]
        assert len(rows.text.splitlines()) > total or '"' in rows.text, "a cell in quotes may span lines"


def test_every_local_link_and_anchor_of_the_guide_leads_somewhere(client: FlaskClient) -> None:
    pages = {f"/guide/{part}" for part in GUIDE_PARTS} | {"/guide"}
    links = {link for page in pages for link in re.findall(r'href="(/[^"]*)"', client.get(page).text)}
    assert len(links) > 40
    for link in sorted(links):
        response = client.get(path_of(link), headers={"Accept": "text/html,*/*;q=0.5"})
        assert response.status_code in (200, 302, 303), link
        if fragment := urlsplit(link).fragment:
            assert f'id="{fragment}"' in response.text, link


def test_every_curl_command_gives_an_answer(client: FlaskClient) -> None:
    found = [command for part in GUIDE_PARTS for command in re.findall(r"^.*?(curl .*?)(?:</code>|$)",
             client.get(f"/guide/{part}").text, re.MULTILINE)]  # fmt: skip
    assert len(found) >= 5
    for command in found:
        (url,) = re.findall(r"http://\S+?(?=&#39;|'|$)", command)
        accept = re.search(r"Accept: ([\w/+-]+)", command)
        response = client.get(path_of(url), headers={"Accept": accept[1]} if accept else {}, follow_redirects=True)
        assert response.status_code == 200, command
        assert not accept or response.mimetype == accept[1]


def test_the_drawing_shows_classes_and_properties_of_the_ontology(reader: Reader, client: FlaskClient) -> None:
    names = [box.name for box in model_diagram.BOXES if box.name]
    names += [arrow.name.removeprefix("vitk:") for arrow in model_diagram.arrows() if arrow.name.startswith("vitk:")]
    assert len(names) == 12
    assert [name for name in names if not reader.exists(reader.vocabulary.term(name))] == []
    page = client.get("/guide").text
    assert all(f'href="/ontology/{box.name}"' in page for box in model_diagram.BOXES if box.name)


def test_arrows_end_at_the_edges_of_their_boxes_and_their_names_do_not_lie_on_a_box() -> None:
    for arrow in model_diagram.arrows():
        for box in model_diagram.BOXES:
            half = 0 if arrow.is_vertical else 3.5 * len(arrow.name)
            apart = abs(arrow.text_x - box.x) >= box.width / 2 + half or abs(arrow.text_y - box.y) >= box.height / 2
            assert apart, (arrow.name, box.label)


@pytest.mark.parametrize("path", ["/guide/x", "/guide/", "/guide/readers/x"])
def test_what_the_guide_has_not_is_404(path: str, client: FlaskClient) -> None:
    assert client.get(path).status_code == 404
