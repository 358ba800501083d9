"""Which applications decide a proposition, and why the others are set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.build.assess.applications import Application
from kg.build.assess.reading.facts import Facts, Rung
from kg.build.assess.reading.terms import Direction, SetAside


@dataclass(frozen=True)
class Weighed:
    """An application with its rung; ``reasons`` say why it is set aside, and are empty if it decides."""

    application: Application
    rung: Rung | None
    reasons: tuple[SetAside, ...]

    @property
    def decides(self) -> bool:
        """Whether the application decides the proposition."""
        return not self.reasons


def weigh(facts: Facts, applications: list[Application]) -> list[Weighed]:
    """Returns the applications to one proposition, each with the reasons for which it is set aside.

    Of those that weigh at all, the best tier decides, and within it results on the outcome itself before markers.
    """
    weighed = [_weigh(facts, application) for application in applications]
    weighed = [_unless_pooled(facts, weighed, one) for one in weighed]
    weighed = [_unless_secondary(weighed, one) for one in weighed]
    best = min((_place(one) for one in weighed if one.decides), default=None)
    return [_unless_outranked(one, best) for one in weighed]


def under_rows(weighed: list[Weighed]) -> list[Weighed]:
    """Returns the applications where rows of tables decide, so that none of them does."""
    return [replace(one, reasons=(SetAside.ROWS_DECIDE,)) if one.decides else one for one in weighed]


def _weigh(facts: Facts, application: Application) -> Weighed:
    proposition, study, gaps = application.proposition, application.line.study, application.gaps
    rung = facts.ladder.get((proposition.type, bool(proposition.models), study.design))
    reasons = []
    if study.is_under_notice:
        reasons.append(SetAside.UNDER_NOTICE)
    # What an authority sets for vitamin K as a whole is its answer to what it sets for a form.
    is_authority = proposition.type == "IntakeProposition" and study.design == "guideline"
    if not is_authority:
        too_far = (
            (gaps.substance >= 2, SetAside.OTHER_SUBSTANCE),
            (bool(gaps.missing), SetAside.UNKNOWN_RELATION),
            (gaps.outcome >= 2 and not gaps.missing, SetAside.OTHER_OUTCOME),
            (gaps.population >= 2, SetAside.OTHER_PEOPLE),
            (gaps.dose >= 2, SetAside.OTHER_DOSE),
        )
        reasons += [reason for is_so, reason in too_far if is_so]
    if application.direction is Direction.INCONCLUSIVE:
        reasons.append(SetAside.DOES_NOT_SETTLE)
    if rung is None:
        reasons.append(SetAside.NOT_ON_LADDER)
    return Weighed(application, rung, tuple(dict.fromkeys(reasons)))


def _unless_pooled(facts: Facts, weighed: list[Weighed], one: Weighed) -> Weighed:
    """Sets aside a study, by whichever of its publications, that an analysis of the outcome or a wider one pools."""
    study = one.application.line.study
    outcomes = one.application.line.result.outcomes
    is_pooled = any(
        other.decides
        and {study.name, *study.same_trial} & other.application.line.study.pools
        and any(facts.hierarchy.within(outcome) & other.application.line.result.outcomes for outcome in outcomes)
        for other in weighed
    )
    return Weighed(one.application, one.rung, (SetAside.ALREADY_POOLED,)) if one.decides and is_pooled else one


def _unless_secondary(weighed: list[Weighed], one: Weighed) -> Weighed:
    """Sets aside a subgroup or another analysis of a study that has a main result on an outcome as close."""
    line = one.application.line
    has_main = any(
        other.decides
        and other.application.line.study.name == line.study.name
        and not other.application.line.result.is_secondary
        and other.application.gaps.outcome <= one.application.gaps.outcome
        for other in weighed
    )
    if one.decides and line.result.is_secondary and has_main:
        return Weighed(one.application, one.rung, (SetAside.SECONDARY,))
    return one


def _place(one: Weighed) -> tuple[int, int]:
    assert one.rung is not None
    return one.rung.tier, one.application.gaps.outcome


def _unless_outranked(one: Weighed, best: tuple[int, int] | None) -> Weighed:
    if not one.decides or best is None or _place(one) == best:
        return one
    reason = SetAside.LOWER_TIER if _place(one)[0] > best[0] else SetAside.MARKER_ONLY
    return Weighed(one.application, one.rung, (reason,))
