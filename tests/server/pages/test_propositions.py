"""Pages on propositions, and what every page must not say: nothing inverted, no warning left out, no number misread."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kg.propositions import evidence
from kg.reader.reader import Reader
from tests.support.paths import ROOT

BROWSER = {"Accept": "text/html"}


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == 200, path
    return response.text


def columns(text: str) -> dict[str, set[str]]:
    """The studies of a chart by the side on which they are drawn."""
    found: dict[str, set[str]] = {}
    chart = re.search(r'<table class="plot">.*?</table>', text, re.DOTALL)
    for side, cell in re.findall(r'<td class="(\w+)">(.*?)</td>', chart[0] if chart else "", re.DOTALL):
        found.setdefault(side, set()).update(re.findall(r'href="/page/(study-[^"]+)"', cell))
    return found


@pytest.mark.parametrize("name", ["k2-lowers-fracture", "k2-lowers-vertebral-fracture"])
def test_a_null_trial_of_4378_women_is_never_drawn_as_for(client: FlaskClient, name: str) -> None:
    drawn = columns(page(client, f"/page/proposition-{name}"))
    assert "study-inoue-2009" in drawn["noDifference"]
    assert "study-inoue-2009" not in drawn["helps"]
    assert "for" not in drawn


@pytest.mark.parametrize("name", ["vertebral-fracture", "bone-fracture", "osteoporosis", "adverse-effect"])
def test_a_condition_lists_propositions_and_pools_nothing(client: FlaskClient, name: str) -> None:
    text = page(client, f"/page/{name}")
    assert '<table class="claims propositions" aria-labelledby="propositions">' in text
    assert '<table class="plot">' not in text


def test_rarely_causes_allergies_is_not_drawn_as_harm(client: FlaskClient) -> None:
    claim, proposition = (page(client, f"/page/{name}") for name in ("claim-f163-1", "proposition-k2-causes-allergy"))
    assert "The claim says that this does not hold, or hardly ever:" in claim
    assert not columns(proposition).get("harms")
    assert ">denies</td>" in proposition


def test_a_harm_that_was_not_seen_is_not_drawn_as_help(client: FlaskClient) -> None:
    drawn = columns(page(client, "/page/proposition-k2-causes-side-effects"))
    assert not drawn["helps"]
    assert drawn["harms"] == {"study-inoue-2009"}


@pytest.mark.parametrize(
    "path",
    ["/page/study-cockayne-2006", "/page/hip-fracture", "/page/proposition-k2-lowers-hip-fracture",
     "/page/proposition-k2-lowers-fracture", "/page/proposition-k2-lowers-vertebral-fracture"],
)  # fmt: skip
def test_a_warning_stands_wherever_the_study_does(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    assert re.search("warning published", text, re.IGNORECASE)
    assert "/page/study-torgerson-2018" in text


@pytest.mark.parametrize("path", ["/page/bone-fracture", "/page/vertebral-fracture"])
def test_small_charts_mark_a_study_under_notice_by_shape(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    assert "a triangle stands for a study about which a warning was published" in text
    assert '<path class="open warned"' in text


def test_treatments_and_markers_stand_in_tables_of_their_own(client: FlaskClient) -> None:
    text = page(client, "/page/hip-fracture")
    trials, markers = text.index("Trials: what came of a treatment"), text.index("Observation: what a marker")
    assert trials < text.index("odds ratio 0.23") < markers < text.index("odds ratio 2.6")
    assert text.count("axis-of") == 3  # What people eat is the third group.


def test_a_p_for_trend_is_called_so(client: FlaskClient) -> None:
    assert "p = 0.08 for trend" in page(client, "/page/type-2-diabetes")


def test_a_range_is_shown_as_a_range(client: FlaskClient) -> None:
    text = page(client, "/foods?form=vitamin-k2")
    for expected, middle in (("20–65", "42.5"), ("2.3–131.2", "66.75"), ("0.3–80.2", "40.25")):
        assert f">{expected} µg</a>" in text
        assert f">{middle} µg</a>" not in text
    # The page of the form lists fifteen, by their lower ends.
    assert ">20–65</a>" in page(client, "/page/vitamin-k2")


def test_a_chart_needs_no_scrolling_and_names_its_marks(client: FlaskClient) -> None:
    text = page(client, "/page/proposition-k2-lowers-fracture")
    assert 'class="scroll"' not in text
    for mark in re.findall(r'<a class="dot"[^>]*>', text):
        assert re.search(r'aria-label="[^"]+: [^"]+, (best evidence|set aside)', mark)


def test_observations_alone_are_not_called_help(client: FlaskClient) -> None:
    text = page(client, "/page/coronary-heart-disease")
    assert "Observations only, no trial: they show what goes together, not what helps or harms." in text
    assert "people fare better" in text


def test_a_proposition_says_who_says_so_what_decides_and_why_the_rest_does_not(client: FlaskClient) -> None:
    text = page(client, "/page/proposition-k2-lowers-fracture")
    order = ["mixed, low certainty", "The evidence", "For the proposition", 'id="no-difference"', "How certain this is",
             "Lowered by 1 for risk of bias", "not a GRADE rating", "Unclear: looked at it", "Set aside, and why",
             "under an integrity notice", "Who says so, and how firmly", "reports disagreement"]  # fmt: skip
    below_contents = text.index("</nav>", text.index('class="contents"'))
    places = [text.index(words, below_contents if place else 0) for place, words in enumerate(order)]
    assert places == sorted(places)
    assert '<svg class="neighbourhood' not in text


def test_a_composition_shows_what_was_measured(client: FlaskClient) -> None:
    text = page(client, "/page/proposition-natto-rich-in-k2")
    contents = text[text.index('id="contents"') : text.index('id="certainty"')]
    assert ">1,000</a>" in contents
    assert "At least 30 %" in contents


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("line-k2-lowers-fracture--mott-2019-clinical-fractures--on--k2-lowers-fracture",
         "Mott et al. 2019 as evidence on: Vitamin K2 lowers the risk of bone fracture."),
        ("sensitivity-k2-causes-side-effects-1", "Vitamin K2 causes side effects: without Inoue et al. 2009"),
    ],
)  # fmt: skip
def test_a_record_of_the_computation_is_readable_and_hidden_from_lists(
    client: FlaskClient, name: str, title: str
) -> None:
    assert f"<h1>{title}</h1>" in page(client, f"/page/{name}")
    assert client.get(f"/data/{name}.ttl").status_code == 200
    assert f"/page/{name}" not in page(client, "/search?q=" + title.replace(" ", "+"))
    for label in ("application of evidence", "sensitivity"):
        assert f">{label}</a>" not in page(client, "/browse")


def test_propositions_are_found_and_narrowed_like_other_types(client: FlaskClient) -> None:
    found = page(client, "/search?q=bone+fracture")
    assert "/page/proposition-k2-lowers-fracture" in found
    assert "effect proposition" in found
    mixed = page(client, "/browse/Proposition?direction=mixed")
    assert "/page/proposition-k2-lowers-fracture" in mixed
    assert "/page/proposition-k2-causes-allergy" not in mixed
    assert "Certainty" in mixed
    claims = page(client, "/claims?direction=mixed&standing=overstatedStanding")
    assert "/page/claim-f002-1" in claims


def test_no_page_calls_a_claim_by_a_deprecated_class(client: FlaskClient) -> None:
    assert "contested claim" not in page(client, "/page/claim-f002-1")
    assert "contested claim" not in page(client, "/search?q=fracture")


def test_the_ladder_is_on_the_page_of_methods(client: FlaskClient, reader: Reader) -> None:
    text = page(client, "/methods")
    for rung in evidence.ladder(reader):
        assert f">{rung.type.label}</a>" in text
        assert rung.design.label in text
    for words in ("not a GRADE rating", "How to object", "consistent", "thinly supported", "too vague", "not searched"):
        assert words in text


def test_what_speaks_against_a_denial_is_what_supports_the_proposition(client: FlaskClient) -> None:
    text = page(client, "/contradictions?claim=claim-f163-2")
    against = text[text.index('id="study"') : text.index('id="noDifference"')]
    assert "/page/study-inoue-2009" in against
    assert "/page/study-nih-ods" not in against


def test_the_home_page_counts_claims_by_standing_and_propositions_with_evidence(
    client: FlaskClient, reader: Reader
) -> None:
    text = page(client, "/")
    counts = [int(count) for count in re.findall(r"<strong>(\d+)</strong> [a-z ]+</a>", text)]
    assert sum(counts) == sum(section.count for section in reader.release.manifest.counts.claims)
    for words in ("consistent", "overstated", "unverified", "propositions"):
        assert words in text


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["leaf", "amber", "red", "sky", "plum"])
def test_words_of_a_standing_stand_out_from_their_ground_in_light_and_dark(name: str) -> None:
    styles = (ROOT / "server" / "static" / "vitk.css").read_text("utf-8")
    tokens = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", styles))
    for ground in (f"{name}-wash", "sheet", "paper"):
        for ink, under in zip(tokens[name].split(", "), tokens[ground].split(", "), strict=True):
            light, dark = sorted((_luminance(ink), _luminance(under)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ground, ink, under)


@pytest.mark.parametrize("path", ["/page/claim-f158-2", "/picture/id:claim-f158-2.json"])
def test_no_page_shows_a_deprecated_verdict(client: FlaskClient, path: str) -> None:
    assert "verdict" not in client.get(path).text
