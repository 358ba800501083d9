"""What accompanies the pages of entities: explanations, citations, comparisons, and cached pages."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from kg.reader.reader import Reader
from server.middleware.cache.regions import page_cache, query_cache
from server.pages import citation

BROWSER = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("s=id:natto&p=vitk:mayCounteract&o=id:warfarin",
         ["Inferred", "safety climbs", "weakens the effect of", "NIH Office of Dietary Supplements"]),
        ("s=id:menaquinone-7&p=vitk:isFormOf&o=id:vitamin-k2", ["Curated, in the graph"]),
        ("s=id:menaquinone-7&p=rdf:type&o=vitk:LongChainMenaquinone", ["at least seven isoprenoid units", "7"]),
        ("s=id:menaquinone-7&p=vitk:isoprenoidUnitCount&o=7", ["Curated, in the graph"]),
        ("s=id:claim-f034-1", ["Why this standing?", "<h3>Certainty (computed)</h3>", "Zhang et al. 2020", "What decides", "Who says so"]),
        ("s=id:proposition-k2-lowers-fracture", ["Why this assessment?", "Lowered by 1 for inconsistency", "under an integrity notice"]),
    ],
)  # fmt: skip
def test_a_statement_and_a_standing_are_explained(client: FlaskClient, parameters: str, expected: list[str]) -> None:
    page = client.get(f"/explain?{parameters}")
    assert page.status_code == 200
    for words in expected:
        assert words in page.text, words


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ("", 400), ("s=id:natto&p=vitk:contains", 400), ("p=a&o=b", 400), ("s=" + "x" * 500, 400), ("s=id:natto", 404),
        ("s=id:nothing&p=rdf:type&o=vitk:Food", 404), ("s=id:natto&p=rdf:type&o=vitk:Drug", 404), ("s=<&p=>&o=%00", 404),
        ('s=id:natto"}&p=rdf:type&o=vitk:Food', 404), ("s=<script>alert(1)</script>&p=a&o=b", 404), ("s=%FF%FE", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_a_problem(client: FlaskClient, parameters: str, status: int) -> None:
    response = client.get(f"/explain?{parameters}", headers=BROWSER)
    assert response.status_code == status
    assert "<script>alert" not in response.text


@pytest.mark.system
def test_every_why_on_a_page_leads_to_an_explanation(client: FlaskClient) -> None:
    for name in ("natto", "menaquinone-7", "osteocalcin", "warfarin", "claim-f166-1"):
        links = re.findall(r'href="(/explain[^"]+)', client.get(f"/page/{name}").text)
        assert links
        for link in set(links):
            assert client.get(unescape(link)).status_code == 200, link


def test_an_entity_is_cited_in_bibtex_and_ris(client: FlaskClient, reader: Reader) -> None:
    bibtex = client.get("/cite/menaquinone-7.bib")
    assert bibtex.text.startswith(f"@misc{{vitk-menaquinone-7-{reader.release.id},")
    assert bibtex.text.count("{") == bibtex.text.count("}")
    for expected in (
        "title = {{menaquinone-7}}",
        f"release {reader.release.id}",
        f"url = {{{reader.vocabulary.entity_iri('menaquinone-7')}}}",
    ):
        assert expected in bibtex.text
    ris = client.get("/cite/claim-f034-1.ris").text.split("\r\n")
    assert (ris[0], ris[-2], ris[-1]) == ("TY  - DATA", "ER  - ", "")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in ris[:-1])


def test_what_tex_would_take_for_markup_is_escaped() -> None:
    written = citation.bibtex("50 % of K_2 & \\{x}\n$", "https://example.org/id/a", "r1", "2026-11-23")
    assert r"50 \% of K\_2 \& \textbackslash{}\{x\} \$" in written
    assert "\n" not in citation.ris("two\nlines", "https://example.org/id/a", "r1", "2026-11-23").split("\r\n")[1]


@pytest.mark.parametrize("path", ["/cite/menaquinone-7.doc", "/cite/nothing.bib", "/cite/%00.ris"])
def test_what_cannot_be_cited_is_a_problem(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("parameters", "status", "expected"),
    [
        ("", 200, "Choose two forms"),
        ("?a=menaquinone-7", 200, 'value="menaquinone-7"'),
        ("?a=menaquinone-7&b=menaquinone-4", 200, "4 isoprenoid units"),
        ("?a=MK-7&b=mk4", 200, "4 isoprenoid units"),
        ("?a=MK-7&b=mk4", 200, 'up to 96 hours.</a></span> <span class="tag caution">flawed</span>'),
        ("?a=natto&b=edam", 200, "47.5"),
        ("?a=sr28-11457&b=sr28-16113", 200, "482.9"),
        ("?a=sr28-11457&b=sr28-16113", 200, "Not given, so unknown"),
        ("?a=natto&b=menaquinone-7", 200, "Pick two forms or two foods"),
        ("?a=natto&b=natto", 200, "Both are the same"),
        ("?a=osteocalcin&b=natto", 404, "osteocalcin is neither a form of vitamin K nor a food"),
        ("?a=qqqqqqqq&b=natto", 404, "qqqqqqqq"),
        ("?a=<script>alert(1)</script>&b=natto", 404, "&lt;script&gt;"),
        ("?a=" + "x" * 200, 400, "Name too long"),
    ],
)
def test_two_forms_or_two_foods_stand_side_by_side(
    client: FlaskClient, parameters: str, status: int, expected: str
) -> None:
    response = client.get("/compare" + parameters, headers=BROWSER)
    assert response.status_code == status
    assert expected in response.text
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    "path",
    ["/page/natto", "/page/vitamin-k2?claims=SafetyClaim", "/ontology/Menaquinone", "/compare?a=natto&b=edam",
     "/explain?s=id:claim-f034-1", "/picture/id:natto.json"],
)  # fmt: skip
def test_a_page_is_cached(client: FlaskClient, path: str) -> None:
    cache = page_cache(client.application, 8 << 20)
    through = Client(cache)
    first, again = through.get(path), through.get(path)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Cache-Status"] == "vitk; hit"
    assert again.data == first.data == client.get(path).data
    assert (cache.stats().entries, cache.stats().hits) == (1, 1)
    assert "X-Vitk-Cache" not in again.headers
    fresh = through.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (fresh.status_code, fresh.data) == (304, b"")
    assert through.head(path).headers["Content-Length"] == str(len(first.data))
    packed = through.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == first.data
    # Headers count for each form of the response.
    assert cache.stats().bytes < (5 << 10) + len(first.data) // 2


def test_cached_pages_belong_to_the_url_that_was_requested(client: FlaskClient) -> None:
    through = Client(page_cache(client.application, 8 << 20))
    plain = through.get("/page/natto").text
    behind = through.get("/page/natto", base_url="http://example.org/vitamin/k").text
    assert 'href="/page/soybean"' in plain
    assert 'href="/vitamin/k/page/soybean"' in behind
    assert 'href="/page/soybean"' not in behind


def test_problems_are_not_cached(client: FlaskClient) -> None:
    cache = page_cache(client.application, 8 << 20)
    for path in ("/page/nothing", "/explain", "/compare?a=qqqqqqqq", "/page/natto?incoming=vitk:nothing"):
        assert Client(cache).get(path).status_code in (400, 404)
    assert cache.stats().entries == 0


def test_many_pages_do_not_push_out_answers_to_queries(client: FlaskClient) -> None:
    queries = query_cache(client.application, 4 << 20)
    pages = page_cache(queries, 1 << 19)
    through = Client(pages)
    through.get("/api/v1/queries")
    for name in ("natto", "edam", "gouda", "salami", "butter", "cheese", "salmon", "eel", "osteocalcin", "warfarin"):
        through.get(f"/page/{name}")
    assert through.get("/api/v1/queries").headers["Cache-Status"] == "vitk; hit"
    assert (queries.stats() + pages.stats()).entries == 1 + pages.stats().entries
    assert 0 < pages.stats().bytes <= 1 << 19


@pytest.mark.parametrize(
    ("food", "words"),
    [
        # CIQUAL's K1 is that of SR28, which imputed it; BLS took both of its amounts from the Dutch table.
        ("gouda", "none of phylloquinone, none of vitamin K2"),
        ("raw-spinach", "4 of phylloquinone"),
        ("natto", "1 of menaquinone-7"),
    ],
)
def test_a_food_says_how_many_independent_measurements_there_are(client: FlaskClient, food: str, words: str) -> None:
    assert words in client.get(f"/page/{food}").text
