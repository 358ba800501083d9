"""Directions of effects: which relations mean more of something, which less, and which no change."""

from __future__ import annotations

UP, DOWN, BETTER, WORSE, NONE, NEUTRAL = "up", "down", "better", "worse", "none", ""

_EFFECTS = {
    UP: (
        "activates", "increases", "increasesRiskOf", "causes", "induces", "builds", "produces",
        "enhancesAbsorptionOf", "isAssociatedWithHigherRiskOf",
    ),
    DOWN: (
        "decreases", "decreasesRiskOf", "prevents", "treats", "blocks", "weakensEffectOf",
        "isAssociatedWithLowerRiskOf",
    ),
    BETTER: ("improves", "supports", "protects"),
    WORSE: ("harms",),
    NONE: ("doesNotHarm", "doesNotCause", "doesNotChange", "doesNotOverload", "doesNotConfirm", "isNotAssociatedWith"),
}  # fmt: skip
_BY_ASPECT = {effect: sense for sense, effects in _EFFECTS.items() for effect in effects}
_OPPOSITE = {UP: DOWN, DOWN: UP, BETTER: WORSE, WORSE: BETTER}
# An effect of deficiency is evidence for the opposite effect of the substance.
_LACKING = "deficientIntake"


def effect_direction(effect: str, aspects: set[str] | None = None) -> str:
    """Returns the direction of an effect, by its local name; "" for one without a direction, such as ``contains``.

    >>> effect_direction("decreasesRiskOf"), effect_direction("increasesRiskOf", {"deficientIntake"})
    ('down', 'down')
    """
    sense = _BY_ASPECT.get(effect, NEUTRAL)
    return _OPPOSITE.get(sense, sense) if aspects and _LACKING in aspects else sense


def disagree(first: str, second: str) -> bool:
    """Returns whether two directions cannot both be true of the same entity.

    >>> disagree("up", "down"), disagree("down", "none"), disagree("down", "better"), disagree("", "none")
    (True, True, False, False)
    """
    if not first or not second:
        return False
    return _OPPOSITE.get(first) == second or (first == NONE) != (second == NONE)
