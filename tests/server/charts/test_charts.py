"""Charts: each as SVG, PNG and CSV at one address, from the same rows; on pages with finding, axis, source and words."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from html import unescape

import pytest
from flask.testing import FlaskClient

from kg.claims.claim_index import ClaimIndex
from kg.reader.reader import Reader
from server.charts import Chart, chart_of
from server.charts.chart import NARROW, WIDE
from server.charts.kinds import KINDS
from server.svg.drawing import Drawing, Link, Path, Text

SVG = "{http://www.w3.org/2000/svg}"
# One chart of each kind.
CHARTS = {
    "doses": "menaquinone-7",
    "intakes": "vitamin-k",
    "effects": "hip-fracture",
    "evidence": "proposition-k2-lowers-fracture",
    "timeline": "proposition-k2-lowers-fracture",
    "certainty": "proposition-k2-lowers-fracture",
    "foods": "vitamin-k2",
    "foods-in-studies": "vitamin-k2",
    "foods-in-table": "phylloquinone~ciqual-2020",
    "servings": "phylloquinone",
    "food": "natto",
    "times": "menaquinone-7",
    "evidence-map": "vitamin-k",
    "standings": "vitamin-k",
    "vitamin-k-cycle": "warfarin",
}
# Pages with charts, and which.
PAGES = {
    "/page/menaquinone-7": {"doses", "times"},
    "/page/menaquinone-4": {"doses", "foods"},
    "/page/phylloquinone": {"doses", "foods"},
    "/page/vitamin-k": {"doses", "vitamin-k-cycle"},
    "/page/vkorc1": {"vitamin-k-cycle"},
    "/page/ggcx": {"vitamin-k-cycle"},
    "/page/warfarin": {"vitamin-k-cycle"},
    "/page/hip-fracture": {"effects"},
    "/page/natto": {"food"},
    "/page/proposition-k2-lowers-fracture": {"evidence", "timeline", "certainty"},
    "/page/claim-f034-1": {"evidence"},
    "/intakes": {"intakes"},
    "/foods?form=phylloquinone": {"foods-in-table"},
    "/foods?form=phylloquinone&per=serving": {"servings"},
    "/": {"evidence-map", "standings"},
}


@dataclass(frozen=True)
class Source:
    reader: Reader
    claim_index: ClaimIndex


@pytest.fixture(scope="module")
def source(reader: Reader) -> Source:
    return Source(reader, ClaimIndex(reader))


def chart(source: Source, kind: str, name: str = "") -> Chart:
    found = chart_of(source, kind, name or CHARTS[kind])
    assert found, (kind, name)
    return found


def links_of(drawing: Drawing) -> list[Link]:
    return [shape for shape in drawing.shapes if isinstance(shape, Link)]


def texts_of(drawing: Drawing) -> list[str]:
    inner = [part for shape in drawing.shapes for part in (shape.shapes if isinstance(shape, Link) else (shape,))]
    return [part.text for part in inner if isinstance(part, Text)]


def place_of(path: Path) -> tuple[float, float]:
    """The point in the middle between the leftmost and the rightmost, and the topmost, of a path of lines."""
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.d)]
    return (min(numbers[::2]) + max(numbers[::2])) / 2, min(numbers[1::2])


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
    credits = re.findall(r'<p class="chart-credit">.*?</p>', shown, re.DOTALL)
    files = [re.findall(r'href="(/charts/([^/]+)/[^"]+\.(\w+))"', one) for one in credits]
    assert {kind for some in files for _, kind, _ in some} >= kinds
    for one, some in zip(credits, files, strict=True):
        assert "Source: " in one
        assert [fmt for *_, fmt in some] == ["svg", "png", "csv"]
        assert client.get(some[2][0]).status_code == 200
    assert len(re.findall(r'class="finding"', shown)) == len(credits)


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/page") or path == "/intakes"])
def test_a_drawing_on_a_page_has_a_name_and_its_rows_in_words(client: FlaskClient, path: str) -> None:
    shown = client.get(path, headers={"Accept": "text/html"}).text
    for figure in re.findall(r'<figure class="chart-figure">.*?</figure>', shown, re.DOTALL):
        drawings = re.findall(r'<svg class="chart (\S+)"[^>]* role="(\w+)" aria-label="([^"]+)"', figure)
        assert [place for place, *_ in drawings] in ([], ["on-wide", "on-narrow"])
        finding = re.search(r'class="finding">(.*?)</', figure, re.DOTALL)
        assert all(finding and finding[1] == name for *_, name in drawings)
    for anchor in re.findall(r'<section aria-labelledby="(doses|cycle|certainty)"', shown):
        section = shown.partition(f'aria-labelledby="{anchor}"')[2].partition("</section>")[0]
        assert "<table" in section, anchor


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", [kind for kind in CHARTS if kind not in ("evidence-map", "evidence")])
def test_nothing_is_drawn_beside_the_paper(source: Source, kind: str, width: int) -> None:
    drawing = chart(source, kind).draw(width)
    assert drawing.width == width
    shapes = [part for shape in drawing.shapes for part in (shape.shapes if isinstance(shape, Link) else (shape,))]
    for text in (shape for shape in shapes if isinstance(shape, Text)):
        assert -1 <= text.x <= width + 1
        assert 0 < text.y <= drawing.height, text
        if text.anchor == "start":
            assert text.x + 0.52 * 12 * len(text.text) <= width + 12, text


# Doses


@pytest.mark.parametrize("form", ["menaquinone-7", "menaquinone-4", "phylloquinone"])
def test_a_dose_strip_tells_studies_authorities_and_the_article_apart(source: Source, form: str) -> None:
    found = chart(source, "doses", form)
    drawing = found.draw(WIDE)
    titles = [text for text in texts_of(drawing) if text.startswith(("Given", "Set by", "Named"))]
    assert titles[0] == "Given in studies"
    assert any(title.startswith("Set by authorities for adults") for title in titles)
    glyphs = {shape.style: re.sub(r"[\d.]+", "", shape.d) for shape in drawing.shapes if isinstance(shape, Path) and shape.style in ("trial", "authority", "article")}  # fmt: skip
    colours = set(re.findall(r"--(?:trial|authority|article): light-dark\((#\w+)", css()))
    assert len(colours) == 3
    assert {"trial", "authority"} <= glyphs.keys()
    assert glyphs["trial"] != glyphs["authority"]
    assert "No authority recorded here has set an upper level" in found.note
    assert "logarithmic scale" in " ".join(texts_of(drawing))


def css() -> str:
    from server.core.assets import FOLDER

    return (FOLDER / "chart.css").read_text("utf-8")


def test_marks_stand_where_their_amounts_are_on_a_logarithmic_scale(source: Source) -> None:
    drawing = chart(source, "doses", "menaquinone-7").draw(WIDE)
    places = {
        float(found[1]): place_of(link.shapes[0])[0]
        for link in links_of(drawing)
        if (found := re.match(r"(\d+) µg per day: ", link.words)) and isinstance(link.shapes[0], Path)
    }
    assert {10, 100} <= places.keys()
    # Ten times as much is as far everywhere.
    assert abs((places[100] - places[10]) - (places[200] - places[20])) < 2
    assert sorted(places.values()) == [places[amount] for amount in sorted(places)]


def test_a_dose_of_a_week_is_drawn_as_the_mean_of_a_day_and_says_so(source: Source) -> None:
    found = chart(source, "doses", "menaquinone-7")
    rows = {row[1]: row for row in found.rows}
    assert rows["2,160 µg per 7 days"][2:4] == ("309", "309")
    assert "mean per day" in found.note
    assert not any(" once" in row[1] for row in found.rows)
    assert "Not drawn: 1 single dose" in found.note


def test_the_article_is_never_taken_for_a_study_or_an_authority(source: Source) -> None:
    rows = chart(source, "doses", "menaquinone-7").rows
    by_article = {row[1] for row in rows if row[0] == "Named by the article"}
    assert "180–200 µg per day" in by_article
    assert "180–200 µg per day" not in {row[1] for row in rows if row[0] == "Given in studies"}
    assert {row[6] for row in rows if row[0] == "adequate intake"} <= {
        "European Food Safety Authority",
        "Institute of Medicine",
    }


def test_intakes_per_kilogram_and_superseded_ones_are_not_drawn(source: Source) -> None:
    found = chart(source, "intakes")
    assert all("per kg" not in row[1] for row in found.rows)
    assert "Scientific Committee for Food" not in {row[6] for row in found.rows}
    assert found.finding == (
        "Authorities set from 2 µg per day for infants of 0 to 6 months to 120 µg per day for men"
    )


# The vitamin K cycle


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_cycle_links_its_forms_enzymes_and_what_blocks_them(source: Source, width: int) -> None:
    drawing = chart(source, "vitamin-k-cycle", "vkorc1").draw(width)
    names = {link.iri.rpartition("/")[2] for link in links_of(drawing)}
    assert names >= {
        *("vitamin-k", "vitamin-k-hydroquinone", "vitamin-k-epoxide", "vkorc1", "ggcx", "fsp1", "warfarin"),
        *("gamma-carboxyglutamic-acid", "phenprocoumon"),
    }
    assert any("here" in part.style for link in links_of(drawing) if link.iri.endswith("/vkorc1") for part in link.shapes)  # fmt: skip


def test_only_enzymes_that_are_stated_to_be_inhibited_are_blocked(source: Source) -> None:
    rows = {(row[0], row[1], row[2]): row[3] for row in chart(source, "vitamin-k-cycle").rows}
    assert "warfarin" in rows["vitamin K epoxide", "vitamin K", "VKORC1"]
    assert "warfarin" in rows["vitamin K", "vitamin K hydroquinone", "VKORC1"]
    assert rows["vitamin K", "vitamin K hydroquinone", "ferroptosis suppressor protein 1"] == ""
    assert rows["vitamin K hydroquinone", "vitamin K epoxide", "gamma-glutamyl carboxylase"] == ""


def test_other_pages_have_no_cycle(client: FlaskClient) -> None:
    assert 'id="cycle"' not in client.get("/page/osteocalcin").text


# Evidence


def test_a_timeline_has_each_study_in_its_year_and_needs_five(source: Source, client: FlaskClient) -> None:
    found = chart(source, "timeline")
    years = {row[2]: row[0] for row in found.rows}
    assert years["Mott et al. 2019"] == "2019"
    assert len(years) >= 5
    assert "10 studies from 2000 to 2023" in found.finding
    index = source.claim_index.propositions
    few = next(
        iri for iri, some in index.evidence.items() if 0 < len({one.study.iri for one in some}) < 5 and index.get(iri)
    )
    name = few.rpartition("/")[2]
    assert chart_of(source, "timeline", name) is None
    assert 'id="timeline"' not in client.get(f"/page/{name}").text


@pytest.mark.parametrize("kind", ["timeline", "evidence", "effects"])
def test_a_study_about_which_a_warning_was_published_says_so_in_drawing_and_table(source: Source, kind: str) -> None:
    found = chart(source, kind)
    link = next(link for link in links_of(found.draw(WIDE)) if link.iri.endswith("/study-cockayne-2006"))
    assert "warned" in [part.style for part in link.shapes]
    assert "warning" in found.note
    if kind != "effects":
        assert any("warning about this study" in cell for row in found.rows for cell in row)


def test_what_is_set_aside_is_not_counted_with_the_best_evidence(source: Source) -> None:
    finding = chart(source, "evidence").finding
    assert finding.endswith("mixed, low certainty. Best studies: helps 2, no difference shown 5; set aside: 4")


def test_ratios_of_trials_observations_and_markers_are_never_counted_together(source: Source) -> None:
    assert chart(source, "effects").finding == (
        "Hip fracture, 7 ratios; what came of a treatment: 1 below 1 (1 of a study about which a warning was "
        "published); what goes together with intake or status: 3 below 1; what a marker in the blood goes together "
        "with: 1 above 1, 2 without an interval"
    )


def test_the_steps_to_a_certainty_lead_from_its_start_to_its_end(source: Source) -> None:
    rows = chart(source, "certainty").rows
    assert rows[0] == ("Starts high", "Studies of the best designs for it decide")
    assert rows[-1] == ("Low certainty", "mixed, low certainty")
    assert ("Lowered by 1", "inconsistency: the deciding studies disagree") in rows


# Amounts


def test_an_amount_that_is_not_independent_is_no_finding(source: Source) -> None:
    found = chart(source, "food", "gouda")
    assert found.finding == (
        "The highest independent amount in 100 g of Gouda cheese is 12 µg of phylloquinone and menaquinone-4"
    )
    assert {row[4] for row in found.rows} == {"yes", "no"}


def test_the_reference_intake_is_a_line_among_servings_of_its_form_alone(source: Source) -> None:
    k1, k2 = chart(source, "servings", "phylloquinone"), chart(source, "servings", "vitamin-k2")
    drawn = [any(isinstance(s, Path) and s.style == "reference" for s in one.draw(WIDE).shapes) for one in (k1, k2)]
    assert drawn == [True, False]
    assert "70 µg a day" in k1.finding
    assert "70 µg" not in k2.finding


@pytest.mark.parametrize("name", ["natto", "gouda", "kale", "sr28-11457", "sr28-16113", "vitamin-k2", "menaquinone-4"])
def test_bars_are_never_all_full_or_of_nothing_and_say_their_scale(client: FlaskClient, name: str) -> None:
    shown = client.get(f"/page/{name}").text
    for table in re.findall(r"<table.*?</table>", shown, re.DOTALL):
        bars = re.findall(r'<svg class="bar".*?</svg>', table, re.DOTALL)
        widths = [float(width) for bar in bars for width in re.findall(r'class="bar-value"[^>]* width="([\d.]+)"', bar)]
        assert len(widths) == len(bars)
        assert not bars or min(widths) < 100
        assert not bars or "inear, from 0 to the" in unescape(table)
