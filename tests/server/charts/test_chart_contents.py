"""What charts say: doses, the vitamin K cycle, evidence and amounts, as the graph has them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from server.charts import chart_of
from server.charts.chart import NARROW, WIDE
from server.core.assets import FOLDER
from server.svg.drawing import Path, Text
from tests.server.charts.examples import Source, chart, links_of, parts_of


def middle_of(disc: Path) -> float:
    """The x-coordinate of the middle of a disc, whose path starts at its left end and goes on with its radius."""
    left, _, radius, *_ = (float(number) for number in re.findall(r"\d+(?:\.\d+)?", disc.d))
    return left + radius


# Doses


@pytest.mark.parametrize("form", ["menaquinone-7", "menaquinone-4", "phylloquinone"])
def test_a_dose_strip_tells_studies_authorities_and_the_article_apart(source: Source, form: str) -> None:
    found = chart(source, "doses", form)
    drawing = found.draw(WIDE)
    titles = [
        text
        for text in [part.text for part in parts_of(drawing) if isinstance(part, Text)]
        if text.startswith(("Given", "Set by", "Named"))
    ]
    assert titles[0] == "Given in studies"
    assert any(title.startswith("Set by authorities for adults") for title in titles)
    glyphs = {part.style: re.sub(r"[\d.]+", "", part.d) for part in parts_of(drawing) if isinstance(part, Path)}
    colours = set(re.findall(r"--(?:trial|authority|article): light-dark\((#\w+)", css()))
    assert len(colours) == 3
    assert {"trial", "authority"} <= glyphs.keys()
    assert glyphs["trial"] != glyphs["authority"]
    assert "No authority recorded here has set an upper level" in found.note
    assert "logarithmic scale" in " ".join([part.text for part in parts_of(drawing) if isinstance(part, Text)])


def css() -> str:
    return (FOLDER / "chart.css").read_text("utf-8")


def test_marks_stand_where_their_amounts_are_on_a_logarithmic_scale(source: Source) -> None:
    drawing = chart(source, "doses", "menaquinone-7").draw(WIDE)
    places = {
        float(found[1]): middle_of(link.shapes[0])
        for link in links_of(drawing)
        if (found := re.match(r"(\d+) µg per day: ", link.words))
        and isinstance(link.shapes[0], Path)
        and link.shapes[0].style == "trial"
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
    assert found.finding == ("Authorities set from 2 µg per day for infants of 0 to 6 months to 120 µg per day for men")


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


# Pairs and sources


@pytest.mark.parametrize("pair", ["natto~natto", "natto~menaquinone-7", "natto", "~natto", "natto~nothing"])
def test_what_cannot_be_compared_has_no_chart(source: Source, pair: str) -> None:
    assert chart_of(source, "compared", pair) is None


@pytest.mark.parametrize(("one", "other"), [("natto", "gouda"), ("menaquinone-7", "menaquinone-4")])
def test_the_chart_of_a_pair_has_the_amounts_of_the_page(
    source: Source, client: FlaskClient, one: str, other: str
) -> None:
    shown = unescape(client.get("/compare", query_string={"a": one, "b": other}).text)
    rows = chart(source, "compared", f"{one}~{other}").rows
    assert rows
    assert all(row[1].removesuffix(" µg") in shown for row in rows)
    assert f"/charts/compared/{one}~{other}.svg" in shown


def test_the_claims_of_a_section_add_up_to_what_the_page_counts(source: Source, client: FlaskClient) -> None:
    found = chart(source, "sections")
    assert sum(int(cell) for row in found.rows for cell in row[1:-1]) == int(found.finding.split()[2])
    assert found.finding in client.get("/sections").text


def test_the_steps_to_a_certainty_lead_from_its_start_to_its_end(source: Source) -> None:
    rows = chart(source, "certainty").rows
    assert rows[0] == ("Starts high", "Studies of the best designs for it decide")
    assert rows[-1] == ("Low certainty", "mixed, low certainty")
    assert ("Lowered by 1 for inconsistency", "the deciding studies disagree") in rows


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


@pytest.mark.parametrize(
    ("row", "described"),
    [
        ("sr28-16113", {"natto": "the same food"}),
        ("sr28-11090", {"broccoli": "a wider food than this row"}),
        ("sr28-01145", {"grass-fed-butter": "a narrower food than this row"}),
    ],
)
def test_the_row_of_a_table_leads_to_the_food_that_is_described(
    client: FlaskClient, row: str, described: dict[str, str]
) -> None:
    shown = client.get(f"/page/{row}").text
    for name, closeness in described.items():
        assert re.search(rf'href="/page/{name}">[^<]+</a> <span class="quiet">\({closeness}\)', shown)


def test_a_table_of_foods_says_of_what_they_have_most(client: FlaskClient) -> None:
    shown = client.get("/foods?form=phylloquinone").text
    titles = re.findall(r'<h3 id="table-\d+">(.*?)</h3>', shown)
    assert titles
    assert all(re.search(r"foods with most (<a[^>]*>)?phylloquinone", title) for title in titles)
