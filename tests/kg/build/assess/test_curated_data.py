"""The assessment of the repository's own data: readings that a reviewer disputed, and what holds for all of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.build.assess import triples
from kg.build.assess.assess import Assessments, assess
from kg.build.assess.reading.facts import Facts
from kg.build.assess.reading.read_facts import read_contents, read_facts
from kg.build.assess.reading.terms import Assessed, Certainty
from kg.rdf.vocabulary import Vocabulary
from kg.release.release import Release
from tests.support.paths import BASE

VOCABULARY = Vocabulary(BASE)

Run = tuple[Facts, Assessments, list[Quad]]

# Claim, direction, certainty and standing as computed; in the comment what the reviewer wanted in place of the verdict
# that the former rule gave.
DISPUTED = [
    ("f002-2", "mixed", "VERY_LOW", "overstated"),  # refuted -> contested, low certainty
    ("f061-1", "mixed", "VERY_LOW", "overstated"),  # refuted -> contested, low certainty
    ("f107-1", "unclear", None, "unverified"),  # refuted -> not confirmed at most
    ("f158-2", "unclear", None, "unverified"),  # refuted -> inconclusive
    ("f028-1", "mixed", "LOW", "overstated"),  # supported -> contested, as the same proposition elsewhere
    ("f034-1", "mixed", "LOW", "consistent"),  # supported -> overstated; the claim is hedged
    ("f047-1", "mixed", "VERY_LOW", "overstated"),  # supported -> overstated
    ("f039-4", "for", "HIGH", "consistent"),  # supported -> the same for the content, but not for the heart
    ("f039-5", "for", "HIGH", "consistent"),  # supported -> the same for the content, but not for the heart
    ("f039-6", "for", "HIGH", "consistent"),  # supported -> the same for the content, but not for the heart
    ("f169-1", "for", "MODERATE", "consistent"),  # supported -> disputed, no single food was rich in MK-4 (Elder 2006)
    ("f169-2", "mixed", "LOW", "overstated"),  # supported -> contested, a class of foods
    ("f188-1", "tooVague", None, "tooVague"),  # supported -> nothing to do with vitamin K
    ("f032-4", "mixed", "VERY_LOW", "overstated"),  # contested -> by food: natto, Jarlsberg, Camembert
    ("f053-1", "for", "LOW", "overstated"),  # contested -> one voice for the study that is on both sides
    ("f097-1", "unclear", None, "unverified"),  # refuted -> shown for MK-7 only
    ("f112-4", "for", "HIGH", "consistent"),  # not confirmed -> some cheese does contain MK-7
]
RESTS_ON_THE_HEART = ("f039-4", "f039-5", "f039-6")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return Store.read_only(str(release.store))


@pytest.fixture(scope="module")
def found(store: Store) -> Run:
    """What the stage ``assess`` of the build computed, again from what the release contains."""
    known = read_facts(store, VOCABULARY)
    assessed = assess(known, read_contents(store, VOCABULARY))
    return known, assessed, triples.quads(known, assessed, VOCABULARY)


@pytest.mark.parametrize(("claim", "direction", "certainty", "standing"), DISPUTED, ids=[one[0] for one in DISPUTED])
def test_a_disputed_reading(found: Run, claim: str, direction: str, certainty: str | None, standing: str) -> None:
    known, assessed, _ = found
    about = next(one.proposition for one in known.claims if one.name == f"claim-{claim}")
    result = assessed.by_proposition[about].known
    name = result.certainty.name if result.certainty else None
    assert (result.direction, name) == (direction, certainty)
    assert assessed.standings[f"claim-{claim}"] == f"{standing}Standing"


@pytest.mark.parametrize("claim", RESTS_ON_THE_HEART)
def test_foods_that_serve_the_heart_rest_on_what_is_not_shown(found: Run, claim: str) -> None:
    assert found[1].rests_on[f"claim-{claim}"]


def test_every_claim_expresses_one_proposition(found: Run) -> None:
    known, assessed, _ = found
    names = [claim.name for claim in known.claims]
    assert len(names) == len(set(names))
    assert sum(re.match(r"claim-f\d{3}-", name) is not None for name in names) == 387
    assert {claim.proposition for claim in known.claims} <= known.propositions.keys()
    assert assessed.standings.keys() == assessed.verdicts.keys() == set(names)


def test_a_claim_that_fits_exactly_has_the_subject_and_the_object_of_its_proposition(found: Run, store: Store) -> None:
    """Claims about studies, which report how these disagree, have the studies as subject."""

    def values(name: str, key: str) -> set[str]:
        quads = store.quads_for_pattern(NamedNode(VOCABULARY.entity_iri(name)), NamedNode(VOCABULARY.term(key)), None)
        return {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}

    differ = [
        claim.name
        for claim in found[0].claims
        if values(claim.name, "fit") == {VOCABULARY.term("exact")} and claim.polarity in ("affirms", "denies")
        for key in ("subject", "object")
        if not values(claim.proposition, key) <= values(claim.name, key)
    ]
    assert differ == []


def test_no_proposition_has_two_assessments(found: Run) -> None:
    known, _, quads = found
    for key, least in (("assessedDirection", 1), ("certainty", 0), ("assessedBy", 1)):
        predicate = NamedNode(VOCABULARY.term(key))
        counts = Counter(_name(quad) for quad in quads if quad.predicate == predicate)
        assert {name for name in known.propositions if not least <= counts[name] <= 1} == set()
    assert len(quads) == len(set(quads))


def _name(quad: Quad) -> str:
    assert isinstance(quad.subject, NamedNode)
    return quad.subject.value.removeprefix(VOCABULARY.entities)


def test_at_least_nine_directions_in_ten_are_computed(found: Run) -> None:
    lines = found[0].lines
    assert sum(line.judged is None for line in lines) >= 0.9 * len(lines)


def test_a_label_on_an_antidote_says_nothing_of_the_diet(found: Run) -> None:
    """That vitamin K does not reverse rivaroxaban says nothing of the vitamin K that people eat."""
    _, assessed, _ = found
    by_name = assessed.by_proposition
    assert by_name["proposition-k-alters-rivaroxaban"].known.direction == "against"
    assert by_name["proposition-k-alters-direct-anticoagulants"].known.direction == "unclear"
    assert assessed.standings["claim-kam008-1"] == "consistentStanding"


@pytest.mark.parametrize(
    "name",
    ["acenocoumarol-prevents-thrombosis", "phenprocoumon-prevents-thrombosis", "phytomenadione-treats-k-deficiency"],
)
def test_where_no_study_is_entered_an_authority_decides_an_effect_at_low_certainty(found: Run, name: str) -> None:
    known = found[1].by_proposition[f"proposition-{name}"].known
    assert (known.direction, known.certainty) == (Assessed.FOR, Certainty.LOW)


def test_an_authority_never_decides_an_effect_on_which_studies_are_entered(found: Run) -> None:
    for assessment in found[1].by_proposition.values():
        if assessment.proposition.type == "EffectProposition":
            designs = {one.application.line.study.design for one in assessment.weighed if one.decides}
            assert "guideline" not in designs or designs == {"guideline"}, assessment.proposition.name


def test_no_fact_is_missing_to_say_how_directly_a_line_applies(found: Run) -> None:
    missing = {
        (name, one.application.line.result.name, fact)
        for name, assessment in found[1].by_proposition.items()
        for one in assessment.weighed
        for fact in one.application.gaps.missing
    }
    assert missing == set()


def test_the_release_contains_just_what_a_second_run_computes(found: Run, store: Store) -> None:
    stored = store.quads_for_pattern(None, None, None, NamedNode(VOCABULARY.graph("assessments")))
    assert set(stored) == set(found[2])


def test_every_line_that_does_not_decide_says_why(found: Run) -> None:
    weighed = [one for assessment in found[1].by_proposition.values() for one in assessment.weighed]
    assert len(weighed) > 500
    by_rows = {name for name, one in found[1].by_proposition.items() if one.rows_decide}
    decided = {one.application.proposition.name for one in weighed if one.decides}
    assert not decided & by_rows
    assert all(one.decides != bool(one.reasons) for one in weighed)
