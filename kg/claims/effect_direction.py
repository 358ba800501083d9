"""The directions of effects: which claims say more of a thing, which less, which that nothing changes."""

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
# What too little of a substance does speaks for the substance the other way round.
_LACKING = "deficientIntake"


def effect_direction(effect: str, aspects: set[str] | None = None) -> str:
    """The direction of an effect, by its local name; "" where it has none, as ``contains``.

    >>> effect_direction("decreasesRiskOf"), effect_direction("increasesRiskOf", {"deficientIntake"})
    ('down', 'down')
    """
    sense = _BY_ASPECT.get(effect, NEUTRAL)
    return _OPPOSITE.get(sense, sense) if aspects and _LACKING in aspects else sense


def disagree(one: str, other: str) -> bool:
    """Whether two directions cannot both hold of the same thing.

    >>> disagree("up", "down"), disagree("down", "none"), disagree("down", "better"), disagree("", "none")
    (True, True, False, False)
    """
    if not one or not other:
        return False
    return _OPPOSITE.get(one) == other or (one == NONE) != (other == NONE)
