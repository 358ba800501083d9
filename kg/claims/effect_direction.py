"""Directions of effects, from the senses that the ontology gives to predicates."""

from __future__ import annotations

from collections.abc import Mapping

UP, DOWN, BETTER, WORSE, NONE, NEUTRAL = "up", "down", "better", "worse", "none", ""
_SENSES = {"senseMore": UP, "senseLess": DOWN, "senseBetter": BETTER, "senseWorse": WORSE, "senseNoChange": NONE}
_OPPOSITE = {UP: DOWN, DOWN: UP, BETTER: WORSE, WORSE: BETTER}
# An effect of deficiency is evidence for the opposite effect of the substance.
_LACKING = "deficientIntake"


def effect_direction(senses: Mapping[str, str], effect: str, aspects: set[str] | None = None) -> str:
    """Returns the direction of an effect; "" for one without a direction, such as ``contains``.

    Args:
        senses: the sense of each predicate, both by local name, see ``PropositionIndex.senses``.
        effect: local name of the effect.
        aspects: local names of the aspects of the subject.

    >>> senses = {"decreasesRiskOf": "senseLess", "increasesRiskOf": "senseMore"}
    >>> effect_direction(senses, "decreasesRiskOf"), effect_direction(senses, "increasesRiskOf", {"deficientIntake"})
    ('down', 'down')
    """
    sense = _SENSES.get(senses.get(effect, ""), NEUTRAL)
    return _OPPOSITE.get(sense, sense) if aspects and _LACKING in aspects else sense


def of_claim(direction: str, polarity: str) -> str:
    """Returns the direction of an effect as a claim with this polarity states it.

    Args:
        direction: of the effect.
        polarity: local name; "" for a corrected claim.

    >>> of_claim("up", "denies"), of_claim("up", "affirms"), of_claim("up", "reportsDisagreement")
    ('none', 'up', '')
    """
    if polarity.startswith("reports"):
        return NEUTRAL
    return NONE if polarity == "denies" and direction else direction


def disagree(first: str, second: str) -> bool:
    """Returns whether two directions cannot both be true of the same entity.

    >>> disagree("up", "down"), disagree("down", "none"), disagree("down", "better"), disagree("", "none")
    (True, True, False, False)
    """
    if not first or not second:
        return False
    return _OPPOSITE.get(first) == second or (first == NONE) != (second == NONE)
