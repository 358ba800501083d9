"""How claims compare with what is known of their propositions, and which former verdict that was."""

from __future__ import annotations

from itertools import product

import pytest

from kg.build.assess.reading.terms import Assessed, Certainty, Standing
from kg.build.assess.standing import Known, standing, verdict
from tests.kg.build.assess.small_facts import (
    ASSOCIATION,
    COMPOSITION,
    HIGH,
    LOW,
    MECHANISM,
    MODERATE,
    VERY_LOW,
    all_assessed,
    claim,
    line,
    proposition,
)

FOR, AGAINST, MIXED = Assessed.FOR, Assessed.AGAINST, Assessed.MIXED
FLAT, MAY = "states", "may"
CONSISTENT, THIN, OVERSTATED = Standing.CONSISTENT, Standing.THINLY_SUPPORTED, Standing.OVERSTATED
CONTRADICTED, UNVERIFIED = Standing.CONTRADICTED, Standing.UNVERIFIED
EFFECT, FOOD = proposition(), proposition("natto", "contains", "k2", COMPOSITION)

# For claims that affirm; the standing of a flat claim, and of one with a hedge.
AFFIRMED = [
    (FOR, HIGH, CONSISTENT, CONSISTENT),
    (FOR, MODERATE, CONSISTENT, CONSISTENT),
    (FOR, LOW, OVERSTATED, CONSISTENT),
    (FOR, VERY_LOW, OVERSTATED, CONSISTENT),
    (AGAINST, HIGH, CONTRADICTED, CONTRADICTED),
    (AGAINST, MODERATE, CONTRADICTED, CONTRADICTED),
    (AGAINST, LOW, CONTRADICTED, UNVERIFIED),
    (AGAINST, VERY_LOW, OVERSTATED, UNVERIFIED),
    (MIXED, LOW, OVERSTATED, CONSISTENT),
    (MIXED, VERY_LOW, OVERSTATED, CONSISTENT),
    (Assessed.UNCLEAR, None, UNVERIFIED, UNVERIFIED),
    (Assessed.NONE_FOUND, None, UNVERIFIED, UNVERIFIED),
    (Assessed.NOT_SEARCHED, None, Standing.NOT_ASSESSED, Standing.NOT_ASSESSED),
    (Assessed.TOO_VAGUE, None, Standing.TOO_VAGUE, Standing.TOO_VAGUE),
]
SWAPPED = {FOR: AGAINST, AGAINST: FOR}


@pytest.mark.parametrize(("direction", "certainty", "flat", "hedged"), AFFIRMED)
def test_a_claim_that_affirms_or_denies(
    direction: Assessed, certainty: Certainty | None, flat: Standing, hedged: Standing
) -> None:
    denied = Known(SWAPPED.get(direction, direction), certainty)
    for hedge, expected in ((FLAT, flat), ("associates", flat), (MAY, hedged)):
        assert standing(claim(EFFECT, hedge=hedge), EFFECT, Known(direction, certainty)) is expected
        assert standing(claim(EFFECT, "denies", hedge), EFFECT, denied) is expected


@pytest.mark.parametrize(
    ("direction", "certainty", "disagreement", "insufficient"),
    [
        (FOR, HIGH, UNVERIFIED, CONTRADICTED),
        (FOR, MODERATE, UNVERIFIED, CONTRADICTED),
        (FOR, LOW, UNVERIFIED, CONSISTENT),
        (AGAINST, MODERATE, CONSISTENT, CONTRADICTED),
        (AGAINST, LOW, CONSISTENT, CONSISTENT),
        (MIXED, LOW, CONSISTENT, CONSISTENT),
        (Assessed.UNCLEAR, None, UNVERIFIED, CONSISTENT),
        (Assessed.NONE_FOUND, None, UNVERIFIED, CONSISTENT),
        (Assessed.NOT_SEARCHED, None, Standing.NOT_ASSESSED, Standing.NOT_ASSESSED),
        (Assessed.TOO_VAGUE, None, Standing.TOO_VAGUE, Standing.TOO_VAGUE),
    ],
)
@pytest.mark.parametrize("hedge", [FLAT, MAY])
def test_a_claim_about_the_evidence(
    direction: Assessed, certainty: Certainty | None, disagreement: Standing, insufficient: Standing, hedge: str
) -> None:
    known = Known(direction, certainty)
    assert standing(claim(EFFECT, "reportsDisagreement", hedge), EFFECT, known) is disagreement
    assert standing(claim(EFFECT, "reportsInsufficientEvidence", hedge), EFFECT, known) is insufficient


