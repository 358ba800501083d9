"""Evidence on a proposition is oriented by who is better off, and nothing is counted for what it does not show."""

from __future__ import annotations

import pytest

from kg.claims.claim_index import ClaimIndex
from kg.propositions import evidence, evidence_summary
from kg.propositions.evidence import StudyEvidence
from kg.propositions.evidence_summary import EvidenceSummary, StudyMark
from kg.reader.entity import Reference
from kg.reader.reader import Reader

STUDY, DESIGN = (
    Reference("https://example.org/id/study-a", "A 2020"),
    Reference("https://example.org/id/trial", "trial"),
)


@pytest.fixture(scope="module")
def index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def result(direction: str, finding: str, **changed: object) -> StudyEvidence:
    fields: dict[str, object] = {
        "study": STUDY, "design": DESIGN, "rank": 1, "strength": (1, 0), "direction": direction, "finding": finding,
        "is_direct": True, "is_review": False, "decides": True, "reasons": (), "notices": (),
    }  # fmt: skip
    return StudyEvidence(**{**fields, **changed})  # type: ignore[arg-type]


def summarised(reader: Reader, index: ClaimIndex, name: str) -> EvidenceSummary:
    summary = index.propositions.get(reader.vocabulary.entity_iri(f"proposition-{name}"))
    assert summary
    found = evidence_summary.summarise(summary, index.propositions.evidence.get(summary.proposition.iri, ()))
    assert found
    return found


def marks(found: EvidenceSummary, side: str) -> dict[str, StudyMark]:
    return {mark.study.label: mark for name, _, each in found.by_side for mark in each if name == side}


@pytest.mark.parametrize(
    ("direction", "finding", "benefit", "side"),
    [
        ("supporting", "foundLess", 1, "helps"),
        ("disputing", "foundMore", 1, "harms"),
        ("supporting", "foundMore", -1, "harms"),
        ("disputing", "foundLess", -1, "helps"),
        ("noDifference", "noDifferenceShown", 1, "noDifference"),
        ("noDifference", "noDifferenceShown", -1, "noDifference"),
        ("noDifference", "noDifferenceShown", 0, "noDifference"),
        # That a harm was not seen is no benefit, and that a benefit was not seen is no harm.
        ("disputing", "foundAbsent", -1, "noDifference"),
        ("disputing", "foundPresent", -1, "noDifference"),
        ("disputing", "foundAbsent", 1, "noDifference"),
        ("inconclusive", "foundUnsettled", 1, "unclear"),
        ("supporting", "foundPresent", 0, "for"),
        ("disputing", "foundAbsent", 0, "against"),
    ],
)
def test_a_result_stands_on_the_side_of_what_it_shows(direction: str, finding: str, benefit: int, side: str) -> None:
    assert evidence_summary.side(result(direction, finding), benefit) == side


def test_a_null_trial_of_4378_women_never_counts_as_for(reader: Reader, index: ClaimIndex) -> None:
    for name in ("k2-lowers-fracture", "k2-lowers-vertebral-fracture", "k2-lowers-fracture-after-menopause"):
        found = summarised(reader, index, name)
        assert "Inoue et al. 2009" in marks(found, "noDifference")
        assert "Inoue et al. 2009" not in {**marks(found, "helps"), **marks(found, "for")}


def test_every_outcome_of_a_type_has_the_desirability_of_the_type(reader: Reader, index: ClaimIndex) -> None:
    for name in ("bone-fracture", "hip-fracture", "vertebral-fracture"):
        assert index.propositions.desirability[reader.vocabulary.entity_iri(name)] == -1


def test_what_is_stated_as_a_lack_is_oriented_by_the_substance(reader: Reader, index: ClaimIndex) -> None:
    lack = index.propositions.get(reader.vocabulary.entity_iri("proposition-lack-of-k2-raises-fracture"))
    harm = index.propositions.get(reader.vocabulary.entity_iri("proposition-k2-causes-side-effects"))
    assert lack and harm
    assert (lack.benefit, harm.benefit) == (1, -1)


