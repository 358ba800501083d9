"""Small facts for tests of the assessment: a hierarchy of a few topics, a ladder, and makers of everything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kg.build.assess.assess import Assessment, Assessments, assess
from kg.build.assess.reading.facts import (
    Amount,
    Claim,
    Content,
    DoseRange,
    Facts,
    Line,
    Proposition,
    Result,
    Rung,
    Study,
)
from kg.build.assess.reading.hierarchy import Hierarchy
from kg.build.assess.reading.terms import Assessed, Certainty, Direction, Finding

EFFECT, ASSOCIATION, MECHANISM = "EffectProposition", "AssociationProposition", "MechanismProposition"
SAFETY, INTERACTION, ADVICE = "SafetyProposition", "InteractionProposition", "AdviceProposition"
COMPOSITION, KINETICS, INTAKE = "CompositionProposition", "KineticsProposition", "IntakeProposition"
TRIAL, COHORT, POOLED, POOLED_COHORTS = "trial", "cohort", "meta-analysis-of-trials", "meta-analysis-of-cohorts"
RATS, CELLS, GUIDELINE, REVIEW, ANALYSIS = "rats", "cells", "guideline", "review", "food-analysis"
CASE_REPORT = "case-report"
STRANDS = {RATS: "animalStrand", CELLS: "cellStrand", GUIDELINE: "reviewStrand", REVIEW: "reviewStrand",
           ANALYSIS: "laboratoryStrand"}  # fmt: skip
HIGH, MODERATE, LOW, VERY_LOW = Certainty.HIGH, Certainty.MODERATE, Certainty.LOW, Certainty.VERY_LOW

_UP = """
    mk4 k2 | mk7 k2 | k2 k | k1 k | raw-natto natto | natto fermented | brie cheese | gouda cheese
    cheese fermented | cheese dairy | hip-fracture fracture | spine-fracture fracture | fracture bone-disease
    chd vascular-disease | calcification vascular-disease | chd-death chd | ovx-rat rat | mouse rodent | rat rodent
    women adults | women-after-menopause women | men adults | warfarin vka | skin-rash side-effect
