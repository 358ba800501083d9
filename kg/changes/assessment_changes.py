"""Assessments that differ between two releases, and why.

The reasons are read from what the build recorded of each assessment: which results decide, why others are set aside,
and each step that lowers or raises the certainty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.changes.snapshot import Snapshot

_STEPS = {
    "loweredForBias": "lowered for risk of bias",
    "loweredForImprecision": "lowered for imprecision",
    "loweredForInconsistency": "lowered for inconsistency",
    "loweredForIndirectness": "lowered for indirectness",
    "raisedForAgreement": "raised for agreement",
    "decidedInTier": "step of the ladder that decides",
    "studiesFor": "deciding studies for it",
    "studiesAgainst": "deciding studies against it",
    "studiesWithoutDifference": "deciding studies without a difference",
    "peopleStudied": "people studied",
    "rowsFor": "rows of food tables for it",
    "rowsAgainst": "rows of food tables against it",
    "rowsOpen": "rows of food tables that leave it open",
}
_TERMS = {"certaintyStartedAt": "certainty before the steps", "cappedAt": "highest certainty allowed"}
_LEVELS = ("veryLowCertainty", "lowCertainty", "moderateCertainty", "highCertainty")


REVERSED = "reversed"


@dataclass(frozen=True)
class AssessmentChange:
    """An assessment that changed.

    Attributes:
        iri, label: the proposition.
        was, now: direction and certainty in words; "" where there was, or is, no assessment.
        turn: "reversed" from for to against or back, "other" for another direction, or "".
        is_certainty: whether the certainty differs.
        rank: steps of certainty gained, or lost if negative; 0 if it did not change or there was none.
        why: the reasons, a sentence each.
    """

    iri: str
    label: str
    was: str
    now: str
    turn: str
    is_certainty: bool
    rank: int
    why: tuple[str, ...]


class AssessmentChanges:
    """Compares assessments.

    Args:
        before: the earlier release.
        after: the later release.
        touched: IRIs of entities that were added, removed or changed.
        method_changed: whether the build itself differs.
    """

    def __init__(self, before: Snapshot, after: Snapshot, touched: Collection[str], *, method_changed: bool) -> None:
        self._before, self._after = before, after
        self._touched, self._method_changed = touched, method_changed

    def of(self, iris: Iterable[str]) -> list[AssessmentChange]:
        """The assessments that differ among some entities: those that are reversed, with another certainty, others."""
        found = [change for iri in sorted(set(iris)) if (change := self._change(iri))]
        return sorted(found, key=lambda one: (one.turn != REVERSED, not one.is_certainty, -abs(one.rank), one.label))

    def _change(self, iri: str) -> AssessmentChange | None:
        was, now = (_in_words(snapshot, iri) for snapshot in (self._before, self._after))
        # A new proposition, or one that went, is listed as such.
        if was == now or not was or not now:
            return None
        levels = [snapshot.value(iri, "certainty") for snapshot in (self._before, self._after)]
        places = [_level(level) for level in levels]
        rank = places[1] - places[0] if None not in places else 0  # type: ignore[operator]
        return AssessmentChange(
            iri, self._after.label(iri), was, now, self._turn(iri), levels[0] != levels[1], rank, tuple(self._why(iri))
        )

    def _turn(self, iri: str) -> str:
        old, new = (snapshot.value(iri, "assessedDirection") for snapshot in (self._before, self._after))
        sides = {direction.rpartition("#")[2] for direction in (old, new)}
        return "" if old == new else REVERSED if sides == {"for", "against"} else "other"

    def _why(self, iri: str) -> Iterator[str]:
        yield from self._evidence(iri)
        for name, words in _STEPS.items():
            old, new = self._before.value(iri, name), self._after.value(iri, name)
            if (old or "0") != (new or "0"):
                yield f"{words[0].upper()}{words[1:]}: {old or 'none'} before, {new or 'none'} now."
        for name, words in _TERMS.items():
            old, new = self._before.value(iri, name), self._after.value(iri, name)
            if old != new:
                before = self._before.label(old) if old else "none"
                after = self._after.label(new) if new else "none"
                yield f"{words[0].upper()}{words[1:]}: {before} before, {after} now."
        if self._method_changed:
            yield "The method or the ontology of the build changed too, which may have a part in it."

    def _evidence(self, iri: str) -> Iterator[str]:
        old, new = ({*snapshot.pointing("decides", iri)} for snapshot in (self._before, self._after))
        for application in sorted(new - old):
            study, found, line = _evidence(self._after, application)
            start = f"Evidence from {study} decides now" if self._before.exists(line) else f"New evidence from {study}"
            yield f"{start}: {found}"
        for application in sorted(old - new):
            study, found, line = _evidence(self._before, application)
            reasons = [self._after.words(reason) for reason in self._after.values(application, "setAsideFor")]
            if reasons:
                yield f"Evidence from {study} is set aside now ({', '.join(reasons)}): {found}"
            elif not self._after.exists(line):
                yield f"Evidence from {study} was removed: {found}"
            else:
                yield f"Evidence from {study} does not decide any more: {found}"
        for application in sorted(old & new):
            study, found, line = _evidence(self._after, application)
            parts = {line, self._after.value(line, "result"), self._after.value(line, "study")}
            if parts & {*self._touched}:
                yield f"What is recorded of {study} changed: {found}"


def _in_words(snapshot: Snapshot, iri: str) -> str:
    direction, certainty = (snapshot.value(iri, name) for name in ("assessedDirection", "certainty"))
    if not direction:
        return ""
    words = snapshot.label(direction)
    return f"{words}, {snapshot.label(certainty)} certainty" if certainty else words


def _level(certainty: str) -> int | None:
    name = certainty.rpartition("#")[2]
    return _LEVELS.index(name) if name in _LEVELS else None


def _evidence(snapshot: Snapshot, application: str) -> tuple[str, str, str]:
    """The study of an evidence line that applies to a proposition, what it found, and the IRI of the line."""
    line = snapshot.value(application, "ofLine")
    return snapshot.label(snapshot.value(line, "study") or line or application), snapshot.label(line), line