def test_a_harm_that_was_not_seen_is_no_benefit(reader: Reader, index: ClaimIndex) -> None:
    found = summarised(reader, index, "k2-causes-side-effects")
    assert not marks(found, "helps")
    assert "NIH Office of Dietary Supplements fact sheet" in marks(found, "noDifference")
    assert "Inoue et al. 2009" in marks(found, "harms")


def test_results_on_another_outcome_are_counted_and_not_drawn(reader: Reader, index: ClaimIndex) -> None:
    found = summarised(reader, index, "k2-causes-side-effects")
    named = {mark.study.label for _, _, each in found.by_side for mark in each}
    assert "Theuwissen et al. 2013" not in named
    assert found.left_out > 0


def test_a_study_under_notice_is_shown_with_its_notice_and_does_not_decide(reader: Reader, index: ClaimIndex) -> None:
    mark = marks(summarised(reader, index, "k2-lowers-fracture"), "helps")["Cockayne et al. 2006"]
    assert not mark.decides
    assert {notice.iri.rpartition("/")[2] for notice in mark.notices} == {
        "study-caution-problematic-trials-2018",
        "study-torgerson-2018",
    }


def test_all_reviews_are_known_as_reviews(reader: Reader, index: ClaimIndex) -> None:
    found = summarised(reader, index, "k2-lowers-fracture")
    assert marks(found, "unclear")["Review of vitamin K and bone 2023"].is_review
    for each in index.propositions.evidence.values():
        for one in each:
            if one.design.label in ("narrative review", "guideline"):
                assert one.is_review


def test_the_strongest_designs_come_first_by_the_ladder(reader: Reader, index: ClaimIndex) -> None:
    found = summarised(reader, index, "k2-lowers-fracture")
    assert [row.design.label for row in found.rows] == [
        "meta-analysis of trials", "randomised controlled trial", "narrative review",
    ]  # fmt: skip
    for iri, summary in index.propositions.summaries.items():
        strengths = {one.design.iri: one.strength for one in index.propositions.evidence.get(iri, ())}
        drawn = evidence_summary.summarise(summary, index.propositions.evidence.get(iri, ()))
        order = [strengths[row.design.iri] for row in drawn.rows] if drawn else []
        assert order == sorted(order), summary.proposition.label


def test_animals_decide_first_only_on_animals(reader: Reader, index: ClaimIndex) -> None:
    places: dict[bool, set[int]] = {}
    for iri, summary in index.propositions.summaries.items():
        if summary.type.iri.endswith("#EffectProposition"):
            for one in index.propositions.evidence.get(iri, ()):
                if one.design.label == "animal study":
                    places.setdefault("model" in summary.roles, set()).add(one.strength[0])
    assert places[True] == {1}
    assert places.get(False, {4}) == {4}


def test_observations_are_no_proof_of_cause_and_are_called_observations(reader: Reader, index: ClaimIndex) -> None:
    causal = [
        (summary, found)
        for iri, summary in index.propositions.summaries.items()
        if (found := evidence_summary.summarise(summary, index.propositions.evidence.get(iri, ())))
    ]
    for summary, found in causal:
        is_association = summary.type.iri.endswith("#AssociationProposition")
        titles = {title for _, title in found.sides}
        assert not (is_association and {"helps", "harms"} & titles), summary.proposition.label
        if is_association:
            assert not any(row.is_observation for row in found.rows)
    assert any(found.is_observed_only for _, found in causal)


def test_the_ladder_names_every_type_once_for_each_design(reader: Reader) -> None:
    rungs = evidence.ladder(reader)
    keys = [(rung.type.iri, rung.is_for_models, rung.design.iri) for rung in rungs]
    assert len(keys) == len(set(keys)) > 50
    tiers = [rung.tier for rung in rungs if rung.type.label == "effect proposition" and not rung.is_for_models]
    assert tiers == sorted(tiers)
