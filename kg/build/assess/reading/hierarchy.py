"""What stands within what, what marks what, and of what people want more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_UP = ("isFormOf", "isKindOf")
# Classes whose members a study as a whole is about, where its results do not name an exposure.
_SUBSTANCE = ("Nutrient", "Vitamin", "VitaminKForm", "VitaminCombination", "Supplement", "Drug", "DrugGroup")
# Classes whose members can be what was given, eaten or measured, so that they can be compared with an exposure.
_MATERIAL = (
    *("Substance", "Food", "FoodGroup", "Supplement", "Drug", "DrugGroup", "VitaminCombination", "ProteinState"),
    *("Protein", "Measure", "Condition"),
)


@dataclass(frozen=True)
class OutcomeRelation:
    """How a measured outcome relates to the object of a proposition.

    ``gap`` is 0 for the same and 1 for a marker or something wider; ``sign`` is -1 where less of the outcome means more
    of the object; ``is_marker`` is true where the two are compared by what is good for people.
    """

    gap: int
    sign: int = 1
    is_marker: bool = False


@dataclass
class Hierarchy:
    """The relations between topics, by local name."""

    up: dict[str, frozenset[str]] = field(default_factory=dict)
    states: dict[str, frozenset[str]] = field(default_factory=dict)
    markers: dict[str, frozenset[str]] = field(default_factory=dict)
    inverse_markers: dict[str, frozenset[str]] = field(default_factory=dict)
    impaired: dict[str, frozenset[str]] = field(default_factory=dict)
    separate: dict[str, frozenset[str]] = field(default_factory=dict)
    components: dict[str, frozenset[str]] = field(default_factory=dict)
    desirable: dict[str, str] = field(default_factory=dict)
    senses: dict[str, str] = field(default_factory=dict)
    falls_on: dict[str, str] = field(default_factory=dict)
    counterparts: dict[str, frozenset[str]] = field(default_factory=dict)
    wholes: dict[str, frozenset[str]] = field(default_factory=dict)
    combinations: frozenset[str] = frozenset()
    substances: frozenset[str] = frozenset()
    foods: frozenset[str] = frozenset()
    materials: frozenset[str] = frozenset()

    @classmethod
    def of(cls, statements: Mapping[str, Mapping[str, list[str]]], types: Mapping[str, set[str]]) -> Hierarchy:
        """Returns the hierarchy that some statements record, by subject and property."""

        def values(*properties: str) -> dict[str, frozenset[str]]:
            return {
                name: frozenset(value for key in properties for value in found.get(key, ()))
                for name, found in statements.items()
                if any(key in found for key in properties)
            }

        def single(key: str) -> dict[str, str]:
            return {name: found[key][0] for name, found in statements.items() if key in found}

        return cls(
            up=values(*_UP),
            states=values("isStateOf"),
            markers=values("isMarkerOf"),
            inverse_markers=values("isInverseMarkerOf"),
            impaired=values("impairs"),
            separate=values("isSeparateFrom"),
            falls_on=single("effectFallsOn"),
            components=values("hasComponent"),
            wholes=values("isPartOf"),
            desirable=single("desirability"),
            senses=single("sense"),
            counterparts=values("causalCounterpart"),
            combinations=frozenset(types.get("VitaminCombination", ())),
            substances=frozenset(name for kind in _SUBSTANCE for name in types.get(kind, ())),
            foods=frozenset(name for kind in ("Food", "FoodGroup") for name in types.get(kind, ())),
            materials=frozenset(name for kind in _MATERIAL for name in types.get(kind, ())),
        )

    def within(self, name: str) -> frozenset[str]:
        """Returns what a topic is a form or a type of, as far up as that goes, itself included."""
        found, left = {name}, [name]
        while left:
            for above in self.up.get(left.pop(), ()):
                if above not in found:
                    found.add(above)
                    left.append(above)
        return frozenset(found)

    def is_within(self, name: str, other: str) -> bool:
        """Returns whether a topic is the other one, or a form or type of it."""
        return other in self.within(name)

    def relation(self, outcome: str, target: str) -> OutcomeRelation | None:
        """Returns how a measured outcome relates to an object; ``None`` if the graph does not say."""
        if self.is_within(outcome, target):
            return OutcomeRelation(0)
        # The relation of the outcome itself comes before that of what it is a type of.
        for name in self._upward(outcome):
            if (found := self._relation_of(name, target)) is not None:
                return found
        if any(self.is_within(impaired, outcome) for impaired in self.impaired.get(target, ())):
            return OutcomeRelation(int(outcome not in self.impaired[target]), -1)
        if self.is_within(target, outcome):
            return OutcomeRelation(1)
        return None

    def is_separate(self, outcome: str, target: str) -> bool:
        """Returns whether the graph records that an outcome is not evidence on another one."""
        return any(
            self.is_within(target, other) for name in self.within(outcome) for other in self.separate.get(name, ())
        )

    def _relation_of(self, name: str, target: str) -> OutcomeRelation | None:
        def reaches(relations: Mapping[str, frozenset[str]]) -> bool:
            return any(self.is_within(other, target) for other in relations.get(name, ()))

        is_inverse = reaches(self.inverse_markers)
        if reaches(self.states):
            return OutcomeRelation(0, -1 if is_inverse else 1)
        if is_inverse:
            return OutcomeRelation(1, -1, is_marker=True)
        if reaches(self.markers):
            return OutcomeRelation(1, self._marker_sign(name, target), is_marker=True)
        return OutcomeRelation(0, -1) if reaches(self.impaired) else None

    def _upward(self, name: str) -> list[str]:
        """Returns a topic and what it is a form or type of, the nearest first."""
        found, level = [name], [name]
        while level:
            level = sorted({above for one in level for above in self.up.get(one, ())} - set(found))
            found += level
        return found

    def _marker_sign(self, outcome: str, target: str) -> int:
        known = {self.good(outcome), self.good(target)}
        return -1 if known == {1, -1} else 1

    def good(self, name: str) -> int:
        """Returns 1 if people are better off with more of a topic, -1 if they are worse off, otherwise 0."""
        for above in (name, *sorted(self.within(name) - {name})):
            if above in self.desirable:
                return {"moreIsBetter": 1, "moreIsWorse": -1}.get(self.desirable[above], 0)
        return 0
