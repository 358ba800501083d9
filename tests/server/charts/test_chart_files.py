"""Charts: each as SVG, PNG and CSV at one address, from the same rows; on pages with finding, axis, source and words."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from flask.testing import FlaskClient

from server.charts.chart import NARROW, WIDE
from server.charts.registry import KINDS
from server.svg.drawing import Text
from tests.server.charts.examples import CHARTS, Source, chart, parts_of

SVG = "{http://www.w3.org/2000/svg}"
# Pages with charts, and which.
PAGES = {
    "/page/menaquinone-7": {"doses", "times"},
    "/page/menaquinone-4": {"doses", "foods"},
    "/page/phylloquinone": {"doses", "foods"},
    "/page/vitamin-k": {"doses", "vitamin-k-cycle"},
    "/page/vkorc1": {"vitamin-k-cycle"},
    "/page/ggcx": {"vitamin-k-cycle"},
    "/page/warfarin": {"vitamin-k-cycle"},
    "/page/hip-fracture": {"effects", "timeline"},
    "/page/natto": {"food"},
    "/page/proposition-k2-lowers-fracture": {"evidence", "timeline", "certainty"},
    "/page/claim-f034-1": {"evidence"},
    "/intakes": {"intakes"},
    "/sections": {"sections"},
    "/compare?a=natto&b=gouda": {"compared"},
    "/foods?form=phylloquinone": {"foods-in-table"},
    "/foods?form=phylloquinone&per=serving": {"servings"},
    "/": {"evidence-map", "standings"},
}


def test_there_is_an_example_of_every_kind() -> None:
    assert CHARTS.keys() == KINDS.keys()


@pytest.mark.parametrize(("kind", "name"), CHARTS.items())
def test_a_file_of_a_chart_needs_nothing_else_and_names_finding_source_and_licence(
    client: FlaskClient, source: Source, kind: str, name: str
) -> None:
    found = chart(source, kind)
    response = client.get(f"/charts/{kind}/{name}.svg")
    assert response.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(response.text)
    assert root.findtext(f"{SVG}title") == found.finding
    written = " ".join("".join(text.itertext()) for text in root.findall(f"{SVG}text"))
    for words in (found.finding, "Source:", source.reader.release.id, "Licence: CC BY 4.0"):
        assert words in written
    style = root.findtext(f"{SVG}style") or ""
    assert "var(" not in style
    assert "light-dark" not in style
    assert "@" not in style
    for used in {shape.get("class", "") for shape in root.iter(f"{SVG}path")}:
        assert any(f".{name} " in style for name in used.split()), used
    assert all(link.get("href", "").startswith("http") for link in root.iter(f"{SVG}a"))
    assert "axis" in response.text or kind in ("certainty", "vitamin-k-cycle")


@pytest.mark.parametrize(("kind", "name"), CHARTS.items())
def test_a_picture_is_the_file_at_twice_its_size(client: FlaskClient, kind: str, name: str) -> None:
    root = ElementTree.fromstring(client.get(f"/charts/{kind}/{name}.svg").text)
    picture = client.get(f"/charts/{kind}/{name}.png")
    assert picture.mimetype == "image/png"
    assert picture.data[:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(picture.data[at : at + 4]) for at in (16, 20)]
    assert size == [2 * int(root.attrib[side]) for side in ("width", "height")]
    # A picture of nothing but paper is smaller.
    assert len(picture.data) > 20_000


@pytest.mark.parametrize(("kind", "name"), CHARTS.items())
def test_a_table_has_the_rows_of_the_chart(client: FlaskClient, source: Source, kind: str, name: str) -> None:
    response = client.get(f"/charts/{kind}/{name}.csv")
    assert response.mimetype == "text/csv"
    head, *rows = csv.reader(io.StringIO(response.text))
    found = chart(source, kind)
    assert tuple(head) == found.columns
    assert [tuple(row) for row in rows] == list(found.rows)
    assert rows
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("path", [
    "doses/menaquinone-7.pdf", "doses/nothing.svg", "doses/natto.png", "timeline/proposition-nothing.svg", "nothing/natto.svg",
    "servings/natto.svg", "foods-in-table/phylloquinone.svg", "vitamin-k-cycle/natto.svg", "intakes/natto.csv",
    "evidence/natto.svg", "effects/nothing.svg", "food/nothing.svg", "food/warfarin.svg",
])  # fmt: skip
def test_what_has_no_chart_gets_none(client: FlaskClient, path: str) -> None:
    assert client.get(f"/charts/{path}").status_code == 404


@pytest.mark.parametrize(("path", "kinds"), PAGES.items())
def test_every_chart_on_a_page_has_a_finding_a_source_and_files(
    client: FlaskClient, path: str, kinds: set[str]
) -> None:
    shown = client.get(path, headers={"Accept": "text/html"}).text
    assert "chart.css" in shown
    notes = re.findall(r'<p class="chart-credit">.*?</p>', shown, re.DOTALL)
    files = [re.findall(r'href="(/charts/([^/]+)/[^"]+\.(\w+))"', one) for one in notes]
    assert {kind for some in files for _, kind, _ in some} >= kinds
    for one, some in zip(notes, files, strict=True):
        assert "Source: " in one
        assert [fmt for *_, fmt in some] == ["svg", "png", "csv"]
        assert client.get(some[2][0]).status_code == 200
    assert len(re.findall(r'class="finding"', shown)) == len(notes)


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/page") or path == "/intakes"])
def test_a_drawing_on_a_page_has_a_name_and_its_rows_in_words(client: FlaskClient, path: str) -> None:
    shown = client.get(path, headers={"Accept": "text/html"}).text
    for figure in re.findall(r'<figure class="chart-figure">.*?</figure>', shown, re.DOTALL):
        drawings = re.findall(r'<svg class="chart (\S+)"[^>]* role="(\w+)" aria-labelledby="([^"]+)"', figure)
        assert [place for place, *_ in drawings] in ([], ["on-wide", "on-narrow"])
        named = re.findall(r'class="finding" id="([^"]+)">[^<]', figure)
        assert all([name] == named for *_, name in drawings)
    for anchor in re.findall(r'<section aria-labelledby="(doses|cycle|certainty)"', shown):
        section = shown.partition(f'aria-labelledby="{anchor}"')[2].partition("</section>")[0]
        assert "<table" in section, anchor


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", [kind for kind in CHARTS if kind not in ("evidence-map", "evidence")])
def test_nothing_is_drawn_beside_the_paper(source: Source, kind: str, width: int) -> None:
    drawing = chart(source, kind).draw(width)
    assert drawing.width == width
    for text in (part for part in parts_of(drawing) if isinstance(part, Text)):
        assert -1 <= text.x <= width + 1
        assert 0 < text.y <= drawing.height, text
        if text.anchor == "start":
            assert text.x + 0.52 * 12 * len(text.text) <= width + 12, text
