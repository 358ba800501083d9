"""Reading facts and contents from a graph."""

from __future__ import annotations

import pytest

from kg.build.assess.reading.bias import RiskOfBias
from kg.build.assess.reading.facts import Amount, Content, Facts, Rung
from kg.build.assess.reading.read_facts import read_contents, read_facts
from kg.build.assess.reading.terms import Certainty, Direction, Finding
from kg.errors import VitkError
from tests.kg.build.assess.small_turtle import VOCABULARY, quads, store_of


@pytest.fixture(scope="module")
def known() -> Facts:
    return read_facts(store_of(quads()), VOCABULARY)


def test_propositions_with_all_that_identifies_them(known: Facts) -> None:
    assert list(known.propositions) == sorted(known.propositions)
    hip = known.propositions["proposition-mk7-hip"]
    assert (hip.label, hip.type, hip.subject, hip.predicate, hip.object) == (
        "MK-7 and the hip.", "EffectProposition", "mk7", "decreasesRiskOf", "hip-fracture",
    )  # fmt: skip
    assert hip.populations == {"women"}
    in_rats = known.propositions["proposition-open"]
    assert in_rats.aspects == {"balancedIntake"}
    assert in_rats.qualifiers == {("comparator", "placebo")}
    assert in_rats.models == {"rat"}
    natto = known.propositions["proposition-natto"]
    assert (natto.level, natto.portion, natto.extent, natto.amount) == ("richLevel", 50.0, "someOfThem", None)


def test_doses_are_micrograms_a_day_and_others_are_left_out(known: Facts) -> None:
    assert known.propositions["proposition-mk7-hip"].doses == ((90.0, 120.0), (None, 100.0))


def test_lines_with_their_studies_and_results(known: Facts) -> None:
    first, second, third = known.lines
    assert (first.name, first.proposition, first.judged) == ("line-a", "proposition-mk7-hip", None)
    assert second.judged is Direction.DISPUTING
    study, result = first.study, first.result
    assert (study.label, study.design, study.strand, study.participants) == ("Trial A", "trial", "humanStrand", 500)
    assert study.substances == result.exposures == {"mk7"}
    assert study.populations == {"women"}
    assert study.doses == result.doses == ((90.0, 120.0),)
    assert (study.risk_of_bias, study.is_under_notice, study.is_pooled) == (RiskOfBias.LOW, False, False)
    assert result.finding is Finding.LESS
    assert result.outcomes == {"hip-fracture"}
    assert result.together == {"d3"}
    assert second.result.models == second.study.models == {"rat"}
    assert (result.has_interval, result.is_secondary, result.is_against_other) == (True, True, True)
    assert second.result.finding is None
    assert (second.result.has_interval, second.result.is_secondary, second.result.is_against_other) == (False,) * 3
    assert second.result.amount == Amount(1.0, None, "MicroGM", 100.0, "GM")
    assert (third.study.strand, third.study.participants) == ("", 0)
    assert (second.study.risk_of_bias, third.study.risk_of_bias) == (None, RiskOfBias.SOME_CONCERNS)
    assert known.risks_of_bias == {"study-a": RiskOfBias.LOW, "study-d": RiskOfBias.SOME_CONCERNS}


def test_a_study_under_notice_a_pooled_one_and_publications_of_one_trial(known: Facts) -> None:
    more = """id:line-p a vitk:EvidenceLine ; vitk:bearsOn id:proposition-mk7-hip ; vitk:study id:study-p ;
        vitk:result id:result-d ."""
    lines = read_facts(store_of(quads(evidence=more)), VOCABULARY).lines
    pooled = next(one.study for one in lines if one.name == "line-p")
    assert pooled.is_pooled
    assert pooled.pools == {"study-a"}
    first, third = known.lines[0].study, known.lines[1].study
    assert third.is_under_notice
    assert first.same_trial == {"study-b", "study-c"}
    assert third.same_trial == {"study-a", "study-b"}
    assert first.trial == third.trial == "study-a"


def test_claims_that_express_a_proposition(known: Facts) -> None:
    first, second = known.claims
    assert (first.name, first.proposition, first.polarity, first.hedge) == (
        "claim-1", "proposition-k2-fracture", "affirms", "states",
    )  # fmt: skip
    assert (first.is_causal, first.is_emphatic) == (True, True)
    assert first.presupposes == {"proposition-seen"}
    assert (second.polarity, second.hedge, second.is_causal, second.is_emphatic) == ("denies", "may", False, False)


