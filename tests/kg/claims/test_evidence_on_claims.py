"""What studies say on claims: turned round for denials, numbers apart by what they are about, explanations in parts."""

from __future__ import annotations

import pytest

from kg.claims import effect_direction, narrative, outcomes, study_results
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.reader.reader import Reader


@pytest.fixture(scope="module")
def index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def claim(reader: Reader, index: ClaimIndex, name: str) -> ClaimSummary:
    return index.summaries[reader.vocabulary.entity_iri(name)]


def test_what_supports_a_proposition_disputes_a_claim_that_denies_it(reader: Reader, index: ClaimIndex) -> None:
    denials = [one for one in index.summaries.values() if one.side == "denies" and one.proposition and one.bearings]
    assert denials
    for one in denials:
        assert one.proposition
        own = index.propositions.evidence[one.proposition.proposition.iri]
        for seen, stated in zip(one.bearings, own, strict=True):
            turned = {"supporting": "disputing", "disputing": "supporting"}
            assert seen.direction == turned.get(stated.direction, stated.direction)


def test_a_claim_shows_each_deciding_study_once_on_a_side_and_counts_the_others(
    reader: Reader, index: ClaimIndex
) -> None:
    found = claim(reader, index, "claim-f002-1")
    for _, studies in found.sides:
        assert len({one.study.iri for one in studies}) == len(studies)
        assert all(one.decides for one in studies)
    assert found.set_aside == len({one.study.iri for one in found.bearings} - {
        one.study.iri for one in found.bearings if one.decides
    })  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "polarity", "expected"),
    [
        ("up", "denies", "none"),
        ("down", "affirms", "down"),
        ("up", "reportsInsufficientEvidence", ""),
        ("", "denies", ""),
    ],
)
def test_the_direction_of_a_claim_follows_its_polarity(direction: str, polarity: str, expected: str) -> None:
    assert effect_direction.of_claim(direction, polarity) == expected


def test_rarely_causes_is_not_contradicted_by_no_difference(index: ClaimIndex) -> None:
    denials = [one for one in index.summaries.values() if "rarely causes" in one.claim.label]
    assert denials
    for one in denials:
        assert one.sense == "none"
        assert not any("no significant difference" in other.claim.label for other in outcomes.opposed(index, one))


def test_treatments_observations_and_markers_stand_in_groups_of_their_own(reader: Reader) -> None:
    groups = study_results.of_outcome(reader, reader.vocabulary.entity_iri("hip-fracture"))
    sizes = {group.title: [str(effect.size) for effect in group.effects] for group in groups}
    assert sizes["Trials: what came of a treatment"] == ["0.23"]
    assert sizes["Observation: what a marker in the blood goes together with"] == ["2.6", "3.1", "5.9"]
    assert [group.title.partition(":")[0] for group in groups] == ["Trials", "Observation", "Observation"]


def test_numbers_of_a_study_under_notice_carry_the_notice(reader: Reader) -> None:
    groups = study_results.of_outcome(reader, reader.vocabulary.entity_iri("hip-fracture"))
    noticed = {effect.study.label for group in groups for effect in group.effects if effect.notices}
    assert noticed == {"Cockayne et al. 2006"}


def test_a_p_for_trend_is_called_so(reader: Reader) -> None:
    groups = study_results.of_outcome(reader, reader.vocabulary.entity_iri("type-2-diabetes"))
    found = [effect.p_value for group in groups for effect in group.effects if str(effect.size) == "0.81"]
    assert "0.08 for trend" in found


def test_an_explanation_says_what_the_proposition_itself_is_about(reader: Reader, index: ClaimIndex) -> None:
    iri = reader.vocabulary.entity_iri("proposition-k-oral-25-ug-daily-breastfed")
    lines = narrative.lines(reader, index, iri)
    assert lines and any(line.startswith("Not current advice.") for line in lines[:4])


def test_an_explanation_has_parts_with_titles(reader: Reader, index: ClaimIndex) -> None:
    iri = reader.vocabulary.entity_iri("claim-f002-1")
    sections = narrative.sections(reader, index, iri)
    lines = narrative.lines(reader, index, iri)
    assert sections and lines
    assert [section.title for section in sections if not section.is_head] == [
        "Certainty (computed)", "What decides", "What is set aside, and why", "Who says so", "Who is silent",
    ]  # fmt: skip
    silent = sections[-1].lines
    assert len(silent) == 1 and silent[0].endswith(f"of {len(index.sources)} sources, in the parts that were read")
    for section in sections:
        assert all(line in lines or f"  {line}" in lines for line in section.lines)
    assert narrative.sections(reader, index, reader.vocabulary.entity_iri("natto")) is None
