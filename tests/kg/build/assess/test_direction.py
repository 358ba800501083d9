"""Which way a line points."""

from __future__ import annotations

from typing import Any

import pytest

from kg.build.assess.direction import direction
from kg.build.assess.directness import outcome_relation
from kg.build.assess.reading.facts import Proposition
from kg.build.assess.reading.terms import Direction, Finding
from tests.kg.build.assess.small_facts import COMPOSITION, KINETICS, MECHANISM, SAFETY, facts, line, proposition

MORE, LESS, NULL = Finding.MORE, Finding.LESS, Finding.NO_DIFFERENCE
FOR, AGAINST, NEITHER, OPEN = Direction.SUPPORTING, Direction.DISPUTING, Direction.NO_DIFFERENCE, Direction.INCONCLUSIVE
LOWERS, RAISES = proposition(), proposition(predicate="raises", target="bmd")
BETTER = proposition(predicate="improves", target="bone-health")
WORSE = proposition(predicate="harms", target="bone-health", kind=SAFETY)
LACK_RAISES = proposition("k2", "raises", "fracture", aspects={"deficientIntake"})
DEFICIENCY_RAISES = proposition("k-deficiency", "raises", "fracture")
ACTIVATES = proposition(predicate="activates", target="osteocalcin", kind=MECHANISM)
REGULATES = proposition(predicate="regulates", target="bone-health")
UNCHANGED = proposition(predicate="doesNotChange", target="bmd")
NEEDS = proposition("osteocalcin", "dependsOn", "k2", MECHANISM)
SLOWER = proposition("mk7", "absorbedMoreSlowlyThan", "k1", KINETICS, qualifiers={("outcome", "absorption")})
CONTAINS = proposition("natto", "contains", "k2", COMPOSITION, level="anyLevel")

Case = tuple[str, Proposition, Finding | None, dict[str, Any], Direction]
CASES: list[Case] = [
    ("less of what is lowered", LOWERS, LESS, {}, FOR),
    ("more of what is lowered", LOWERS, MORE, {}, AGAINST),
    ("more of what is raised", RAISES, MORE, {}, FOR),
    ("less of what is raised", RAISES, LESS, {}, AGAINST),
    ("a null result points neither way", LOWERS, NULL, {}, NEITHER),
    ("as much of both was shown", LOWERS, Finding.EQUIVALENT, {}, AGAINST),
    ("it happened", LOWERS, Finding.PRESENT, {}, FOR),
    ("it did not happen", LOWERS, Finding.ABSENT, {}, AGAINST),
    ("the source leaves it open", LOWERS, Finding.UNSETTLED, {}, OPEN),
    ("no finding is typed", LOWERS, None, {}, OPEN),
    ("more of a marker that is good, for less harm", LOWERS, MORE, {"outcomes": ["bmd"]}, FOR),
    ("less of a marker that is good", LOWERS, LESS, {"outcomes": ["bmd"]}, AGAINST),
    ("less of a type of the outcome", LOWERS, LESS, {"outcomes": ["hip-fracture"]}, FOR),
    ("less of an inverse marker", ACTIVATES, LESS, {"outcomes": ["ucoc"]}, FOR),
    ("more of an inverse marker", ACTIVATES, MORE, {"outcomes": ["ucoc"]}, AGAINST),
    ("more of the active state", ACTIVATES, MORE, {"outcomes": ["active-osteocalcin"]}, FOR),
    ("better: more of a good", BETTER, MORE, {"outcomes": ["bmd"]}, FOR),
    ("better: less of a harm", BETTER, LESS, {"outcomes": ["fracture"]}, FOR),
    ("better: more of a harm", BETTER, MORE, {"outcomes": ["fracture"]}, AGAINST),
    ("better: a condition that impairs it", BETTER, LESS, {"outcomes": ["osteoporosis"]}, FOR),
    ("better: of a good and a harm, the related one counts", BETTER, MORE, {"outcomes": ["bmd", "side-effect"]}, FOR),
    ("better: what is neither good nor related", BETTER, MORE, {"outcomes": ["weight"]}, OPEN),
    ("worse: less of a good", WORSE, LESS, {"outcomes": ["bmd"]}, FOR),
    ("worse: more of a good", WORSE, MORE, {"outcomes": ["bmd"]}, AGAINST),
    ("any change shows that it regulates", REGULATES, LESS, {}, FOR),
    ("a change shows that it is not unchanged", UNCHANGED, MORE, {}, AGAINST),
    ("a null result does not show that nothing changes", UNCHANGED, NULL, {}, OPEN),
    ("as much shows that nothing changes", UNCHANGED, Finding.EQUIVALENT, {}, FOR),
    ("more of it lowers what its lack raises", LACK_RAISES, LESS, {}, FOR),
    ("more of it raises what its lack raises", LACK_RAISES, MORE, {}, AGAINST),
    ("a lack raises what its lack raises", LACK_RAISES, MORE, {"exposures": ["k-deficiency"]}, FOR),
    ("a lack raises what it lowers", LOWERS, MORE, {"exposures": ["k-deficiency"]}, FOR),
    ("a lack lowers what it lowers", LOWERS, LESS, {"exposures": ["k-deficiency"]}, AGAINST),
    ("a deficiency raises what it raises", DEFICIENCY_RAISES, MORE, {"exposures": ["k-deficiency"]}, FOR),
    ("giving it lowers what its deficiency raises", DEFICIENCY_RAISES, LESS, {"exposures": ["k"]}, FOR),
    ("more does not show that it is needed", NEEDS, MORE, {"outcomes": ["active-osteocalcin"]}, OPEN),
    ("a lack shows that it is needed", NEEDS, LESS, {"outcomes": ["osteocalcin"], "exposures": ["k-deficiency"]}, FOR),
    ("a change does not compare two", SLOWER, LESS, {"outcomes": ["absorption"]}, OPEN),
    ("two were compared and described", SLOWER, Finding.PRESENT, {"outcomes": ["absorption"]}, FOR),
    ("food: it is there", CONTAINS, Finding.PRESENT, {"outcomes": ["k2"]}, FOR),
    ("food: it is not there", CONTAINS, Finding.ABSENT, {"outcomes": ["k2"]}, AGAINST),
]  # fmt: skip


@pytest.mark.parametrize(("case", "about", "finding", "more", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_line_points(
    case: str, about: Proposition, finding: Finding | None, more: dict[str, Any], expected: Direction
) -> None:
    known, one = facts(about), line(about, finding, **more)
    assert direction(known, about, one, outcome_relation(known, about, one)) is expected, case


def test_a_judged_direction_comes_before_the_finding() -> None:
    one = line(LOWERS, Finding.LESS, judged=Direction.INCONCLUSIVE)
    assert direction(facts(LOWERS), LOWERS, one, None) is Direction.INCONCLUSIVE


def test_a_good_and_a_harm_of_no_known_relation_leave_it_open() -> None:
    for outcomes in (["stiffness", "bmd"], ["stiffness", "weight"], ["bmd", "weight"]):
        both = line(BETTER, Finding.MORE, outcomes=outcomes)
        assert direction(facts(BETTER), BETTER, both, None) is Direction.INCONCLUSIVE