"""


def hierarchy() -> Hierarchy:
    up: dict[str, frozenset[str]] = {}
    for pair in _UP.replace("\n", "|").split("|"):
        if pair.strip():
            below, above = pair.split()
            up[below] = up.get(below, frozenset()) | {above}
    substances = frozenset({"k", "k1", "k2", "mk4", "mk7", "d3", "d3-k2", "warfarin", "vka", "k2-capsule"})
    foods = frozenset({"natto", "raw-natto", "fermented", "cheese", "brie", "gouda", "dairy", "egg", "yolk"})
    return Hierarchy(
        up=up,
        states={"active-osteocalcin": frozenset({"osteocalcin"}), "ucoc": frozenset({"osteocalcin"})},
        markers={"bmd": frozenset({"fracture", "bone-health"}), "stiffness": frozenset({"vascular-disease"}),
                 "inr": frozenset({"clotting"})},
        inverse_markers={"ucoc": frozenset({"osteocalcin"}), "clotting-time": frozenset({"clotting"})},
        impaired={"osteoporosis": frozenset({"bone-health"}), "fracture": frozenset({"bone-health"})},
        separate={"mood": frozenset({"fracture"})},
        components={"k2-capsule": frozenset({"k2"}), "d3-k2": frozenset({"d3", "k2"})},
        desirable={"bmd": "moreIsBetter", "fracture": "moreIsWorse", "bone-health": "moreIsBetter",
                   "stiffness": "moreIsWorse", "vascular-disease": "moreIsWorse", "side-effect": "moreIsWorse",
                   "weight": "neither"},
        senses={"lowers": "senseLess", "raises": "senseMore", "improves": "senseBetter", "harms": "senseWorse",
                "doesNotChange": "senseNoChange", "activates": "senseMore", "causes": "senseMore",
                "weakensEffectOf": "senseLess", "associatedWithLess": "senseLess", "associatedWithMore": "senseMore"},
        falls_on={"dependsOn": "subject", "absorbedMoreSlowlyThan": "outcome"},
        counterparts={"associatedWithLess": frozenset({"lowers", "decreasesRiskOf"})},
        wholes={"yolk": frozenset({"egg"})},
        combinations=frozenset({"d3-k2"}),
        substances=substances,
        foods=foods,
        materials=substances | foods | {"k-deficiency", "osteocalcin"},
    )  # fmt: skip


def ladder() -> dict[tuple[str, bool, str], Rung]:
    rows = {
        EFFECT: [(POOLED, 1, HIGH), (TRIAL, 1, HIGH), (POOLED_COHORTS, 2, LOW), (COHORT, 2, LOW),
                 (CASE_REPORT, 3, VERY_LOW), (RATS, 4, VERY_LOW)],
        ASSOCIATION: [(POOLED_COHORTS, 1, HIGH), (COHORT, 1, MODERATE), (CASE_REPORT, 3, VERY_LOW)],
        MECHANISM: [(TRIAL, 1, MODERATE), (RATS, 1, MODERATE), (CELLS, 1, LOW), (REVIEW, 1, LOW), (POOLED, 1, MODERATE)],
        SAFETY: [(TRIAL, 1, HIGH), (GUIDELINE, 1, MODERATE), (COHORT, 2, LOW)],
        INTERACTION: [(TRIAL, 1, HIGH), (GUIDELINE, 1, MODERATE)],
        ADVICE: [(GUIDELINE, 1, HIGH)],
        KINETICS: [(TRIAL, 1, MODERATE), (REVIEW, 2, LOW)],
        INTAKE: [(GUIDELINE, 1, HIGH)],
        COMPOSITION: [(ANALYSIS, 1, HIGH), (GUIDELINE, 1, HIGH)],
    }  # fmt: skip
    found = {(kind, False, design): Rung(tier, start) for kind, some in rows.items() for design, tier, start in some}
    return found | {(EFFECT, True, RATS): Rung(1, MODERATE), (EFFECT, True, CELLS): Rung(2, LOW)}


LEVELS: dict[str, tuple[float, float | None]] = {
    "traceLevel": (0.0, 1.5),
    "smallLevel": (1.5, 11.25),
    "sourceLevel": (11.25, None),
    "richLevel": (22.5, None),
}


def proposition(
    subject: str = "k2", predicate: str = "lowers", target: str = "fracture", kind: str = EFFECT, **more: Any
) -> Proposition:
    """A proposition whose name says all that is given of it."""
    for key in ("populations", "models", "aspects", "qualifiers"):
        more[key] = frozenset(more.get(key, ()))
    rest = [kind.removesuffix("Proposition").lower(), *(str(value) for value in more.values() if value)]
    name = re.sub(r"[^a-z0-9]+", "-", "-".join(["proposition", subject, predicate, target, *rest]).lower())
    return Proposition(name.strip("-"), f"{subject} {predicate} {target}.", kind, subject, predicate, target, **more)


def study(name: str = "a", design: str = TRIAL, **more: Any) -> Study:
    for key in ("substances", "populations", "models", "pools", "same_trial"):
        more[key] = frozenset(more.get(key, ()))
    is_pooled = design.startswith("meta-analysis")
    return Study(name, name, design, STRANDS.get(design, "humanStrand"), is_pooled, **more)


def result(
    finding: Finding | None = Finding.LESS, outcomes: Iterable[str] = ("fracture",), name: str = "", **more: Any
) -> Result:
    more["exposures"] = frozenset(more.get("exposures", ("k2",)))
    for key in ("together", "models"):
        more[key] = frozenset(more.get(key, ()))
    return Result(name or "result", finding, frozenset(outcomes), **more)


def line(
    about: Proposition,
    finding: Finding | None = Finding.LESS,
    by: Study | None = None,
    judged: Direction | None = None,
    **more: Any,
) -> Line:
    """A line of a study with 1,000 people and an interval, if nothing else is said."""
    by = by or study(participants=1000)
    more.setdefault("outcomes", (about.object,))
    more.setdefault("has_interval", True)
    found = result(finding, name=more.pop("result", f"result-{by.name}"), **more)
    return Line(f"line-{about.name.removeprefix('proposition-')}--{found.name}", about.name, by, found, judged)


def claim(about: Proposition, polarity: str = "affirms", hedge: str = "states", **more: Any) -> Claim:
    return Claim(
        more.pop("name", "claim-1"), about.name, polarity, hedge, more.pop("is_causal", True),
        more.pop("is_emphatic", False), frozenset(more.pop("presupposes", ())),
    )  # fmt: skip


def facts(*propositions: Proposition, lines: Sequence[Line] = (), claims: Sequence[Claim] = (), **more: Any) -> Facts:
    return Facts(
        propositions={one.name: one for one in propositions},
        lines=list(lines),
        claims=list(claims),
        ladder=ladder(),
        searched=set(more.pop("searched", ())),
        levels=LEVELS,
        hierarchy=hierarchy(),
    )


def assessed(about: Proposition, *lines: Line, contents: Iterable[Content] = (), **more: Any) -> Assessment:
    """The assessment of one proposition by some lines and rows."""
    return all_assessed(about, *more.pop("others", ()), lines=lines, contents=contents, **more).by_proposition[
        about.name
    ]


def all_assessed(*propositions: Proposition, contents: Iterable[Content] = (), **more: Any) -> Assessments:
    return assess(facts(*propositions, **more), contents)


def reasons(assessment: Assessment) -> dict[str, set[str]]:
    """For each result, why it is set aside; empty if it decides."""
    return {one.application.line.result.name: {str(why) for why in one.reasons} for one in assessment.weighed}


def dose(low: float | None, high: float | None = None) -> DoseRange:
    return low, high


def micrograms(low: float | None, high: float | None, reference: float | None = 100.0, unit: str = "MicroGM") -> Amount:
    return Amount(low, high, unit, reference, "GM" if reference else "")


def level(
    name: str, food: str = "cheese", of: str = "k2", extent: str = "", portion: float | None = None
) -> Proposition:
    return proposition(food, "contains", of, COMPOSITION, level=name, extent=extent, portion=portion)


def row(
    low: float | None,
    high: float | None = None,
    name: str = "r",
    food: str = "cheese",
    of: str = "k2",
    near: bool = False,
) -> Content:
    """A row with a single value, if no other end is given."""
    return Content(food, name, of, low, low if high is None else high, near)


def below(limit: float, name: str = "r", food: str = "cheese") -> Content:
    return Content(food, name, "k2", None, limit)


def decided(about: Proposition, *contents: Content) -> tuple[Assessed, Certainty | None]:
    found = assessed(about, contents=contents)
    return found.known.direction, found.known.certainty