def test_the_ladder_levels_and_searches(known: Facts) -> None:
    assert known.ladder == {
        ("EffectProposition", False, "trial"): Rung(1, Certainty.HIGH),
        ("MechanismProposition", False, "trial"): Rung(1, Certainty.HIGH),
        ("EffectProposition", True, "trial"): Rung(2, Certainty.LOW),
        ("EffectProposition", False, "cohort"): Rung(2, Certainty.LOW),
        ("AssociationProposition", False, "cohort"): Rung(2, Certainty.LOW),
    }
    assert known.levels == {"traceLevel": (0.0, 1.5), "richLevel": (22.5, None)}
    assert known.searched == {"proposition-open", "proposition-natto"}


def test_the_hierarchy(known: Facts) -> None:
    hierarchy = known.hierarchy
    assert hierarchy.within("mk7") == {"mk7", "k2"}
    assert hierarchy.relation("hip-fracture", "fracture") is not None
    relation = hierarchy.relation("bmd", "fracture")
    assert relation
    assert (relation.gap, relation.sign, relation.is_marker) == (1, -1, True)
    assert hierarchy.substances == {"k2", "mk7"}
    assert hierarchy.foods == {"natto", "miso"}
    assert hierarchy.counterparts == {"isAssociatedWithLowerRiskOf": {"decreasesRiskOf"}}
    assert (hierarchy.good("bmd"), hierarchy.good("hip-fracture"), hierarchy.good("natto")) == (1, -1, 0)


def test_contents_of_rows_and_of_studies() -> None:
    found = sorted(read_contents(store_of(quads()), VOCABULARY), key=str)
    row = VOCABULARY.entity_iri("row-natto")
    expected = [
        Content("natto", row, "mk7", 900.0, 1000.0),
        Content("natto", row, "mk4", None, 2.0),
        Content("natto", row, "k1", None, 400.0),
        Content("miso", row, "mk7", 900.0, 1000.0, is_nearest=True),
        Content("miso", row, "mk4", None, 2.0, is_nearest=True),
        Content("miso", row, "k1", None, 400.0, is_nearest=True),
        Content("natto", VOCABULARY.entity_iri("m-study"), "k2", 800.0, None, table=VOCABULARY.entity_iri("study-a")),
    ]
    assert found == sorted(expected, key=str)


ROW_IS_IN = "id:row-natto vitk:inTable id:table . "
NOT_INDEPENDENT = {
    "assumed zero": ("id:m-mk7 vitk:hasOrigin vitk:assumedZero .", set()),
    "implausible": ("id:m-mk7 vitk:hasOrigin vitk:implausible .", set()),
    "superseded": ("id:later vitk:supersedes id:m-mk7 .", set()),
    "calculated": ("id:m-mk7 vitk:hasOrigin vitk:recipe . vitk:recipe vitk:countsAsMeasurement false .", {True}),
    "repeated": ("id:m-mk7 vitk:repeats id:m-other .", {True}),
}


@pytest.mark.parametrize("reason", NOT_INDEPENDENT)
def test_what_is_not_an_independent_measurement_is_left_out_or_marked(reason: str) -> None:
    composition, marks = NOT_INDEPENDENT[reason]
    found = list(read_contents(store_of(quads(composition=composition)), VOCABULARY))
    assert {content.is_passed_on for content in found if content.analyte == "mk7"} == marks


@pytest.mark.parametrize(
    ("more", "lender"),
    [
        (ROW_IS_IN, ""),
        (ROW_IS_IN + "id:table vitk:borrowsFrom id:a-table .", VOCABULARY.entity_iri("a-table")),
        (ROW_IS_IN + "id:b vitk:borrowsFrom id:table . id:b vitk:borrowsFrom id:a .", VOCABULARY.entity_iri("a")),
        (ROW_IS_IN + "id:b vitk:borrowsFrom id:table . id:m-mk7 vitk:hasOrigin vitk:analysed .", ""),
    ],
)
def test_a_row_that_was_not_analysed_names_the_tables_among_which_its_table_borrows(more: str, lender: str) -> None:
    found = read_contents(store_of(quads(composition=more)), VOCABULARY)
    assert {content.lender for content in found if content.analyte == "mk7"} == {lender}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("id:line-x a vitk:EvidenceLine ; vitk:study id:study-a ; vitk:result id:result-a .", "bearsOn, and has 0"),
        ("id:line-a vitk:study id:study-b .", "study, and has 2"),
        ("id:claim-1 vitk:polarity vitk:denies .", "polarity, and has 2"),
        ("id:proposition-x a vitk:EffectProposition ; rdfs:label \"X\" .", "subject, and has 0"),
    ],
)  # fmt: skip
def test_what_the_shapes_would_have_refused_is_an_error(more: str, message: str) -> None:
    with pytest.raises(VitkError, match=message):
        read_facts(store_of(quads(evidence=more)), VOCABULARY)
