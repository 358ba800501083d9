"""What is written of assessments, and that neither the order of the input nor a second run changes it."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from tests.kg.build.assess.small_turtle import VOCABULARY, quads, run, shuffled, store_of

NOTHING = """id:proposition-nothing a vitk:EffectProposition ; rdfs:label "Nothing."@en ;
    vitk:subject id:natto ; vitk:predicate vitk:decreasesRiskOf ; vitk:object id:bmd ."""


def short(node: object) -> str:
    assert isinstance(node, NamedNode | Literal)
    return node.value.removeprefix(VOCABULARY.terms).removeprefix(VOCABULARY.entities)


def written(**more: str) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for quad in run(store_of(quads(**more)))[2]:
        found.setdefault((short(quad.subject), short(quad.predicate)), []).append(short(quad.object))
    return found


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], list[str]]:
    return written(propositions=NOTHING)


def test_every_proposition_has_exactly_one_direction_and_at_most_one_certainty() -> None:
    known, _, some = run(store_of(quads(propositions=NOTHING)))
    for key, least in (("assessedDirection", 1), ("certainty", 0), ("assessedBy", 1)):
        counts = Counter(short(quad.subject) for quad in some if short(quad.predicate) == key)
        assert all(least <= counts[name] <= 1 for name in known.propositions)
        assert not counts.keys() - known.propositions.keys()


def test_nothing_is_written_twice_and_all_in_one_graph() -> None:
    some = run(store_of(quads()))[2]
    assert len(some) == len(set(some))
    assert {quad.graph_name for quad in some} == {NamedNode(VOCABULARY.graph("assessments"))}


def test_an_assessment_by_lines(found: dict[tuple[str, str], list[str]]) -> None:
    name = "proposition-mk7-hip"
    expected = {
        "assessedDirection": "for", "certainty": "moderateCertainty", "certaintyStartedAt": "highCertainty",
        "assessedBy": "evidenceLines", "decidedInTier": "1", "studiesFor": "1", "studiesAgainst": "0",
        "studiesWithoutDifference": "0", "studiesInPart": "0", "peopleStudied": "500", "loweredForBias": "0",
        "loweredForImprecision": "0", "loweredForInconsistency": "0", "loweredForIndirectness": "1",
        "raisedForAgreement": "0", "isNarrowerThan": "proposition-k2-fracture", "hasEvidenceLine": "line-a",
    }  # fmt: skip
    assert {key: found[name, key] for key in expected} == {key: [value] for key, value in expected.items()}


def test_a_study_gets_the_most_severe_risk_of_bias(found: dict[tuple[str, str], list[str]]) -> None:
    expected = {"study-a": ["lowRiskOfBias"], "study-d": ["someConcerns"]}
    assert {subject: risks for (subject, key), risks in found.items() if key == "riskOfBias"} == expected


def test_an_assessment_by_rows(found: dict[tuple[str, str], list[str]]) -> None:
    name = "proposition-natto"
    expected = {"assessedDirection": "for", "certainty": "highCertainty", "assessedBy": "tableRows", "rowsFor": "2",
                "rowsAgainst": "0", "rowsOpen": "0", "rowsContradicting": "0"}  # fmt: skip
    assert {key: found[name, key] for key in expected} == {key: [value] for key, value in expected.items()}
    assert (name, "decidedInTier") not in found


def test_propositions_that_nothing_decides(found: dict[tuple[str, str], list[str]]) -> None:
    names = ("proposition-nothing", "proposition-open")
    assert [found[name, "assessedDirection"] for name in names] == [["notSearched"], ["noneFound"]]
    assert [found[name, "assessedBy"] for name in names] == [["nothingDecides"]] * 2
    steps = ("certainty", "decidedInTier", "studiesFor", "startingCertainty", "loweredForBias", "cappedAt")
    assert not [(name, key) for name in names for key in steps if (name, key) in found]


def test_lines_get_their_direction_and_directness(found: dict[tuple[str, str], list[str]]) -> None:
    assert found["line-a", "direction"] == ["supporting"]
    assert found["line-a", "directness"] == ["otherForm"]
    assert found["line-b", "direction"] == ["disputing"]
    assert found["line-b", "directness"] == ["otherPopulation"]
    assert found["line-d", "directness"] == ["direct"]


def test_applications_say_how_they_came_and_why_they_do_not_decide(found: dict[tuple[str, str], list[str]]) -> None:
    up, notice = "line-a--on--k2-fracture", "line-b--on--k2-fracture"
    expected = {"ofLine": "line-a", "toProposition": "proposition-k2-fracture", "route": "fromNarrower",
                "applicationDirection": "supporting", "substanceGap": "1", "populationGap": "0", "outcomeGap": "0",
                "doseGap": "0", "decides": "proposition-k2-fracture"}  # fmt: skip
    assert {key: found[up, key] for key in expected} == {key: [value] for key, value in expected.items()}
    assert found[notice, "setAsideFor"] == ["underNotice"]
    assert (notice, "decides") not in found
    assert found["line-d--on--k2-fracture", "route"] == ["fromAssociation"]


def test_where_rows_decide_a_study_is_set_aside_for_them() -> None:
    more = """id:rung-food a vitk:Rung ; vitk:forPropositionType vitk:CompositionProposition ; vitk:tier 1 ;
            vitk:forDesign id:trial ; vitk:startingCertainty vitk:highCertainty .
        id:line-f a vitk:EvidenceLine ; vitk:bearsOn id:proposition-natto ; vitk:study id:study-a ;
            vitk:result id:result-f . id:result-f a vitk:StudyResult ; vitk:finding vitk:foundPresent ;
            vitk:resultFor id:k2 ; vitk:minimumAmount 900.0 ; vitk:unit unit:MicroGM ; vitk:referenceAmount 100.0 ;
            vitk:referenceUnit unit:GM ."""
    found = written(evidence=more)
    assert found["line-f--on--natto", "applicationDirection"] == ["supporting"]
    assert found["line-f--on--natto", "setAsideFor"] == ["tableRowsDecide"]
    assert ("line-f--on--natto", "decides") not in found


def test_every_application_decides_or_has_a_reason(found: dict[tuple[str, str], list[str]]) -> None:
    names = {name for name, key in found if key == "route"}
    assert names
    assert all(((name, "decides") in found) != ((name, "setAsideFor") in found) for name in names)


def test_a_missing_fact_is_written() -> None:
    more = """id:result-x a vitk:StudyResult ; vitk:finding vitk:foundLess ; vitk:resultFor id:mood ; vitk:exposure id:k2 .
        id:line-x a vitk:EvidenceLine ; vitk:bearsOn id:proposition-k2-fracture ; vitk:study id:study-a ;
            vitk:result id:result-x ."""
    found = written(evidence=more)
    assert found["line-x--on--k2-fracture", "missingFact"] == ["how mood relates to fracture"]
    assert found["line-x--on--k2-fracture", "setAsideFor"] == ["unknownRelation"]
    assert found["line-x", "directness"] == ["otherOutcome"]


def test_sensitivities_standing_verdict_and_what_a_claim_rests_on(found: dict[tuple[str, str], list[str]]) -> None:
    name = "sensitivity-mk7-hip-1"
    assert found[name, "ofProposition"] == ["proposition-mk7-hip"]
    assert found[name, "withoutStudy"] == ["study-a"]
    assert found[name, "directionThen"] == ["notSearched"]
    assert (name, "certaintyThen") not in found
    assert found["claim-1", "standing"] == ["overstatedStanding"]
    assert found["claim-1", "verdict"] == ["supported"]
    assert found["claim-1", "restsOn"] == ["proposition-seen"]
    assert found["claim-2", "standing"] == ["unverifiedStanding"]
    assert not [key for key in found if key[0] == "claim-3"]


def test_a_fact_that_would_raise_certainty_is_written() -> None:
    more = {"evidence": """id:study-e a vitk:Study ; rdfs:label "E"@en ; vitk:design id:trial ; vitk:participants 900 .
        id:line-e a vitk:EvidenceLine ; vitk:bearsOn id:proposition-k2-fracture ; vitk:study id:study-e ;
            vitk:result id:result-e . id:result-e a vitk:StudyResult ; vitk:finding vitk:foundMore ;
            vitk:resultFor id:fracture ; vitk:exposure id:k2 ; vitk:lowerConfidenceLimit 1.2 .
        id:study-f a vitk:Study ; rdfs:label "F"@en ; vitk:design id:trial ; vitk:participants 900 .
        id:line-f a vitk:EvidenceLine ; vitk:bearsOn id:proposition-mk7-hip ; vitk:study id:study-f ;
            vitk:result id:result-e ."""}  # fmt: skip
    found = written(**more)
    assert found["proposition-k2-fracture", "assessedDirection"] == ["mixed"]
    assert found["proposition-k2-fracture", "cappedAt"] == ["lowCertainty"]
    assert [value for (_, key), some in found.items() if key == "certaintyThen" for value in some]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_input_changes_nothing(seed: int) -> None:
    assert run(shuffled(seed))[2] == run(store_of(quads()))[2]


def test_a_second_run_on_its_own_output_adds_nothing() -> None:
    store = store_of(quads())
    first: list[Quad] = run(store)[2]
    store.extend(first)
    assert run(store)[2] == first


def test_applications_and_sensitivities_have_their_class() -> None:
    more = """id:claim-1 vitk:hedge vitk:states . id:claim-4 a vitk:Claim ; vitk:expresses id:proposition-mk7-hip ;
        vitk:polarity vitk:denies ; vitk:effect vitk:decreasesRiskOf ."""
    some = run(store_of(quads(claims=more)))[2]
    types = {(short(quad.subject), short(quad.object)) for quad in some if quad.predicate.value.endswith("#type")}
    assert ("line-a--on--mk7-hip", "Application") in types
    assert ("sensitivity-mk7-hip-1", "Sensitivity") in types
