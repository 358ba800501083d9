"""The evidence map reads propositions by what is good for people, and leaves none out that is assessed."""

from __future__ import annotations

import pytest

from kg.propositions.evidence_map import EvidenceMap, MapMark, evidence_map
from kg.propositions.index import PropositionIndex
from kg.reader.reader import Reader
from server.charts.overview import MAP_COLUMNS

READINGS = {
    ("for", 1): "helps",
    ("for", -1): "harms",
    ("against", 1): "noBenefit",
    ("against", -1): "noHarm",
    ("mixed", 1): "mixed",
    ("unclear", 1): "unclear",
}


@pytest.fixture(scope="module")
def index(reader: Reader) -> PropositionIndex:
    return PropositionIndex(reader)


@pytest.fixture(scope="module")
def found(reader: Reader, index: PropositionIndex) -> EvidenceMap:
    return evidence_map(index, [reader.vocabulary.entity_iri(name) for name in MAP_COLUMNS])


def marks(found: EvidenceMap) -> list[MapMark]:
    return [mark for row in found.rows for cell in row.cells for mark in cell]


def is_on_lack(mark: MapMark) -> bool:
    return any(aspect.iri.endswith("#deficientIntake") for aspect in mark.summary.roles.get("subjectAspect", ()))


def test_a_mark_stands_in_the_row_and_column_of_its_proposition(found: EvidenceMap) -> None:
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            for mark in cell:
                assert mark.summary.roles["object"][0] == row.outcome
                assert mark.summary.roles["subject"][0].iri == column


def test_marks_are_read_by_what_is_good_for_people(found: EvidenceMap) -> None:
    for mark in marks(found):
        if mark.summary.side in ("for", "against") and not is_on_lack(mark):
            assert mark.reading == READINGS[mark.summary.side, mark.summary.benefit], mark.summary.proposition.label


def test_harm_by_a_lack_is_not_shown_as_a_benefit_of_more(found: EvidenceMap) -> None:
    lacks = [mark for mark in marks(found) if is_on_lack(mark) and mark.summary.side == "for"]
    assert lacks
    assert {mark.reading for mark in lacks} == {"lackHarms"}


def test_animals_have_no_place_in_it_and_observations_are_marked(found: EvidenceMap) -> None:
    assert not any("model" in mark.summary.roles for mark in marks(found))
    assert {mark.is_observed for mark in marks(found)} == {True, False}
    for mark in marks(found):
        assert mark.is_observed == mark.summary.type.iri.endswith("#AssociationProposition")


def test_rows_with_most_deciding_studies_come_first(found: EvidenceMap) -> None:
    counts = [row.studies for row in found.rows]
    assert counts == sorted(counts, reverse=True)


def test_every_assessed_effect_on_people_is_in_it_or_has_a_wider_one_that_is(
    index: PropositionIndex, found: EvidenceMap
) -> None:
    shown = {(mark.summary.roles["subject"], mark.summary.roles["object"], mark.is_observed) for mark in marks(found)}
    for summary in index.summaries.values():
        type_name = summary.type.iri.rpartition("#")[2]
        if type_name not in ("EffectProposition", "AssociationProposition") or "model" in summary.roles:
            continue
        if summary.benefit and summary.side in ("for", "against", "mixed", "unclear"):
            cell = (summary.roles["subject"], summary.roles["object"], type_name == "AssociationProposition")
            assert cell in shown or summary.roles["subject"][0].iri not in found.columns
