"""What pages say of the evidence: never the opposite of it, with its warnings, and in the numbers that were printed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from kg.claims import outcomes
from kg.claims.claim_index import ClaimIndex
from kg.propositions import evidence_map, evidence_summary
from kg.reader.reader import Reader


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, headers={"Accept": "text/html"}).text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_trial_without_a_difference_is_nowhere_among_the_helpful_ones(client: FlaskClient, reader: Reader) -> None:
    shown = page(client, "/page/proposition-k2-lowers-vertebral-fracture")
    cells = re.findall(r'<td class="(\w+)">((?:<a class="dot".*?</a>)+)', shown, re.DOTALL)
    sides = {side for side, marks in cells if "/page/study-inoue-2009" in marks}
    assert sides == {"noDifference"}


@pytest.mark.parametrize(
    ("side", "readings"), [("for", {1: "helps", -1: "harms"}), ("against", {1: "noBenefit", -1: "noHarm"})]
)
def test_an_answer_reads_each_proposition_by_its_sense(
    claim_index: ClaimIndex, side: str, readings: dict[int, str]
) -> None:
    seen = 0
    for outcome in {one.role("object") for one in claim_index.propositions.summaries.values()} - {None}:
        assert outcome is not None
        for reading, marks in evidence_map.on_outcome(claim_index.propositions, outcome.iri):
            for named, mark in marks:
                assert named == mark.summary.proposition
                if mark.summary.side == side and reading != evidence_map.LACK_HARMS:
                    assert reading == readings[mark.summary.benefit]
                    seen += 1
    assert seen > 3


def test_no_chart_says_that_a_lack_helps_or_harms(claim_index: ClaimIndex) -> None:
    index = claim_index.propositions
    lacking = [
        one for one in index.summaries.values()
        if any(aspect.iri.endswith("#deficientIntake") for aspect in one.roles.get("subjectAspect", ()))
    ]  # fmt: skip
    drawn = [evidence_summary.summarise(one, index.evidence.get(one.proposition.iri, ())) for one in lacking]
    assert any(drawn)
    assert {name for chart in drawn if chart for name, _ in chart.sides} == {
        "for",
        "noDifference",
        "unclear",
        "against",
    }


def test_what_a_claim_calls_rare_is_not_contradicted_by_no_difference(claim_index: ClaimIndex) -> None:
    rare = [
        one for one in claim_index.summaries.values()
        if {named.iri.rpartition("#")[2] for named in one.roles.get("frequency", ())} & {"rare", "uncommon"}
    ]  # fmt: skip
    assert rare
    for one in rare:
        stated = set(one.contradicts)
        assert [
            other
            for other in outcomes.opposed(claim_index, one)
            if other.sense == "none" and other.claim.iri not in stated
        ] == []


@pytest.mark.parametrize(
    "path",
    [
        "/page/hip-fracture",
        "/page/bone-fracture",
        "/page/vertebral-fracture",
        "/page/study-cockayne-2006",
        "/page/proposition-k2-lowers-fracture",
    ],
)
def test_a_study_under_a_warning_never_stands_without_it(client: FlaskClient, path: str) -> None:
    shown = page(client, path)
    assert "arning published" in shown or 'class="open warned"' in shown
    for row in re.findall(r"<tr>.*?</tr>", shown, re.DOTALL):
        if '/page/study-cockayne-2006"' in row:
            assert "arning published" in row or "a warning about this study was published" in row


def test_numbers_have_the_decimals_that_were_printed(client: FlaskClient) -> None:
    shown = words(page(client, "/page/coronary-heart-disease"))
    assert "hazard ratio 0.70" in shown and "0.85 to 1.00" in shown
    # This one was printed so, with an interval of 1.05 to 6.4.
    assert "odds ratio 2.6 " in words(page(client, "/page/hip-fracture"))


@pytest.mark.parametrize(
    ("path", "not_said"),
    [("/dataset", "the same entity"), ("/page/osteocalcin", "the same entity"), ("/article-and-tables", "own words"),
     ("/sections", "Statements"), ("/page/osteocalcin", "vitamin k2"), ("/browse/VitaminKForm", "Form of vitamin k<")],
)  # fmt: skip
def test_pages_do_not_contradict_each_other(client: FlaskClient, path: str, not_said: str) -> None:
    assert not_said not in page(client, path)
