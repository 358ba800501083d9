"""Pictures: the same from the same data, nothing over anything else, all of it in words too."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from kg.claims import backlinks, study_results
from kg.claims.claim_index import ClaimIndex
from kg.propositions import evidence_summary
from kg.reader.reader import Reader
from server import svg as svg_package
from server.svg.forest_plot import WIDTH

NAMES = ["menaquinone-7", "vitamin-k2", "osteocalcin", "natto", "warfarin", "claim-f034-1", "bone", "osteoporosis"]
PROPOSITIONS = [
    "k2-lowers-fracture",
    "k2-causes-side-effects",
    "k1-intake-associated-less-fracture",
    "natto-rich-in-k2",
]


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def drawn(reader: Reader, claim_index: ClaimIndex, name: str) -> svg_package.Neighbourhood:
    iri = reader.vocabulary.entity_iri(name)
    entity = reader.entity(iri, name)
    assert entity
    found = svg_package.lay_out_neighbourhood(entity, backlinks.first(reader, claim_index, iri), claim_index)
    assert found
    return found


@pytest.mark.parametrize("form", ["wide", "narrow"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_neighbourhood_covers_anything_else_or_leaves_the_picture(
    reader: Reader, claim_index: ClaimIndex, name: str, form: str
) -> None:
    picture: svg_package.Layout = getattr(drawn(reader, claim_index, name), form)
    boxes = [(n.x, n.y, n.x + picture.node_width, n.y + picture.node_height) for g in picture.groups for n in g.nodes]
    centre = picture.centre
    boxes.append((centre.x, centre.y, centre.x + picture.centre_width, centre.y + 44))
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert all(x >= 0 and y >= 0 and right <= picture.width for x, y, right, _ in boxes)
    assert max(bottom for *_, bottom in boxes) <= picture.height + 4
    assert picture == getattr(drawn(reader, claim_index, name), form)


@pytest.mark.parametrize("name", NAMES)
def test_a_narrow_screen_gets_the_same_entities_as_a_wide_one_and_needs_no_scrolling(
    reader: Reader, claim_index: ClaimIndex, name: str
) -> None:
    both = drawn(reader, claim_index, name)
    wide, narrow = (
        [(g.title, g.more, [n.target for n in g.nodes]) for g in p.groups] for p in (both.wide, both.narrow)
    )
    assert wide == narrow
    assert both.narrow.width <= 340


@pytest.mark.parametrize("name", NAMES)
def test_a_neighbourhood_is_readable_svg_with_links_and_words(client: FlaskClient, name: str) -> None:
    assert f'href="/page/{name}?view=picture"' in client.get(f"/page/{name}").text
    page = client.get(f"/page/{name}?view=picture").text
    svg = re.search(r'<svg class="neighbourhood on-wide".*?</svg>', page, re.DOTALL)
    assert svg
    root = ElementTree.fromstring(svg.group(0))
    labelled = root.attrib["aria-labelledby"].split()
    assert [root.find(f".//*[@id='{name}']") is not None for name in labelled] == [True, True]
    links = root.findall("a")
    assert links
    for link in links:
        label = link.attrib.get("aria-label") or link.findtext("text")
        assert label
        assert label in (root.findtext("desc") or "")


def plotted(reader: Reader, claim_index: ClaimIndex, name: str) -> svg_package.EvidencePlot:
    summary = claim_index.propositions.get(reader.vocabulary.entity_iri(f"proposition-{name}"))
    assert summary
    found = claim_index.propositions.evidence[summary.proposition.iri]
    plot = svg_package.plot_evidence(evidence_summary.summarise(summary, found))
    assert plot
    return plot


@pytest.mark.parametrize("name", PROPOSITIONS)
def test_an_evidence_plot_shows_each_study_of_a_design_once_on_each_side(
    client: FlaskClient, reader: Reader, claim_index: ClaimIndex, name: str
) -> None:
    plot = plotted(reader, claim_index, name)
    cells = [cell for row in plot.rows for cell in row.cells]
    assert all(len({mark.study.iri for mark in cell.marks}) == len(cell.marks) for cell in cells)
    page = client.get(f"/page/proposition-{name}").text
    assert page.count('<a class="dot"') == sum(len(cell.marks) for cell in cells)
    for cell in cells:
        for mark in cell.marks:
            assert mark.text in page.replace("&#39;", "'")


def test_a_mark_differs_by_shape_and_words_and_not_by_colour_alone(
    client: FlaskClient, reader: Reader, claim_index: ClaimIndex
) -> None:
    marks = {
        (mark.shape, mark.is_small): mark.text
        for row in plotted(reader, claim_index, "k2-lowers-fracture").rows
        for cell in row.cells
        for mark in cell.marks
    }
    assert "best evidence" in marks["disc", False]
    assert "set aside" in marks["disc", True]
    assert "set aside" in marks["ring", True]
    assert "a warning about this study was published" in marks["warning", True]
    page = client.get("/page/proposition-k2-lowers-fracture").text
    for words in ("small: set aside", "ring: a review or guideline", "a warning about this study was published"):
        assert words in page


def test_without_studies_there_is_no_evidence_plot() -> None:
    assert svg_package.plot_evidence(None) is None


@pytest.mark.parametrize("outcome", ["hip-fracture", "bone-fracture", "coronary-heart-disease", "type-2-diabetes"])
def test_no_axis_is_shared_by_treatments_observations_and_markers(reader: Reader, outcome: str) -> None:
    groups = study_results.of_outcome(reader, reader.vocabulary.entity_iri(outcome))
    for plot in svg_package.plot_effects([svg_package.ForestPanel(group, "", "") for group in groups]):
        assert len({effect.sort for effect in plot.group.effects}) == 1
        assert len({effect.is_ratio for effect in plot.group.effects}) == 1
        assert (plot.scale is not None) is plot.group.is_ratio


def test_an_axis_has_numbers_and_one_among_them() -> None:
    scale = svg_package.scale_for([Decimal("0.4"), Decimal("2.6")])
    assert scale
    assert [str(mark) for mark in scale.marks] == ["0.5", "1", "2"]


@pytest.mark.parametrize(
    ("values", "inside"),
    [
        (["0.5", "2"], ["0.5", "1", "2"]),
        (["1"], ["1"]),
        (["0.001", "900"], ["0.1", "1", "10"]),
        (["-3", "0", "0.7"], ["0.7", "1"]),
    ],
)
def test_ratios_stand_on_a_scale_with_one_in_it(values: list[str], inside: list[str]) -> None:
    scale = svg_package.scale_for(Decimal(value) for value in values)
    assert scale
    places = [scale.at(Decimal(value)) for value in inside]
    assert places == sorted(places)
    assert all(0 <= place <= WIDTH for place in places)
    assert scale.at(Decimal("100000")) <= WIDTH


def test_without_ratios_there_is_no_scale() -> None:
    assert svg_package.scale_for([]) is None
    assert svg_package.scale_for([Decimal(0), Decimal(-1)]) is None


@pytest.mark.parametrize("name", ["natto", "menaquinone-7", "gouda"])
def test_bars_are_as_long_as_their_numbers(client: FlaskClient, name: str) -> None:
    bars = re.findall(r'class="bar-value" width="([0-9.]+)"', client.get(f"/page/{name}").text)
    assert bars
    assert max(float(bar) for bar in bars) == 100
    assert all(0 < float(bar) <= 100 for bar in bars)


@pytest.mark.parametrize(("path", "status"), [
    ("/picture/id:menaquinone-7.json", 200), ("/picture/vitk:Menaquinone.json", 200), ("/picture/id:nothing.json", 404),
    ("/picture/menaquinone-7.json", 404), ("/picture/rdf:type.json", 404), ("/picture/id:%00.json", 404),
])  # fmt: skip
def test_a_picture_comes_as_data_to_grow_by(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    if status == 200:
        groups = response.get_json()["groups"]
        nodes = [node for group in groups for node in group["nodes"]]
        assert all(client.get(group["moreUrl"]).status_code == 200 for group in groups if group["more"])
        assert nodes
        assert all(client.get(node["url"]).status_code == 200 for node in nodes[:4] if node["url"].startswith("/"))