@pytest.mark.parametrize("known", [Known(AGAINST, LOW, is_indirect=True), Known(AGAINST, LOW, is_only_null=True)])
def test_low_certainty_contradicts_only_by_a_direct_opposite_result(known: Known) -> None:
    assert standing(claim(EFFECT), EFFECT, known) is OVERSTATED
    firm = Known(AGAINST, MODERATE, known.is_indirect, known.is_only_null)
    assert standing(claim(EFFECT), EFFECT, firm) is CONTRADICTED


def test_a_causal_word_for_an_association_is_overstated_however_certain() -> None:
    seen = proposition(kind=ASSOCIATION)
    assert standing(claim(seen), seen, Known(FOR, HIGH)) is OVERSTATED
    assert standing(claim(seen, is_causal=False), seen, Known(FOR, HIGH)) is CONSISTENT
    assert standing(claim(seen, is_causal=False), seen, Known(FOR, LOW)) is OVERSTATED


def test_emphasis_needs_high_certainty() -> None:
    assert standing(claim(EFFECT, is_emphatic=True), EFFECT, Known(FOR, MODERATE)) is OVERSTATED
    assert standing(claim(EFFECT, is_emphatic=True), EFFECT, Known(FOR, HIGH)) is CONSISTENT
    assert standing(claim(EFFECT, hedge=MAY, is_emphatic=True), EFFECT, Known(FOR, MODERATE)) is OVERSTATED


@pytest.mark.parametrize("about", [FOOD, proposition(kind=MECHANISM)])
def test_flat_claims_that_compare_nothing_are_thinly_supported_by_low_certainty(about: object) -> None:
    assert standing(claim(FOOD), FOOD, Known(FOR, LOW)) is THIN
    assert standing(claim(FOOD, hedge=MAY), FOOD, Known(FOR, LOW)) is CONSISTENT


def test_a_claim_and_its_denial_are_never_both_consistent_where_a_side_is_known() -> None:
    for direction, certainty, hedge in product((FOR, AGAINST), Certainty, (FLAT, MAY)):
        known = Known(direction, certainty)
        both = [standing(claim(EFFECT, polarity, hedge), EFFECT, known) for polarity in ("affirms", "denies")]
        assert both.count(CONSISTENT) < 2
        assert both[0 if direction is AGAINST else 1] is not CONSISTENT


@pytest.mark.parametrize(
    ("polarity", "direction", "certainty", "expected"),
    [
        ("affirms", FOR, MODERATE, "supported"),
        ("affirms", FOR, LOW, "unsupported"),
        ("affirms", AGAINST, MODERATE, "refuted"),
        ("affirms", AGAINST, LOW, "notConfirmed"),
        ("affirms", MIXED, LOW, "contested"),
        ("affirms", Assessed.UNCLEAR, None, "unsupported"),
        ("affirms", Assessed.NONE_FOUND, None, "unsupported"),
        ("affirms", Assessed.NOT_SEARCHED, None, "notAssessed"),
        ("affirms", Assessed.TOO_VAGUE, None, "notAssessed"),
        ("denies", FOR, HIGH, "refuted"),
        ("denies", AGAINST, HIGH, "supported"),
        ("denies", MIXED, LOW, "contested"),
        ("reportsDisagreement", MIXED, LOW, "supported"),
        ("reportsDisagreement", AGAINST, MODERATE, "supported"),
        ("reportsDisagreement", FOR, HIGH, "unsupported"),
        ("reportsDisagreement", Assessed.NOT_SEARCHED, None, "notAssessed"),
        ("reportsInsufficientEvidence", FOR, HIGH, "refuted"),
        ("reportsInsufficientEvidence", Assessed.UNCLEAR, None, "supported"),
    ],
)
def test_the_former_verdict(polarity: str, direction: Assessed, certainty: Certainty | None, expected: str) -> None:
    assert verdict(claim(EFFECT, polarity), Known(direction, certainty)) == expected


def test_a_claim_rests_on_what_it_presupposes_and_nobody_has_shown() -> None:
    shown, open_, weak = EFFECT, proposition("mk4"), proposition("mk7", "raises", "bmd")
    names = [one.name for one in (shown, open_, weak)]
    found = all_assessed(
        shown, open_, weak,
        lines=[line(shown), line(weak, has_interval=False)],
        claims=[claim(shown, presupposes=names), claim(shown, name="claim-2", presupposes=names[:1])],
    )  # fmt: skip
    assert found.rests_on == {"claim-1": set(names[1:])}


def test_every_claim_gets_a_standing_and_a_verdict() -> None:
    found = all_assessed(EFFECT, lines=[line(EFFECT)], claims=[claim(EFFECT), claim(EFFECT, "denies", name="claim-2")])
    assert found.standings == {"claim-1": CONSISTENT, "claim-2": CONTRADICTED}
    assert found.verdicts == {"claim-1": "supported", "claim-2": "refuted"}
