"""Propositions and claims over the API: filters, assessments, sides and standings."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.server.api.test_api import V1, entities


@pytest.mark.parametrize(
    ("narrowing", "holds"),
    [
        ("about=osteocalcin", "proposition-k2-activates-osteocalcin"),
        ("about=postmenopausal-women", "proposition-k2-lowers-fracture-after-menopause"),
        ("type=vitk:SafetyProposition", "proposition-k2-causes-side-effects"),
        ("direction=vitk:mixed&type=vitk:EffectProposition", "proposition-k2-lowers-fracture"),
        ("certainty=vitk:highCertainty", "proposition-spinach-contains-k1"),
        ("basis=vitk:tableRows", "proposition-egg-yolk-rich-in-k2"),
    ],
)
def test_propositions_are_narrowed_by_each_filter(client: FlaskClient, narrowing: str, holds: str) -> None:
    found = entities(client, f"/propositions?limit=1000&{narrowing}", "proposition")
    assert holds in found
    everything = entities(client, "/propositions?limit=1000", "proposition")
    assert set(found) < set(everything)
    assert len(found) == len(set(found)) < len(everything) / 2


def test_a_proposition_comes_with_its_assessment_evidence_changes_and_speakers(client: FlaskClient) -> None:
    found = client.get(V1 + "/propositions/proposition-k2-lowers-fracture").get_json()["results"][0]
    assessment = found["assessment"]
    assert (found["type"]["label"], assessment["direction"]["label"]) == ("effect proposition", "mixed")
    assert found["roles"]["object"][0]["label"] == "bone fracture"
    assert {step["name"]: step["levels"] for step in assessment["steps"]} == {"risk of bias": -1, "inconsistency": -1}
    assert assessment["certainty"]["label"] in assessment["sentence"]
    assert assessment["counts"]["studiesWithoutDifference"] > 0
    assert found["deciding"] and all(one["decides"] and not one["setAsideFor"] for one in found["deciding"])
    assert all(one["setAsideFor"] or one["missingFacts"] for one in found["setAside"])
    (warned, *_) = [one for one in found["setAside"] if one["study"]["iri"].endswith("cockayne-2006")]
    assert warned["notices"] and warned["setAsideFor"][0]["iri"].endswith("#underNotice")
    speakers = {one["claim"]["iri"].rpartition("/")[2]: one for one in found["claims"]}
    assert speakers["claim-f077-1"]["polarity"]["label"] == "reports disagreement"
    assert speakers["claim-f002-1"]["standing"]["label"] == "overstated"
    hangs = client.get(V1 + "/propositions/proposition-jarlsberg-keeps-k2-status").get_json()["results"][0]
    assert hangs["changes"][0]["withoutStudy"]["iri"].endswith("lundberg-2022")
    unknown = client.get(V1 + "/propositions/proposition-k2-lowers-fractur")
    assert unknown.status_code == 404 and unknown.get_json()["nearest"]
    assert client.get(V1 + "/propositions/natto").status_code == 404


def test_a_claim_has_its_proposition_side_and_standing_and_what_it_rests_on(client: FlaskClient) -> None:
    claims = client.get(V1 + "/entities/vitamin-k2").get_json()["results"][0]["claims"]
    by_name = {one["claim"]["iri"].rpartition("/")[2]: one for one in claims}
    claim = by_name["claim-f038-2"]
    assert claim["proposition"]["direction"]["label"] == "mixed"
    assert (claim["polarity"]["label"], claim["standing"]["label"]) == ("affirms", "overstated")
    assert claim["restsOn"][0]["iri"].endswith("proposition-k2-intake-associated-less-chd")
    assert claim["verdict"]["iri"].endswith("#contested")
    row = client.get(V1 + "/claims?proposition=proposition-k2-intake-lowers-chd").get_json()["results"][0]
    assert {"proposition", "polarity", "fit", "standing", "restsOnText", "verdict"} <= set(row)
